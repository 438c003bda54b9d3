import type { About, Bridge, FileWish } from '../../shared/ipc/bridge.ts'
import type { ArgsIn, Method, ResultOf } from '../../shared/ipc/contract.ts'
import type { CallResult } from '../../shared/ipc/error-codes.ts'
import type { LoginItemState, LoginItemWish } from '../../shared/ipc/login-item.ts'
import type { UpdateView, UpdateWish } from '../../shared/ipc/updates.ts'
import type { NodeEventName, NodeEvents } from '../../shared/ipc/events.ts'
import type { ChannelId } from '../../shared/domain/ids.ts'
import { systemNow } from './clock.ts'

/** What features need from outside the window. */
export interface Client {
  /** Never rejects: whatever goes wrong on the way becomes a coded error. */
  call<M extends Method>(method: M, args: ArgsIn<M>): Promise<CallResult<ResultOf<M>>>
  /** Calls `listener` with each such event's value until the returned function is called. */
  on<N extends NodeEventName>(event: N, listener: (data: NodeEvents[N]) => void): () => void
  /** True once the text is on the clipboard. */
  copyText(text: string): Promise<boolean>
  /** What the person chose in the system's dialog; null when they thought better of it, or no dialog could be shown. */
  chooseFile(wish: FileWish): Promise<string | null>
  /** What this program is; null when it cannot be had. */
  about(): Promise<About | null>
  /** Asks something of the updater; how things stand then, or null when that cannot be had. */
  updates(wish: UpdateWish): Promise<UpdateView | null>
  /** Calls `listener` whenever that changes, until the returned function is called. */
  onUpdates(listener: (view: UpdateView) => void): () => void
  /** Says which channel is open; null for none. */
  looksAt(channelId: ChannelId | null): void
  /** Asks whether it starts when its person logs in, or changes that. */
  loginItem(wish: LoginItemWish): Promise<CallResult<LoginItemState>>
  /** Milliseconds since the Unix epoch. */
  now(): number
  platform: Bridge['platform']
}

export function createClient(bridge: Bridge, now: () => number = systemNow): Client {
  return {
    call: async (method, args) => {
      try {
        return await bridge.call(method, args)
      } catch {
        return { ok: false, error: { code: 'internal', message: 'The window could not reach its node. Start SpacePanda again.' } }
      }
    },
    on: (name, listener) =>
      bridge.onEvent((event) => {
        if (event.event === name) listener(event.data as NodeEvents[typeof name])
      }),
    copyText: async (text) => {
      try {
        await bridge.copyText(text)
        return true
      } catch {
        return false
      }
    },
    chooseFile: async (wish) => {
      try {
        return await bridge.chooseFile(wish)
      } catch {
        return null
      }
    },
    about: async () => {
      try {
        return await bridge.about()
      } catch {
        return null
      }
    },
    updates: async (wish) => {
      try {
        return await bridge.updates(wish)
      } catch {
        return null
      }
    },
    onUpdates: (listener) => bridge.onUpdates(listener),
    // Who is not told shows a notice too many: nothing that the person could do about.
    looksAt: (channelId) => void bridge.looksAt(channelId).catch(() => undefined),
    loginItem: (wish) => bridge.loginItem(wish),
    now,
    platform: bridge.platform,
  }
}
