import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { toHex, utf8 } from '../../kernel/bytes.ts'
import type { Descriptor } from '../database-file/descriptor.ts'
import { PAGE_BYTES } from '../database-file/page-format.ts'
import { diskFault, replaceDurably } from '../key-file/durable-file.ts'
import { isLogWhole } from './log-header.ts'
import { sizeOf } from '../key-file/profile-folder.ts'

/**
 * SQLite takes a database without its log for whole, and a log that happens to lie beside a database for its own. So it is
 * noted beside the database whether it is in use, when there must be a log, or was closed, when there is none.
 */
export const statePath = (file: string): string => `${file}-state`

const OPEN = 'open\n'

/**
 * `lost`: what was not yet moved from the log into the database is gone. `torn`: the same, but what is left of the log lies there.
 * `foreign`: the log that lies here is of another moment.
 */
export type LogFinding = 'fine' | 'lost' | 'torn' | 'foreign'

/** Puts a log where nobody takes it for the database's. Throws `AppError('disk')`. */
export function setLogAside(file: string): void {
  const aside = (n: number): string => `${file}-wal.aside-${n}`
  let n = 1
  while (existsSync(aside(n))) n += 1
  try {
    renameSync(`${file}-wal`, aside(n))
  } catch (thrown) {
    throw diskFault(thrown)
  }
}

/** Before a database is opened in another way than as a store: from then on nothing is known of its log. */
export const forgetLogState = (file: string): void => rmSync(statePath(file), { force: true })

/** What is known of the log of one database. */
export class LogState {
  readonly #file: string
  readonly #wal: string
  readonly #descriptor: Descriptor

  constructor(file: string, descriptor: Descriptor) {
    this.#file = file
    this.#wal = `${file}-wal`
    this.#descriptor = descriptor
  }

  /**
   * Before SQLite opens the database. Changes nothing. The log is looked at before the note, because whoever has the database open
   * notes it after the log is there and takes the note back before it goes.
   */
  find(): LogFinding {
    const hasLog = existsSync(this.#wal)
    const logBytes = sizeOf(this.#wal)
    const state = readState(this.#file)
    if (logBytes > 0 && !isLogWhole(this.#wal)) return state === OPEN ? 'torn' : 'foreign'
    if (state === OPEN) return hasLog ? 'fine' : 'lost'
    return logBytes > 0 && state !== null && state === this.#closedState() ? 'foreign' : 'fine'
  }

  /** Once SQLite has its log. From now on a missing log is a loss. */
  noteOpen(): void {
    if (existsSync(this.#wal)) replaceDurably(statePath(this.#file), utf8(OPEN))
  }

  /** When nothing is left in the log and SQLite is about to remove it. */
  noteClosing(): void {
    forgetLogState(this.#file)
  }

  /** After SQLite closed the database. Where it cannot be noted nothing is known of the log, which is no damage. */
  noteClosed(): void {
    if (sizeOf(this.#wal) > 0) return
    try {
      replaceDurably(statePath(this.#file), utf8(this.#closedState()))
    } catch {
      return
    }
  }

  /** Tells this database from another that was put in its place: its first page is authenticated anew whenever it is written. */
  #closedState(): string {
    const page = this.#descriptor.read(0, PAGE_BYTES)
    return `closed ${toHex(new Uint8Array(createHash('sha256').update(page).digest()))}\n`
  }
}

function readState(file: string): string | null {
  try {
    return readFileSync(statePath(file), 'utf8')
  } catch {
    return null
  }
}
