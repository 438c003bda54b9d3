import { ipcChannels } from '../../shared/ipc/bridge.ts'
import type { About, Bridge } from '../../shared/ipc/bridge.ts'
import type { CallResult, CodedError } from '../../shared/ipc/error-codes.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import type { LoginItemState } from '../../shared/ipc/login-item.ts'
import type { UpdateView } from '../../shared/ipc/updates.ts'

/** What of Electron's `ipcRenderer` is used; it never leaves this file. */
export interface PreloadIpc {
  invoke(channel: string, ...args: unknown[]): Promise<unknown>
  on(channel: string, listener: (event: unknown, ...args: unknown[]) => void): unknown
}

/** Events that come before the page has its first listener are kept for it, up to this many. */
const MAX_EARLY_EVENTS = 2_000

const unanswered: CodedError = { code: 'internal', message: 'SpacePanda did not answer. Close it and start it again.' }

/** `window.spacepanda`: named functions over fixed channels. */
export function createBridge(ipc: PreloadIpc, platform: string): Bridge {
  const listeners = new Set<(event: NodeEvent) => void>()
  let early: NodeEvent[] = []
  ipc.on(ipcChannels.events, (_event, data) => {
    const events = data as readonly NodeEvent[]
    if (listeners.size === 0) early = [...early, ...events].slice(-MAX_EARLY_EVENTS)
    handOn(events, listeners)
  })

  // Every view holds everything, so that none has to be kept for later.
  const watchers = new Set<(view: UpdateView) => void>()
  ipc.on(ipcChannels.updated, (_event, view) => {
    for (const watcher of [...watchers]) watcher(view as UpdateView)
  })

  return {
    call: async (method, args) => {
      try {
        return (await ipc.invoke(ipcChannels.call, method, args)) as CallResult<never>
      } catch {
        return { ok: false, error: unanswered }
      }
    },
    onEvent: (listener) => {
      // A function of our own, so that the same listener given twice is two subscriptions.
      const own = (event: NodeEvent): void => listener(event)
      listeners.add(own)
      const missed = early
      early = []
      missed.forEach(own)
      return () => {
        listeners.delete(own)
      }
    },
    copyText: async (text) => {
      const result = (await ipc.invoke(ipcChannels.copyText, text)) as CallResult<null>
      if (!result.ok) throw new Error(result.error.message)
    },
    chooseFile: async (wish) => {
      const result = (await ipc.invoke(ipcChannels.chooseFile, wish)) as CallResult<string | null>
      if (!result.ok) throw new Error(result.error.message)
      return result.value
    },
    about: async () => {
      const result = (await ipc.invoke(ipcChannels.about)) as CallResult<About>
      if (!result.ok) throw new Error(result.error.message)
      return result.value
    },
    updates: async (wish) => {
      const result = (await ipc.invoke(ipcChannels.updates, wish)) as CallResult<UpdateView>
      if (!result.ok) throw new Error(result.error.message)
      return result.value
    },
    onUpdates: (listener) => {
      const own = (view: UpdateView): void => listener(view)
      watchers.add(own)
      return () => {
        watchers.delete(own)
      }
    },
    looksAt: async (channelId) => {
      const result = (await ipc.invoke(ipcChannels.looksAt, channelId)) as CallResult<null>
      if (!result.ok) throw new Error(result.error.message)
    },
    loginItem: async (wish) => {
      try {
        return (await ipc.invoke(ipcChannels.loginItem, wish)) as CallResult<LoginItemState>
      } catch {
        return { ok: false, error: unanswered }
      }
    },
    platform: platform === 'darwin' || platform === 'win32' ? platform : 'linux',
  }
}

/** One after another in the same task: the page draws once for all of them. What one listener fails at takes nothing from the rest. */
function handOn(events: readonly NodeEvent[], listeners: ReadonlySet<(event: NodeEvent) => void>): void {
  const failures: unknown[] = []
  for (const event of events)
    for (const listener of [...listeners])
      try {
        listener(event)
      } catch (thrown) {
        failures.push(thrown)
      }
  if (failures.length > 0) throw new AggregateError(failures, 'a listener failed')
}
