import { callChannels } from '../../shared/ipc/bridge.ts'
import type { IpcEndpoint } from './bind.ts'

type Listener = Parameters<IpcEndpoint['handle']>[1]

/**
 * Takes the calls of a page from the beginning, and lets them wait for what answers them: that is loaded once the window is on the screen.
 * Whether a caller is to be trusted is found out by the listener, as ever.
 */
export function answerLate(ipc: IpcEndpoint): IpcEndpoint {
  const listeners = new Map(callChannels.map((channel) => [channel, Promise.withResolvers<Listener>()]))
  for (const [channel, { promise }] of listeners)
    ipc.handle(channel, async (event, ...args) => {
      const listener = await promise
      return listener(event, ...args)
    })
  return {
    handle: (channel, listener) => {
      const waiting = listeners.get(channel)
      if (waiting === undefined) ipc.handle(channel, listener)
      else waiting.resolve(listener)
    },
    removeHandler: (channel) => ipc.removeHandler(channel),
  }
}
