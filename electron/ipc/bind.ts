import type { ChannelId } from '../../shared/domain/ids.ts'
import { isHexId } from '../../shared/domain/ids.ts'
import { type About, callChannels, ipcChannels } from '../../shared/ipc/bridge.ts'
import type { ResultOf } from '../../shared/ipc/contract.ts'
import type { CallResult, CodedError } from '../../shared/ipc/error-codes.ts'
import { type LoginItemState, type LoginItemWish, loginItemWishes } from '../../shared/ipc/login-item.ts'
import { limits } from '../../shared/ipc/limits.ts'
import { type UpdateView, type UpdateWish, updateWishes } from '../../shared/ipc/updates.ts'
import { toCodedError } from '../kernel/errors.ts'
import type { Dispatch } from '../node/api/dispatch.ts'
import { type FileDialogs, createFileChooser } from './choose-file.ts'
import { type FilePurpose, PathWall } from './path-wall.ts'
import type { SenderCheck, SenderEvent } from './sender.ts'
import { isSmallPlainData } from './size.ts'

/** Four times what the longest call of the contract (a message) needs. */
export const MAX_CALL_UNITS = 64 * 1024
/** What of Electron's `ipcMain` is used. */
export interface IpcEndpoint {
  handle(channel: string, listener: (event: SenderEvent, ...args: unknown[]) => Promise<unknown>): void
  removeHandler(channel: string): void
}

export interface IpcDeps {
  isTrusted: SenderCheck
  /** The dispatcher over the node. */
  dispatch: Dispatch
  writeClipboard: (text: string) => Promise<void>
  /** Asks the person for a file or a folder. */
  askForFile: FileDialogs
  /** What this program is. */
  about: () => Promise<About>
  /** Asks something of the updater. */
  updates: (wish: UpdateWish) => Promise<UpdateView>
  /** Which channel is open in the window. */
  looksAt: (channelId: ChannelId | null) => void
  /** Whether it starts when its person logs in. */
  loginItem: (wish: LoginItemWish) => Promise<LoginItemState>
  /** A page of ours made its first call, so its listeners are in place. */
  onListening: () => void
}

const notPermitted: CodedError = { code: 'not-permitted', message: 'This is not open to the page that asked.' }
const tooLarge: CodedError = { code: 'too-large', message: 'That is more than one call may carry.' }
const usage: CodedError = { code: 'usage', message: 'The call was not understood.' }

const refused = (error: CodedError): CallResult<never> => ({ ok: false, error })

/** Listens on the window's seven channels, and on no other, until the returned function is called. */
export function bindIpc(ipc: IpcEndpoint, deps: IpcDeps): () => void {
  const wall = new PathWall()
  const chooseFile = createFileChooser(deps.askForFile, wall)
  const checked =
    (argCount: number, handle: (args: unknown[]) => Promise<CallResult<unknown>>) =>
    async (event: SenderEvent, ...args: unknown[]): Promise<CallResult<unknown>> => {
      if (!deps.isTrusted(event)) return refused(notPermitted)
      if (args.length !== argCount) return refused(usage)
      if (!args.every((arg) => isSmallPlainData(arg, MAX_CALL_UNITS))) return refused(tooLarge)
      try {
        return await handle(args)
      } catch (thrown) {
        return refused(toCodedError(thrown))
      }
    }

  ipc.handle(
    ipcChannels.call,
    checked(2, async ([method, args]) => {
      deps.onListening()
      await wall.check(method, args, (purpose) => knownPath(deps.dispatch, purpose))
      return deps.dispatch(method, args)
    }),
  )
  ipc.handle(
    ipcChannels.copyText,
    checked(1, async ([text]) => {
      if (typeof text !== 'string') return refused(usage)
      if (text.length > limits.text) return refused(tooLarge)
      await deps.writeClipboard(text)
      return { ok: true, value: null }
    }),
  )
  ipc.handle(
    ipcChannels.chooseFile,
    checked(1, async ([wish]) => ({ ok: true, value: await chooseFile(wish) })),
  )
  ipc.handle(
    ipcChannels.about,
    checked(0, async () => ({ ok: true, value: await deps.about() })),
  )
  ipc.handle(
    ipcChannels.updates,
    checked(1, async ([wished]) => {
      const wish = updateWishes.find((known) => known === wished)
      return wish === undefined ? refused(usage) : { ok: true, value: await deps.updates(wish) }
    }),
  )
  ipc.handle(
    ipcChannels.looksAt,
    checked(1, async ([channelId]) => {
      if (channelId !== null && !isChannelId(channelId)) return refused(usage)
      deps.looksAt(channelId)
      return { ok: true, value: null }
    }),
  )
  ipc.handle(
    ipcChannels.loginItem,
    checked(1, async ([name]) => {
      const wish = loginItemWishes.find((known) => known === name)
      return wish === undefined ? refused(usage) : { ok: true, value: await deps.loginItem(wish) }
    }),
  )
  return () => {
    for (const channel of callChannels) ipc.removeHandler(channel)
  }
}

const isChannelId = (value: unknown): value is ChannelId => typeof value === 'string' && isHexId(value)

/** How often and how many is changed without choosing the same folder again. */
async function knownPath(dispatch: Dispatch, purpose: FilePurpose): Promise<string | null> {
  if (purpose !== 'backup-folder') return null
  const status = await dispatch('backup.status', {})
  return status.ok ? ((status.value as ResultOf<'backup.status'>).schedule?.folder ?? null) : null
}
