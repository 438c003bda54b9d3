import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { UpdateFailure } from '../../shared/ipc/updates.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import type { ReleaseFile } from './release/release.ts'
import type { UpdateServer } from './update-server.ts'

/** Names of our own: a server's names are never those of files here. */
const PART = 'package.part'
const endings = { deb: '.deb', AppImage: '.AppImage', nsis: '.exe' } as const

export interface Download {
  server: UpdateServer
  file: ReleaseFile
  signal: AbortSignal
  onProgress: (received: number) => void
}

/** A package on its way: in one folder of the application, which holds at most one. */
export class PackageStore {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  #place({ kind, sha512 }: ReleaseFile): string {
    return join(this.#folder, `${sha512.slice(0, 32)}${endings[kind]}`)
  }

  /** Where the package lies, if it lies there with the bytes that were signed. Read anew each time: files change. */
  async find(file: ReleaseFile): Promise<string | null> {
    const place = this.#place(file)
    try {
      return (await sha512Of(place)) === file.sha512 ? place : null
    } catch {
      return null // not there, or not to be read
    }
  }

  /** Everything but `kept` goes. */
  async clear(kept: ReleaseFile | null = null): Promise<void> {
    const name = kept === null ? null : this.#place(kept)
    for (const entry of await readdir(this.#folder).catch(() => [])) {
      if (join(this.#folder, entry) !== name) await rm(join(this.#folder, entry), { force: true, recursive: true })
    }
  }

  /**
   * Fetches a package into a file without a use, and gives that its name only when size and hash are what was signed: until
   * then nothing but the hash function has seen its bytes. What did not work out is removed.
   */
  async download({ server, file, signal, onProgress }: Download): Promise<Result<string, UpdateFailure | 'cancelled'>> {
    if ((await this.find(file)) !== null) return ok(this.#place(file))
    try {
      await this.clear()
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      const handle = await open(join(this.#folder, PART), 'wx', 0o600)
      try {
        const received = await receive(handle, { server, file, signal, onProgress })
        if (!received.ok) return received
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(join(this.#folder, PART), this.#place(file))
      return ok(this.#place(file))
    } catch {
      return err('disk')
    } finally {
      await rm(join(this.#folder, PART), { force: true }).catch(() => undefined)
    }
  }
}

/** Throws what the disk throws; what the network throws is an outcome. */
async function receive(
  handle: FileHandle,
  { server, file, signal, onProgress }: Download,
): Promise<Result<null, UpdateFailure | 'cancelled'>> {
  const hash = createHash('sha512')
  let received = 0
  const chunks = server.packageBytes(file.name, signal)[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await chunks.next().catch(() => null)
      if (signal.aborted) return err('cancelled')
      if (next === null) return err(received === 0 ? 'unreachable' : 'cut-off')
      if (next.done === true) break
      received += next.value.length
      // Whatever more it sends, it is not what was signed.
      if (received > file.size) return err('wrong-package')
      hash.update(next.value)
      await handle.writeFile(next.value)
      onProgress(received)
    }
  } finally {
    await chunks.return?.(undefined)
  }
  if (received < file.size) return err('cut-off')
  return hash.digest('hex') === file.sha512 ? ok(null) : err('wrong-package')
}

export async function sha512Of(file: string): Promise<string> {
  const hash = createHash('sha512')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
