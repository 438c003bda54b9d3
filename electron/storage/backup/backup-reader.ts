import { createHmac, timingSafeEqual } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { AppError } from '../../kernel/errors.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { type Work, stopIfCancelled } from '../../kernel/work.ts'
import { damagedBackup, newerBackup, noSuchBackup, notABackup, truncatedBackup } from './backup-errors.ts'
import { type BackupHeader, type HeaderReading, decodeBackupHeader, readPrelude } from './header.ts'
import { DIGEST_BYTES, PRELUDE_BYTES, backupBytes, macKey } from './layout.ts'

const CHUNK_BYTES = 256 * 1024

type Refusal = Exclude<HeaderReading, { kind: 'header' }>

function refusal(reading: Refusal): AppError {
  switch (reading.kind) {
    case 'not-a-backup':
      return notABackup()
    case 'newer':
      return newerBackup()
    case 'truncated':
      return truncatedBackup()
    case 'damaged':
      return damagedBackup(reading.part)
  }
}

const codeOf = (thrown: unknown): unknown => (thrown instanceof Error && 'code' in thrown ? thrown.code : null)

function readFault(thrown: unknown): unknown {
  const code = codeOf(thrown)
  if (thrown instanceof AppError || typeof code !== 'string') return thrown
  if (code === 'ENOENT' || code === 'ENOTDIR') return noSuchBackup()
  return new AppError('disk', 'That file cannot be read.', { cause: thrown })
}

/** A backup whose header was read and fits the file's length. What the header says is not authentic before all of `database` was read. */
export class BackupReader {
  readonly header: BackupHeader
  /** Bytes of the whole file. */
  readonly size: number
  readonly #handle: FileHandle
  readonly #start: Uint8Array

  private constructor(handle: FileHandle, start: Uint8Array, size: number, header: BackupHeader) {
    this.#handle = handle
    this.#start = start
    this.size = size
    this.header = header
  }

  /** Throws `AppError`: 'not-found', 'unreadable' (no backup, a newer one, damaged or not whole), 'disk'. */
  static async open(file: string): Promise<BackupReader> {
    try {
      // Before it is opened: a pipe would keep us waiting for somebody to write.
      if (!(await stat(file)).isFile()) throw notABackup()
      const handle = await open(file, 'r')
      try {
        return await BackupReader.#read(handle)
      } catch (thrown) {
        await handle.close()
        throw thrown
      }
    } catch (thrown) {
      throw readFault(thrown)
    }
  }

  static async #read(handle: FileHandle): Promise<BackupReader> {
    const { size } = await handle.stat()
    const prelude = readPrelude(await readAt(handle, 0, PRELUDE_BYTES))
    if (prelude.kind !== 'prelude') throw refusal(prelude)
    const start = await readAt(handle, 0, prelude.length)
    const reading = decodeBackupHeader(start)
    if (reading.kind !== 'header') throw refusal(reading)
    const expected = backupBytes(prelude.length - PRELUDE_BYTES - DIGEST_BYTES, reading.header.database.bytes)
    if (size < expected) throw truncatedBackup()
    if (size > expected) throw damagedBackup('end')
    return new BackupReader(handle, start, size, reading.header)
  }

  /**
   * The encrypted database, a chunk at a time; progress is told in bytes of it. Nothing of it may be relied on before the end was
   * reached: only then it throws `AppError('unreadable')` if any byte of the file is not as it was written. Also 'cancelled', 'disk'.
   */
  async *database(key: Redacted<Uint8Array>, work: Work): AsyncGenerator<Uint8Array> {
    const mac = createHmac('sha256', macKey(key, this.header.salt)).update(this.#start)
    const { bytes } = this.header.database
    for (let at = 0; at < bytes;) {
      stopIfCancelled(work)
      const chunk = await this.#chunk(this.#start.length + at, Math.min(CHUNK_BYTES, bytes - at))
      mac.update(chunk)
      yield chunk
      at += chunk.length
      work.progress(at, bytes)
    }
    const end = await this.#chunk(this.#start.length + bytes, DIGEST_BYTES)
    if (!timingSafeEqual(mac.digest(), end)) throw damagedBackup('database')
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async #chunk(at: number, length: number): Promise<Uint8Array> {
    try {
      const chunk = await readAt(this.#handle, at, length)
      // It was long enough when it was opened.
      if (chunk.length < length) throw truncatedBackup()
      return chunk
    } catch (thrown) {
      throw readFault(thrown)
    }
  }
}

/** Fewer bytes at the end of the file. */
async function readAt(handle: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length)
  let got = 0
  while (got < length) {
    const { bytesRead } = await handle.read(buffer, got, length - got, at + got)
    if (bytesRead === 0) break
    got += bytesRead
  }
  return buffer.subarray(0, got)
}
