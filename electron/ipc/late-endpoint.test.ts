import { expect, it } from 'vitest'
import { ipcChannels } from '../../shared/ipc/bridge.ts'
import { bindIpc } from './bind.ts'
import type { IpcEndpoint } from './bind.ts'
import { answerLate } from './late-endpoint.ts'
import type { SenderEvent } from './sender.ts'

type Listener = Parameters<IpcEndpoint['handle']>[1]
const event: SenderEvent = { sender: { id: 1 }, senderFrame: null }

function electron() {
  const channels = new Map<string, Listener>()
  const ipc: IpcEndpoint = {
    handle: (channel, listener) => {
      if (channels.has(channel)) throw new Error('Electron takes one handler for a channel')
      channels.set(channel, listener)
    },
    removeHandler: (channel) => void channels.delete(channel),
  }
  return { channels, ipc, ask: (channel: string, ...args: unknown[]) => channels.get(channel)?.(event, ...args) }
}

it('takes calls on all channels that are answered later, and on no other', () => {
  const { channels, ipc } = electron()
  const late = answerLate(ipc)
  const bound: string[] = []
  bindIpc({ ...late, handle: (channel) => void bound.push(channel) }, { isTrusted: () => true } as unknown as Parameters<typeof bindIpc>[1])
  expect([...channels.keys()].sort()).toEqual(bound.sort())
})

it('lets a call wait until there is what answers it, and hands on who asks', async () => {
  const { ipc, ask, channels } = electron()
  const late = answerLate(ipc)
  const early = ask(ipcChannels.call, 'spaces.list', {})
  late.handle(ipcChannels.call, async (...said) => said)
  expect(await early).toEqual([event, 'spaces.list', {}])
  expect(await ask(ipcChannels.call, 'x', 1)).toEqual([event, 'x', 1])
  late.removeHandler(ipcChannels.call)
  expect(channels.has(ipcChannels.call)).toBe(false)
})
