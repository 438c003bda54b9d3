import type { Command } from 'commander'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import { AppError } from '../../kernel/errors.ts'
import type { CliContext } from '../context.ts'
import { missingWords } from '../connection-words.ts'
import { gapNews } from '../gap-lines.ts'
import type { Gap } from '../gap-lines.ts'
import { messageJson, messageWords } from '../message-json.ts'
import type { CliNode } from '../open-node.ts'
import { validated } from '../validated.ts'
import { addStatus } from './status-command.ts'

export function addNodeCommands(program: Command, context: CliContext): void {
  addServe(program, context)
  addListen(program, context)
  addStatus(program, context)
}

const until = (signal: AbortSignal, closed: Promise<void>): Promise<'interrupted' | 'closed'> =>
  new Promise((resolve) => {
    const onAbort = () => resolve('interrupted')
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    void closed.then(() => resolve('closed'))
  })

function addServe(program: Command, { output, withNode, interrupted }: CliContext): void {
  program
    .command('serve')
    .description('run the node until interrupted, so that others reach it and commands are quick')
    .action(() =>
      withNode(async (node) => {
        if (node.remote) throw new AppError('in-use', 'SpacePanda runs over this folder already.')
        const status = await node.api['profile.status']({})
        if (status.kind !== 'open') throw new AppError('locked', 'The profile is locked.')
        const { profileId, peerId, addresses } = status.profile
        output.result({ event: 'ready', profileId, peerId, addresses }, () => `Running. Reachable at:\n${addresses.join('\n')}`)
        await until(interrupted, node.closed)
      }),
    )
}

interface Line {
  json: object
  words: string
}

function lineOf(event: NodeEvent, channelId: string | undefined): Line | null {
  switch (event.event) {
    case 'message.added':
    case 'message.changed': {
      if (channelId !== undefined && event.data.channelId !== channelId) return null
      const message = messageJson(event.data)
      if (event.event === 'message.added') return { json: { event: 'message', message }, words: messageWords(event.data) }
      const { messageId, state } = message
      return { json: { event: 'receipt', messageId, channelId: message.channelId, state }, words: `${messageId}  ${state}` }
    }
    case 'members.changed': {
      if (channelId !== undefined) return null
      const members = event.data.members.map(({ memberId, name, role, online }) => ({ memberId, name, role, online }))
      const words = members.map((m) => `${m.name} (${m.online ? 'online' : 'offline'})`).join(', ')
      return { json: { event: 'membership', spaceId: event.data.spaceId, members }, words: `Members: ${words}` }
    }
    case 'connection.changed': {
      if (channelId !== undefined) return null
      const ready = event.data.peers.filter((p) => p.state === 'ready').length
      const { peers, missing } = event.data
      return { json: { event: 'connection', peers, missing }, words: `Connected to ${ready} of ${peers.length}.` }
    }
    default:
      return null
  }
}

function addListen(program: Command, { output, withNode, interrupted }: CliContext): void {
  program
    .command('listen')
    .description('print what happens, one event a line, until interrupted')
    .option('--channel <ID>', 'messages of this channel only')
    .action(({ channel }: { channel?: string }) => {
      if (channel !== undefined) validated('messages.markRead', { channelId: channel, seq: 0 })
      return withNode(async (node: CliNode) => {
        if (channel !== undefined)
          await node.api['messages.page']({
            channelId: validated('messages.page', { channelId: channel }).channelId,
            limit: 1,
            before: null,
            after: null,
            around: null,
          })
        let missing: readonly Gap[] = []
        const print = (event: NodeEvent) => {
          const line = lineOf(event, channel)
          if (line !== null) output.result(line.json, () => line.words)
          if (event.event !== 'connection.changed' || channel !== undefined) return
          for (const gap of gapNews(missing, event.data.missing)) output.result({ event: 'gap', ...gap }, () => missingWords(gap))
          missing = event.data.missing
        }
        const unsubscribe = node.on(print)
        // Who listens from here on needs to know where things stand, and that nothing will be missed any more.
        print({ event: 'connection.changed', data: await node.api['connection.status']({}) })
        const why = await until(interrupted, node.closed)
        unsubscribe()
        if (why === 'closed') throw new AppError('stopping', 'SpacePanda was closed.')
      })
    })
}
