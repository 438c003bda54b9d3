import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { equalBytes } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { BackupReader } from '../../storage/backup/backup-reader.ts'
import { BACKUP_SUFFIX, keyCheck } from '../../storage/backup/layout.ts'
import { isTemporaryOf, targetFault } from '../../storage/backup/new-file.ts'

const NAME = /^SpacePanda-\d{4}-\d{2}-\d{2}(?:-\d{1,3})?\.spacepanda-backup$/
/** Other profiles may have taken the day's name in a folder that several use. */
const MOST_OF_A_DAY = 100
/** No backup takes longer to be written. */
const STALE_MS = 24 * 3_600_000

interface OwnFile {
  name: string
  createdAt: number
}

/** The day as people here call it. */
function dayOf(at: number): string {
  const date = new Date(at)
  const part = (value: number): string => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${part(date.getMonth() + 1)}-${part(date.getDate())}`
}

/** The name of a backup of that day; of the nth profile that makes one into the same folder. */
export const backupName = (at: number, nth = 1): string => `SpacePanda-${dayOf(at)}${nth === 1 ? '' : `-${nth}`}${BACKUP_SUFFIX}`

/** The schedule's files of one profile, known by its key: a folder may hold those of others, and anything else. */
export class ScheduledFiles {
  readonly #folder: string
  readonly #key: Redacted<Uint8Array>

  constructor(folder: string, key: Redacted<Uint8Array>) {
    this.#folder = folder
    this.#key = key
  }

  /** A name for today's: one that is free, or that of an own one to be replaced. Throws `AppError('not-found' | 'disk' | 'conflict')`. */
  async nameFor(at: number): Promise<{ name: string; replace: boolean }> {
    const names = new Set(await this.#names())
    for (let nth = 1; nth <= MOST_OF_A_DAY; nth++) {
      const name = backupName(at, nth)
      if (!names.has(name)) return { name, replace: false }
      if ((await this.#ownFile(name)) !== null) return { name, replace: true }
    }
    throw new AppError('conflict', 'That folder holds too many backups of today already.')
  }

  /**
   * Removes all of its own but the newest `keep`, of which `made` is one whatever the clock said, and what crashes left there.
   * Throws `AppError('not-found' | 'disk')`.
   */
  async prune(made: string, keep: number, now: number): Promise<void> {
    const names = await this.#names()
    const own = await Promise.all(names.filter((name) => NAME.test(name) && name !== made).map((name) => this.#ownFile(name)))
    const newestFirst = own.filter((file) => file !== null).sort((a, b) => b.createdAt - a.createdAt)
    try {
      for (const { name } of newestFirst.slice(keep - 1)) await rm(join(this.#folder, name), { force: true })
      for (const name of names.filter((one) => isTemporaryOf(one, NAME))) await this.#removeStale(name, now)
    } catch (thrown) {
      throw targetFault(thrown)
    }
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.#folder)
    } catch (thrown) {
      throw targetFault(thrown)
    }
  }

  /** Null for another profile's, and for what is no whole backup: that is not ours to remove. */
  async #ownFile(name: string): Promise<OwnFile | null> {
    try {
      const reader = await BackupReader.open(join(this.#folder, name))
      await reader.close()
      const { salt, keyCheck: check, createdAt } = reader.header
      return equalBytes(keyCheck(this.#key, salt), check) ? { name, createdAt } : null
    } catch (thrown) {
      if (thrown instanceof AppError) return null
      throw thrown
    }
  }

  async #removeStale(name: string, now: number): Promise<void> {
    const file = join(this.#folder, name)
    const left = await stat(file).catch(() => null)
    if (left?.isFile() === true && now - left.mtimeMs > STALE_MS) await rm(file, { force: true })
  }
}
