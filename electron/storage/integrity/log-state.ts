import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { utf8 } from '../../kernel/bytes.ts'
import type { Descriptor } from '../database-file/descriptor.ts'
import { PAGE_BYTES } from '../database-file/page-format.ts'
import { diskFault } from '../key-file/disk-fault.ts'
import { replaceDurably, syncFolder } from '../key-file/durable-file.ts'
import { sizeOf } from '../key-file/profile-folder.ts'
import { isLogWhole } from './log-header.ts'

/**
 * SQLite takes a database without its log for whole, and a log that happens to lie beside a database for its own. So it is
 * noted beside the database whether it is in use, when there must be a log, or was closed, when there is none.
 */
export const statePath = (file: string): string => `${file}-state`

/** How long to look again before a log is judged: another process may be about to open or close the database. */
const LOOK_AGAIN_MS = 60

/** `stamps`: what the database may say of itself, see `stamp.ts`. `page`: SHA-256 of its first page. */
type Note = { kind: 'open'; stamps: readonly string[] } | { kind: 'closed'; page: string; stamps: readonly string[] }

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

/**
 * Before a database is opened or closed in another way than as a store: from then on nothing is known of its log. Durable on return,
 * because SQLite removes the log when it closes, and a power cut could bring the note back without it. Throws `AppError('disk')`.
 */
export function forgetLogState(file: string): void {
  try {
    rmSync(statePath(file), { force: true })
    syncFolder(dirname(file))
  } catch (thrown) {
    throw diskFault(thrown)
  }
}

/** What is known of the log of one database. */
export class LogState {
  readonly #file: string
  readonly #wal: string
  readonly #descriptor: Descriptor
  /** The disk did not take what had to be noted, and nothing may be written until it does. */
  #isOwed = false

  constructor(file: string, descriptor: Descriptor) {
    this.#file = file
    this.#wal = `${file}-wal`
    this.#descriptor = descriptor
  }

  /** Before SQLite opens the database. Changes nothing. */
  find(): LogFinding {
    const first = this.#look()
    if (first === 'fine') return first
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS)
    return this.#look() === first ? first : 'fine'
  }

  /** What the database may say of itself if it is the one that was last open here; null where nothing is known. */
  stamps(): readonly string[] | null {
    const note = readNote(this.#file)
    return note === null || note.stamps.length === 0 ? null : note.stamps
  }

  /** Once SQLite has its log. From now on a missing log is a loss. `stamps`: the present one, and one that is about to be written. */
  noteOpen(...stamps: string[]): void {
    this.#isOwed = true
    if (existsSync(this.#wal)) replaceDurably(statePath(this.#file), utf8(['open', ...stamps, ''].join('\n')))
    this.#isOwed = false
  }

  /**
   * When nothing is left in the log and SQLite is about to remove it; where this note cannot be removed, neither can the log beside it.
   * Where nothing was written for want of room, the note that it was closed stays good, and there may be no room for another.
   */
  noteClosing(): void {
    if (this.#isOwed && readNote(this.#file)?.kind === 'closed') return
    try {
      forgetLogState(this.#file)
    } catch {
      return
    }
  }

  /** After SQLite closed the database. Where it cannot be noted nothing is known of the log, which is no damage. */
  noteClosed(stamp: string): void {
    if (sizeOf(this.#wal) > 0) return
    try {
      replaceDurably(statePath(this.#file), utf8(['closed', this.#pageHash(), stamp, ''].join('\n')))
    } catch {
      return
    }
  }

  /** The log is looked at before the note, because whoever has the database open notes it after the log is there. */
  #look(): LogFinding {
    const hasLog = existsSync(this.#wal)
    const logBytes = sizeOf(this.#wal)
    const isWhole = isLogWhole(this.#wal)
    const note = readNote(this.#file)
    if (!isWhole) return note?.kind === 'open' ? 'torn' : 'foreign'
    if (note?.kind === 'open') return hasLog ? 'fine' : 'lost'
    return logBytes > 0 && note?.kind === 'closed' && note.page === this.#pageHash() ? 'foreign' : 'fine'
  }

  /** Tells this database from another that was put in its place: its first page is authenticated anew whenever it is written. */
  #pageHash(): string {
    return createHash('sha256').update(this.#descriptor.read(0, PAGE_BYTES)).digest('hex')
  }
}

/** Null where there is none, or one that means nothing: then nothing is known. */
function readNote(file: string): Note | null {
  let lines: string[]
  try {
    lines = readFileSync(statePath(file), 'utf8').split('\n').slice(0, -1)
  } catch {
    return null
  }
  const [kind, ...rest] = lines
  if (kind === 'open') return { kind, stamps: rest }
  const [page, ...stamps] = rest
  return kind === 'closed' && page !== undefined ? { kind, page, stamps } : null
}
