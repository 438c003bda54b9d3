import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { AppError } from '../../kernel/errors.ts'
import { diskFault } from '../key-file/disk-fault.ts'
import { PAGE_BYTES } from './page-format.ts'

/** SQLite locks bytes of the page at 1 GiB and never stores anything there; where locks are mandatory they cannot even be read. */
export const LOCK_BYTE = 0x40000000

interface Shared {
  fd: number
  holders: number
}

/**
 * Per process, as the locks are: closing any descriptor of a file gives up every lock the process has on it
 * (https://www.sqlite.org/howtocorrupt.html §2.2), so all who look at one file share one descriptor, closed by the last of them.
 */
const shared = new Map<string, Shared>()

/** A descriptor for reading a database file, to be opened before SQLite opens it and closed after SQLite closed it. */
export class Descriptor {
  readonly #name: string
  #open: Shared | null

  /** Throws `AppError('disk')`. */
  constructor(file: string) {
    try {
      const { dev, ino } = statSync(file, { bigint: true })
      this.#name = `${dev}:${ino}`
      const known = shared.get(this.#name)
      this.#open = known ?? { fd: openSync(file, 'r'), holders: 0 }
      this.#open.holders += 1
      shared.set(this.#name, this.#open)
    } catch (thrown) {
      throw diskFault(thrown)
    }
  }

  /** Whether the file of that name is the one that was opened. */
  isStill(file: string): boolean {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false })
    return found !== undefined && `${found.dev}:${found.ino}` === this.#name
  }

  size(): number {
    return this.#use((fd) => fstatSync(fd).size)
  }

  /**
   * The bytes from `at` on; fewer at the end of the file. At once and not in the background: a read that ends after the descriptor
   * was closed could read another file, and nothing can write the database while it is read.
   */
  read(at: number, length: number): Uint8Array {
    const buffer = new Uint8Array(length)
    let got = 0
    while (got < length) {
      const count = this.#use((fd) => readSync(fd, buffer, got, length - got, at + got))
      if (count === 0) break
      got += count
    }
    return buffer.subarray(0, got)
  }

  /** The same, with zeros for the page that only locks use. For reads that begin at multiples of their length, a power of two. */
  readSkippingLocks(at: number, length: number): Uint8Array {
    if (at !== LOCK_BYTE) return this.read(at, length)
    const chunk = new Uint8Array(length)
    if (length > PAGE_BYTES) chunk.set(this.read(at + PAGE_BYTES, length - PAGE_BYTES), PAGE_BYTES)
    return chunk
  }

  /** Safe to call twice. */
  close(): void {
    const open = this.#open
    if (open === null) return
    this.#open = null
    open.holders -= 1
    if (open.holders > 0) return
    shared.delete(this.#name)
    closeSync(open.fd)
  }

  #use<T>(call: (fd: number) => T): T {
    if (this.#open === null) throw new AppError('stopping', 'The profile is closed.')
    try {
      return call(this.#open.fd)
    } catch (thrown) {
      throw diskFault(thrown)
    }
  }
}
