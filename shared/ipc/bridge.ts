import type { ChannelId } from '../domain/ids.ts'
import type { ArgsIn, Method, ResultOf } from './contract.ts'
import type { CallResult } from './error-codes.ts'
import type { NodeEvent } from './events.ts'
import type { LoginItemState, LoginItemWish } from './login-item.ts'
import type { UpdateView, UpdateWish } from './updates.ts'

/** What the preload script puts on `window.spacepanda`: named functions, nothing of Electron. */
export interface Bridge {
  call<M extends Method>(method: M, args: ArgsIn<M>): Promise<CallResult<ResultOf<M>>>
  /** Calls `listener` for every event until the returned function is called. */
  onEvent(listener: (event: NodeEvent) => void): () => void
  copyText(text: string): Promise<void>
  /** Asks the person for a file or folder in the system's own dialog; null when they think better of it. Only what was chosen so may be named in a call. */
  chooseFile(wish: FileWish): Promise<string | null>
  /** What this program is. */
  about(): Promise<About>
  /** Asks something of the updater; answered at once with how things stand. */
  updates(wish: UpdateWish): Promise<UpdateView>
  /** Calls `listener` whenever that changes, until the returned function is called. */
  onUpdates(listener: (view: UpdateView) => void): () => void
  /** Says which channel is open, null for none: what arrives there while the window is in front needs no notice. */
  looksAt(channelId: ChannelId | null): Promise<void>
  /** Asks whether it starts when its person logs in, or changes that. */
  loginItem(wish: LoginItemWish): Promise<CallResult<LoginItemState>>
  platform: 'linux' | 'darwin' | 'win32'
}

/** `name` is a suggestion for a new file, without a folder. */
export interface FileWish {
  purpose: 'save-backup' | 'open-backup' | 'backup-folder' | 'save-json' | 'save-html'
  name: string
}

/** What the About page shows. */
export interface About {
  version: string
  /** The commit it was built from; null while developing. */
  commit: string | null
  /** A `test` build may hold an outdated runtime: it says so, and is never published. */
  kind: 'development' | 'test' | 'release'
  runtime: { electron: string; chromium: string; node: string }
  /** The licences of what others made of it; null where it is not a package. */
  licences: string | null
}

/** Channel names used between preload and main. Nothing else listens. */
export const ipcChannels = {
  call: 'spacepanda:call',
  events: 'spacepanda:events',
  copyText: 'spacepanda:copy-text',
  chooseFile: 'spacepanda:choose-file',
  about: 'spacepanda:about',
  updates: 'spacepanda:updates',
  looksAt: 'spacepanda:looks-at',
  loginItem: 'spacepanda:login-item',
  updated: 'spacepanda:updated',
} as const

/** Those by which a page asks; the others carry news to it. */
export const callChannels: readonly string[] = [
  ...[ipcChannels.call, ipcChannels.copyText, ipcChannels.chooseFile],
  ...[ipcChannels.about, ipcChannels.updates, ipcChannels.looksAt, ipcChannels.loginItem],
]
