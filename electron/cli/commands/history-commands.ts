import type { Command } from 'commander'
import type { Landing, SearchHit } from '../../../shared/domain/models.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import { AppError, invariant } from '../../kernel/errors.ts'
import type { CliContext } from '../context.ts'
import { messageJson, messageWords } from '../message-json.ts'
import { countUpTo } from '../numbers.ts'
import { parseKeepDays, parseLanding } from '../places.ts'
import { validated } from '../validated.ts'

interface HistoryOptions {
  channel: string
  limit: number
  before?: string
  after?: string
  around?: Landing
}

/** Reading, finding and deleting what was said. To be called after the commands of channels are there. */
export function addHistoryCommands(program: Command, context: CliContext): void {
  addHistory(program, context)
  addSearch(program, context)
  addDelete(program, context)
  addKeep(program, context)
}

function addHistory(program: Command, { output, withNode }: CliContext): void {
  program
    .command('history')
    .description('show messages, the oldest first')
    .requiredOption('--channel <ID>', 'the channel')
    .option('--limit <N>', `how many, at most ${limits.page}`, countUpTo(limits.page), 50)
    .option('--before <CURSOR>', 'older than the page whose nextCursor this is')
    .option('--after <CURSOR>', 'newer than the page whose previousCursor this is')
    .option('--around <PLACE>', 'around a message (its id), a date such as 2026-05-01, or the first "unread"', parseLanding)
    .action(({ channel, limit, before, after, around }: HistoryOptions) => {
      if ([before, after, around].filter((place) => place !== undefined).length > 1)
        throw new AppError('usage', 'Give one of --before, --after and --around.')
      const args = validated('messages.page', { channelId: channel, limit, before, after, around })
      return withNode(async ({ api }) => {
        const { messages, nextCursor, previousCursor } = await api['messages.page'](args)
        const oldestFirst = messages.toReversed()
        output.result(
          { messages: oldestFirst.map(messageJson), nextCursor, previousCursor },
          () => oldestFirst.map(messageWords).join('\n') || 'No messages on this computer.',
        )
      })
    })
}

function addSearch(program: Command, { output, withNode }: CliContext): void {
  program
    .command('search <QUERY>')
    .description('find messages by words, "phrases" and beginnings of words; the newest first')
    .option('--channel <ID>', 'in this channel only')
    .option('--limit <N>', `how many, at most ${limits.hits}`, countUpTo(limits.hits), 30)
    .option('--before <CURSOR>', 'older than the results whose nextCursor this is')
    .action((query: string, { channel, limit, before }: { channel?: string; limit: number; before?: string }) => {
      const args = validated('messages.search', { text: query, channelId: channel, limit, before })
      return withNode(async ({ api }) => {
        const { hits, nextCursor } = await api['messages.search'](args)
        output.result({ results: hits.map(hitJson), nextCursor }, () => hits.map(hitWords).join('\n') || 'Nothing was found.')
      })
    })
}

const hitJson = ({ message, spaceId, excerpt }: SearchHit) => ({ ...messageJson(message), spaceId, excerpt })

const hitWords = ({ message, excerpt }: SearchHit): string => `${messageWords({ ...message, text: excerpt })}  ${message.messageId}`

function addDelete(program: Command, { output, withNode }: CliContext): void {
  program
    .command('delete')
    .description('delete a message from this computer')
    .requiredOption('--for-me', 'from this computer alone; for everyone is not available yet')
    .requiredOption('--channel <ID>', 'the channel')
    .requiredOption('--message <ID>', 'the message')
    .action(({ channel, message }: { channel: string; message: string }) => {
      const { messageId } = validated('messages.deleteForMe', { messageId: message })
      const { channelId } = validated('messages.markRead', { channelId: channel, seq: 0 })
      return withNode(async ({ api }) => {
        // Fails if the message is not in this channel.
        await api['messages.page']({ channelId, limit: 1, before: null, after: null, around: { kind: 'message', messageId } })
        await api['messages.deleteForMe']({ messageId })
        output.result({ messageId }, () => 'Deleted from this computer.')
      })
    })
}

function addKeep(program: Command, { output, withNode }: CliContext): void {
  const channels = program.commands.find((command) => command.name() === 'channel')
  invariant(channels !== undefined, 'the commands of channels are there')
  channels
    .command('keep')
    .description('delete messages from this computer once they are so many days old')
    .argument('<DAYS>', 'a number, or "forever"', parseKeepDays)
    .requiredOption('--channel <ID>', 'the channel')
    .action((keepDays: number | null, { channel }: { channel: string }) => {
      const args = validated('channels.setKeepDays', { channelId: channel, keepDays })
      return withNode(async ({ api }) => {
        const set = await api['channels.setKeepDays'](args)
        const words = set.keepDays === null ? 'Messages are kept.' : `Messages are deleted from this computer after ${set.keepDays} days.`
        output.result({ channelId: set.channelId, keepDays: set.keepDays }, () => words)
      })
    })
}
