import type { ArgsIn, Method, ResultOf } from './contract.ts'
import type { CallResult } from './error-codes.ts'
import type { NodeEvent } from './events.ts'

/** What the preload script puts on `window.spacepanda`: named functions, nothing of Electron. */
export interface Bridge {
  call<M extends Method>(method: M, args: ArgsIn<M>): Promise<CallResult<ResultOf<M>>>
  /** Calls `listener` for every event until the returned function is called. */
  onEvent(listener: (event: NodeEvent) => void): () => void
  copyText(text: string): Promise<void>
  /** Asks the person for a file or folder in the system's own dialog; null when they think better of it. Only what was chosen so may be named in a call. */
  chooseFile(wish: FileWish): Promise<string | null>
  platform: 'linux' | 'darwin' | 'win32'
  versions: { app: string; electron: string }
}

/** `name` is a suggestion for a new file, without a folder. */
export interface FileWish {
  purpose: 'save-backup' | 'open-backup' | 'backup-folder' | 'save-json' | 'save-html'
  name: string
}

/** Channel names used between preload and main. Nothing else listens. */
export const ipcChannels = {
  call: 'spacepanda:call',
  event: 'spacepanda:event',
  copyText: 'spacepanda:copy-text',
  chooseFile: 'spacepanda:choose-file',
} as const
