import { constants } from 'node:fs'
import { access, link, lstat, open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { AppError } from '../../kernel/errors.ts'
import { systemRandom } from '../../kernel/random.ts'
import { codeOf, FULL_CODES } from '../key-file/disk-fault.ts'
import { syncFolder } from '../key-file/durable-file.ts'

const FORBIDDEN = new Set<unknown>(['EACCES', 'EPERM', 'EROFS', 'EISDIR'])
const GONE = new Set<unknown>(['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO'])
/** Filesystems without hard links answer one of these. */
const NO_LINKS = new Set<unknown>(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

const taken = (): AppError => new AppError('conflict', 'There is a file of that name already. Choose another name; it was left as it is.')

/** A failure of the file system where somebody chose to write, in words that name no path. */
export function targetFault(thrown: unknown): unknown {
  const code = codeOf(thrown)
  if (thrown instanceof AppError || typeof code !== 'string') return thrown
  const options = { cause: thrown }
  if (FULL_CODES.has(code)) return new AppError('disk', 'There is not enough room on that disk. Nothing was left there.', options)
  if (FORBIDDEN.has(code)) return new AppError('disk', 'SpacePanda may not write there. Choose another folder.', options)
  if (GONE.has(code)) return new AppError('not-found', 'That folder is not there. If it is on another disk, connect it.', options)
  if (code === 'ENAMETOOLONG') return new AppError('invalid', 'That name is too long.', options)
  return new AppError('disk', 'That disk cannot be written. Nothing was left there.', options)
}

async function faultless<T>(use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } catch (thrown) {
    throw targetFault(thrown)
  }
}

const isTaken = async (file: string): Promise<boolean> => {
  try {
    await lstat(file)
    return true
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return false
    throw thrown
  }
}

/** Names of temporaries beside `target`'s name, so that those a crash left can be told from anything else. */
export const isTemporaryOf = (name: string, targets: RegExp): boolean => {
  const found = /^(.+)\.[0-9a-f]{32}\.tmp$/.exec(name)
  return found?.[1] !== undefined && targets.test(found[1])
}

/**
 * A file (mode 0600) that gets its name when it is whole and durable, and never before. All methods throw `AppError`:
 * 'conflict' (the name is taken), 'disk' (full, or not to be written), 'not-found' (the folder is gone), 'invalid' (the name).
 */
export class NewFile {
  readonly target: string
  /** Where it is meanwhile, beside its target, so that the name can be given in one step. */
  readonly temporary: string
  readonly #handle: FileHandle
  #open = true

  private constructor(target: string, temporary: string, handle: FileHandle) {
    this.target = target
    this.temporary = temporary
    this.#handle = handle
  }

  /** With `replace`, a file of that name stays there until this one takes its place. */
  static create(target: string, { replace }: { replace: boolean }): Promise<NewFile> {
    return faultless(async () => {
      if (!replace && (await isTaken(target))) throw taken()
      if (basename(target) === '') throw new AppError('invalid', 'That is not the name of a file.')
      await access(dirname(target), constants.F_OK)
      const temporary = `${target}.${systemRandom.id()}.tmp`
      return new NewFile(target, temporary, await open(temporary, 'wx', 0o600))
    })
  }

  async write(bytes: Uint8Array): Promise<void> {
    await faultless(async () => {
      for (let at = 0; at < bytes.length;) at += (await this.#handle.write(bytes, at)).bytesWritten
    })
  }

  /** Durable under its temporary name; nothing can be written after. */
  async finish(): Promise<void> {
    await faultless(async () => {
      await this.#handle.sync()
      await this.#close()
    })
  }

  /** Gives it its name. To be called after `finish`. */
  async place({ replace }: { replace: boolean }): Promise<void> {
    await faultless(async () => {
      if (replace) await rename(this.temporary, this.target)
      else await this.#placeNew()
      syncFolder(dirname(this.target))
    })
  }

  /** Leaves nothing behind, unless it was placed. Safe to call at any time, and twice; throws nothing. */
  async discard(): Promise<void> {
    await Promise.allSettled([this.#close()])
    await Promise.allSettled([rm(this.temporary, { force: true })])
  }

  async #placeNew(): Promise<void> {
    try {
      await link(this.temporary, this.target)
    } catch (thrown) {
      if (codeOf(thrown) === 'EEXIST') throw taken()
      if (!NO_LINKS.has(codeOf(thrown))) throw thrown
      // Such filesystems know no way to do both at once.
      if (await isTaken(this.target)) throw taken()
      await rename(this.temporary, this.target)
      return
    }
    await rm(this.temporary, { force: true })
  }

  async #close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    await this.#handle.close()
  }
}

/** Writes a file whole or not at all; `write` is given what to write with. Answers what `fill` answers. Throws as `NewFile` and `fill` do. */
export async function writeNewFile<T>(target: string, fill: (write: (bytes: Uint8Array) => Promise<void>) => Promise<T>): Promise<T> {
  const file = await NewFile.create(target, { replace: false })
  try {
    const result = await fill((bytes) => file.write(bytes))
    await file.finish()
    await file.place({ replace: false })
    return result
  } finally {
    await file.discard()
  }
}
