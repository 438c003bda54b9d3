import type { ArgsIn, Method, ResultOf } from './contract.ts'
import type { CallResult } from './error-codes.ts'
import type { NodeEvent } from './events.ts'

/** What the preload script puts on `window.spacepanda`: named functions, nothing of Electron. */
export interface Bridge {
  call<M extends Method>(method: M, args: ArgsIn<M>): Promise<CallResult<ResultOf<M>>>
  /** Calls `listener` for every event until the returned function is called. */
  onEvent(listener: (event: NodeEvent) => void): () => void
  copyText(text: string): Promise<void>
  platform: 'linux' | 'darwin' | 'win32'
  versions: { app: string; electron: string }
}

/** Channel names used between preload and main. Nothing else listens. */
export const ipcChannels = { call: 'spacepanda:call', event: 'spacepanda:event', copyText: 'spacepanda:copy-text' } as const
