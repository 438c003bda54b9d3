import type Database from 'better-sqlite3'
import { renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { AppError } from '../../kernel/errors.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { Serial } from '../../kernel/serial.ts'
import { type Work, stopIfCancelled } from '../../kernel/work.ts'
import type { LogState } from '../integrity/log-state.ts'
import { diskFault } from '../key-file/disk-fault.ts'
import { syncFolder } from '../key-file/durable-file.ts'
import { sizeOf } from '../key-file/profile-folder.ts'
import { fromSqlite } from '../sqlite/sqlite-errors.ts'
import type { DatabaseFile, PageNumber, StillDatabase, TreeFault } from './database-file.ts'
import { type Descriptor, LOCK_BYTE } from './descriptor.ts'
import { PAGE_BYTES, SALT_BYTES, pageIsAuthentic, pageMacKey } from './page-format.ts'
import { quickCheck } from './quick-check.ts'

/** Read at once, between two turns of the event loop: a fraction of a millisecond from memory, a few from a slow disk. */
const CHUNK_BYTES = 256 * 1024
/** Verifying costs about 12 µs a page. */
const PAGES_A_TURN = 64
/** What the log may grow to while the file is held still: some 10,000 messages a second for as long as reading 1 GB takes. */
const WAL_LIMIT_BYTES = 1024 * 1024 * 1024
/** SQLite's own default: pages of log after which it moves them into the file. */
const AUTO_CHECKPOINT_PAGES = 1000

interface Deps {
  path: string
  database: Database.Database
  descriptor: Descriptor
  log: LogState | null
  key: Redacted<Uint8Array>
  /** Called whenever a page proves to be damaged. */
  damaged: () => void
  /** Called after the file was held still, and before it is closed: from then on a copy of it is an older one. */
  copied?: () => void
  /** For tests. */
  walLimit?: number
}

/** The database file of an open connection. */
export class OpenFile implements DatabaseFile {
  readonly path: string
  readonly #deps: Deps
  readonly #serial = new Serial()
  #still = false
  #checkpointDue = false
  #macKey: Uint8Array | null = null

  constructor(deps: Deps) {
    this.path = deps.path
    this.#deps = deps
  }

  size(): number {
    return this.#deps.descriptor.size()
  }

  checkpoint(): void {
    if (this.#still) this.#checkpointDue = true
    else this.#emptyLog()
  }

  holdStill<T>(use: (still: StillDatabase) => Promise<T>): Promise<T> {
    return this.#serial.run(async () => {
      this.#emptyLog()
      this.#pragma('wal_autocheckpoint = 0')
      this.#still = true
      try {
        const size = this.size()
        return await use({ size, chunks: (work) => this.#chunks(size, work) })
      } finally {
        this.#still = false
        this.#letGo()
      }
    })
  }

  copyTo(target: string, work: Work): Promise<void> {
    return this.holdStill(async (still) => {
      const temporary = `${target}.${systemRandom.id()}.tmp`
      try {
        await writeCopy(temporary, still, work)
        renameSync(temporary, target)
        syncFolder(dirname(target))
      } catch (thrown) {
        rmSync(temporary, { force: true })
        throw diskFault(thrown)
      }
    })
  }

  quickCheck(work: Work): Promise<TreeFault[]> {
    return quickCheck((sql) => this.#all(sql), work)
  }

  async verifyPages(from: PageNumber, limit: number, work: Work): Promise<{ damaged: PageNumber[]; next: PageNumber | null }> {
    const damaged: PageNumber[] = []
    const last = Math.min(Math.ceil(this.size() / PAGE_BYTES), from + limit - 1)
    let page = from
    for (; page <= last; page += PAGES_A_TURN) {
      await turn()
      stopIfCancelled(work)
      damaged.push(...this.#damagedAmong(page, Math.min(last, page + PAGES_A_TURN - 1)))
      work.progress(Math.min(page + PAGES_A_TURN, last + 1) - from, last + 1 - from)
    }
    return { damaged, next: last + 1 > Math.ceil(this.size() / PAGE_BYTES) ? null : last + 1 }
  }

  /** Moves everything out of the log, which SQLite is about to remove. Where that cannot be done the log stays. */
  beforeClose(): void {
    const { copied, log } = this.#deps
    // Apart: a full disk takes no note, and the log is emptied and removed all the same.
    if (copied !== undefined) unlessRefused(copied)
    unlessRefused(() => {
      this.#emptyLog()
      log?.noteClosing()
    })
  }

  /** To be called when the database is closed. */
  close(stamp = ''): void {
    this.#deps.log?.noteClosed(stamp)
    this.#macKey?.fill(0)
    this.#deps.descriptor.close()
  }

  async *#chunks(size: number, work: Work): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < size; at += CHUNK_BYTES) {
      stopIfCancelled(work)
      this.#refuseLargeLog()
      const length = Math.min(CHUNK_BYTES, size - at)
      const chunk = this.#deps.descriptor.readSkippingLocks(at, length)
      if (chunk.length < length) throw new AppError('unreadable', 'The database became shorter while it was read.')
      if (this.#damagedIn(chunk, at / PAGE_BYTES + 1).length > 0) throw damagedPage()
      yield chunk
      work.progress(at + chunk.length, size)
      await turn()
    }
  }

  #damagedAmong(first: PageNumber, last: PageNumber): PageNumber[] {
    const length = (last - first + 1) * PAGE_BYTES
    const bytes = this.#deps.descriptor.read((first - 1) * PAGE_BYTES, length)
    return this.#damagedIn(bytes, first)
  }

  /** Damaged pages among whole ones that follow each other; one cut short at the end is damaged. */
  #damagedIn(bytes: Uint8Array, first: PageNumber): PageNumber[] {
    const damaged: PageNumber[] = []
    for (let at = 0, page = first; at < bytes.length; at += PAGE_BYTES, page++) {
      if ((page - 1) * PAGE_BYTES === LOCK_BYTE) continue
      const content = bytes.subarray(at, at + PAGE_BYTES)
      if (content.length < PAGE_BYTES || !pageIsAuthentic(content, page, this.#pageMacKey())) damaged.push(page)
    }
    if (damaged.length > 0) this.#deps.damaged()
    return damaged
  }

  #pageMacKey(): Uint8Array {
    const { descriptor, key } = this.#deps
    this.#macKey ??= pageMacKey(key.reveal(), descriptor.read(0, SALT_BYTES))
    return this.#macKey
  }

  #refuseLargeLog(): void {
    if (sizeOf(`${this.path}-wal`) <= (this.#deps.walLimit ?? WAL_LIMIT_BYTES)) return
    throw new AppError('conflict', 'Too much was written while the database was copied. Nothing was changed; try again later.')
  }

  #letGo(): void {
    if (!this.#deps.database.open) return
    this.#pragma(`wal_autocheckpoint = ${AUTO_CHECKPOINT_PAGES}`)
    this.#deps.copied?.()
    if (this.#checkpointDue) this.#emptyLog()
  }

  #emptyLog(): void {
    this.#checkpointDue = false
    const [answer] = this.#all('PRAGMA wal_checkpoint(TRUNCATE)')
    if (answer?.['busy'] !== 0) throw new AppError('in-use', 'The database is being read. Try again.')
  }

  #pragma(sql: string): void {
    this.#all(`PRAGMA ${sql}`)
  }

  #all(sql: string): Record<string, unknown>[] {
    if (!this.#deps.database.open) throw new AppError('stopping', 'The profile is closed.')
    try {
      return this.#deps.database.prepare(sql).all() as Record<string, unknown>[]
    } catch (thrown) {
      throw fromSqlite(thrown)
    }
  }
}

function unlessRefused(step: () => void): void {
  try {
    step()
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
  }
}

const damagedPage = (): AppError =>
  new AppError('unreadable', 'A part of the database is damaged, so no good copy of it can be made. Let SpacePanda check and repair it.')

async function writeCopy(temporary: string, still: StillDatabase, work: Work): Promise<void> {
  const target = await open(temporary, 'wx', 0o600)
  try {
    for await (const chunk of still.chunks(work)) await target.writeFile(chunk)
    await target.sync()
  } finally {
    await target.close()
  }
}
