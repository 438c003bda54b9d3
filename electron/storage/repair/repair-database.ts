import { constants, mkdirSync, renameSync, rmSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError, InvariantError } from '../../kernel/errors.ts'
import { type Random, systemRandom } from '../../kernel/random.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { type Work, stopIfCancelled } from '../../kernel/work.ts'
import type { MlsConversion } from '../../ports/mls-storage.ts'
import type { Repositories } from '../../ports/store.ts'
import { type ContentFaults, checkContent } from '../integrity/check-content.ts'
import { removeDamage } from '../integrity/damage-note.ts'
import { forgetLogState } from '../integrity/log-state.ts'
import { notedOlder } from '../integrity/note-older.ts'
import { diskFault } from '../key-file/disk-fault.ts'
import { syncFile, syncFolder } from '../key-file/durable-file.ts'
import { sizeOf } from '../key-file/profile-folder.ts'
import { schemaVersion } from '../migrations/migrate.ts'
import { migrations } from '../migrations/migrations.ts'
import { openStore } from '../open-store.ts'
import { createRepositories } from '../repositories/repositories.ts'
import { type Snapshot, freeBytes, listSnapshots } from '../snapshots/snapshots.ts'
import { Connection } from '../sqlite/connection.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { type Examined, findContradictions, isDamaged, openForRepair, reindex } from './examine.ts'
import { isMendable, mendContent } from './mend-content.ts'
import { mergeGroups } from './merge-groups.ts'
import { mergeMarks, mergeMessages, mergeReadMarks } from './merge-messages.ts'
import { markPutBack } from './put-back.ts'
import { rebuild } from './rebuild.ts'
import { type ReplaceStep, finishReplacing, holdForRepair, repairedPath } from './replace-database.ts'

export interface Repair {
  /** The database of a profile, in its folder. */
  file: string
  key: Redacted<Uint8Array>
  convert?: MlsConversion | undefined
  random?: Random
  /** For tests that end the process in the middle. */
  reached?: (step: RepairStep) => void
}

export type RepairStep = 'built' | 'ready' | ReplaceStep

/**
 * `sound`: there was nothing to repair. `reindexed`, `mended`: in place, what can be told from other rows. `rebuilt`: every row was read and written anew; nothing is lost.
 * `restored`: the newest good snapshot, and what could still be read of the damaged database put into it.
 * `rebuilt-with-losses`: there was no good snapshot; what could be read.
 */
export type RepairOutcome =
  | { kind: 'sound' | 'reindexed' | 'mended' | 'rebuilt' }
  | { kind: 'restored'; from: number; messages: number; spaces: number }
  | { kind: 'rebuilt-with-losses'; tables: number }

/**
 * Repairs the closed database of a profile. A damaged one is never deleted, only put aside; nothing takes its place that was not
 * opened and checked. Whatever interrupts it, the next start or repair goes on or begins anew.
 * Throws `AppError`: 'in-use', 'cancelled', 'disk', 'unreadable' (nothing is left to repair it from; nothing was changed).
 */
export async function repairDatabase(repair: Repair, work: Work): Promise<RepairOutcome> {
  const dir = dirname(repair.file)
  const unlock = holdForRepair(repair.file)
  try {
    finishReplacing(repair.file, repair.reached)
    return await carryOut(repair, work)
  } finally {
    removeRepairLeftOvers(dir)
    unlock()
  }
}

/** Whether there is anything that a repair could begin with. */
export const isRepairable = (file: string): boolean => listSnapshots(dirname(file)).length > 0 || sizeOf(file) > 0

const workFolder = (dir: string): string => join(dir, 'repair')

/** Removes the copies that a repair left whose process was killed. For who has the database open: then none is under way. */
export const removeRepairLeftOvers = (dir: string): void => rmSync(workFolder(dir), { recursive: true, force: true })

async function carryOut(repair: Repair, work: Work): Promise<RepairOutcome> {
  const source = openForRepair(repair.file, repair.key)
  try {
    const inPlace = source === null ? null : await repairInPlace(repair, source, work)
    if (inPlace !== null) {
      forgetRepaired(dirname(repair.file))
      return inPlace
    }
    const { outcome, built } = await build(repair, source, work)
    repair.reached?.('built')
    stopIfCancelled(work)
    makeReady(repair, built)
    // Not before: whoever opened the damaged one now would write into what is about to be put aside.
    source?.close()
    repair.reached?.('ready')
    finishReplacing(repair.file, repair.reached)
    forgetRepaired(dirname(repair.file))
    return outcome
  } finally {
    source?.close()
  }
}

/** Null where that is not enough. Closes the source where it is. */
async function repairInPlace(repair: Repair, source: Examined, work: Work): Promise<RepairOutcome | null> {
  if (await isDamaged(source, work)) return null
  const faults = await findContradictions(source, { ...work, progress: () => undefined })
  if (faults.some(({ kind }) => kind === 'table')) return null
  reindex(source, faults)
  source.close()
  const mended = await mendInPlace(repair, work)
  return { kind: mended ? 'mended' : faults.length > 0 ? 'reindexed' : 'sound' }
}

/** What only the newest schema has words for. */
async function mendInPlace({ file, key, convert, random = systemRandom }: Repair, work: Work): Promise<boolean> {
  const store = openStore({ file, key, convert })
  let faults: ContentFaults
  try {
    faults = await checkContent(store, { ...work, progress: () => undefined })
  } finally {
    store.close()
  }
  if (!isMendable(faults)) return false
  forgetLogState(file)
  await withDatabase(file, key, ({ connection, repositories }) => {
    mendContent(connection)
    if (faults.search !== undefined) connection.transaction(() => repositories.search.forget())
    if (faults['own-numbers'] !== undefined) markPutBack(connection, random)
  })
  return true
}

interface Built {
  outcome: RepairOutcome
  built: string
}

/** Everything from the damaged one if all of it can be read; else the newest good copy; else what can be read. */
async function build(repair: Repair, source: Examined | null, work: Work): Promise<Built> {
  const dir = dirname(repair.file)
  removeRepairLeftOvers(dir)
  makeWorkFolder(dir)
  demandRoom(dir, Math.max(sizeOf(repair.file), listSnapshots(dir)[0]?.bytes ?? 0))
  const rebuilt = source === null ? null : await attempt(() => rebuildFrom(repair, source, work))
  if (rebuilt !== null && rebuilt.outcome.kind === 'rebuilt') return rebuilt
  return (await restoreNewest(repair, source, work)) ?? rebuilt ?? nothingLeft()
}

/** Answers null where it fails for a reason of its own, so that the next way may still do. */
async function attempt<T>(way: () => Promise<T>): Promise<T | null> {
  try {
    return await way()
  } catch (thrown) {
    if (isItsOwn(thrown)) return null
    throw thrown
  }
}

/** Not that somebody stopped it, nor that nothing can be written: a snapshot on a sector that cannot be read is no better than a damaged one. */
function isItsOwn(thrown: unknown): boolean {
  if (!(thrown instanceof AppError)) return thrown instanceof InvariantError
  if (thrown.code !== 'disk') return thrown.code !== 'cancelled' && thrown.code !== 'stopping'
  const { cause } = thrown
  return cause instanceof Error && 'code' in cause && CANNOT_BE_READ.has(cause.code)
}

const CANNOT_BE_READ = new Set<unknown>(['EIO', 'EISDIR', 'SQLITE_IOERR_READ', 'SQLITE_IOERR_SHORT_READ'])

async function rebuildFrom(repair: Repair, source: Examined, work: Work): Promise<Built | null> {
  const built = join(workFolder(dirname(repair.file)), 'rebuilt.db')
  const { holes, rows } = await rebuild(source.database, { file: built, key: repair.key }, migrations, work)
  if (rows === 0) return null
  openStore({ file: built, key: repair.key, convert: repair.convert }).close()
  await withDatabase(built, repair.key, ({ connection, repositories }) => {
    connection.transaction(() => repositories.search.forget())
    if (holes.length > 0) mendContent(connection)
    if (holes.length > 0 || notedOlder(dirname(repair.file)).length > 0) markPutBack(connection, repair.random ?? systemRandom)
  })
  if (holes.length === 0) return { outcome: { kind: 'rebuilt' }, built }
  return { outcome: { kind: 'rebuilt-with-losses', tables: holes.length }, built }
}

async function restoreNewest(repair: Repair, source: Examined | null, work: Work): Promise<Built | null> {
  for (const snapshot of listSnapshots(dirname(repair.file))) {
    const built = join(workFolder(dirname(repair.file)), 'restored.db')
    if ((await attempt(() => takeOver(snapshot, built, repair, work))) !== true) continue
    const saved = await withDatabase(built, repair.key, async (target) => {
      const merged = source === null ? { messages: 0, spaces: 0 } : await merge(source, target, work)
      markPutBack(target.connection, repair.random ?? systemRandom)
      return merged
    })
    return { outcome: { kind: 'restored', from: snapshot.at, ...saved }, built }
  }
  return null
}

/** Whether the snapshot is good: every page authentic, whole, and it opens with the newest schema. */
async function takeOver(snapshot: Snapshot, built: string, repair: Repair, work: Work): Promise<boolean> {
  await copySnapshot(snapshot, built)
  const examined = openForRepair(built, repair.key)
  if (examined === null) return false
  try {
    if (await isDamaged(examined, work)) return false
  } finally {
    examined.close()
  }
  openStore({ file: built, key: repair.key, convert: repair.convert }).close()
  return true
}

/** In the place of whatever is left of one that was tried before it: its log would be taken for this one's. */
async function copySnapshot(snapshot: Snapshot, built: string): Promise<void> {
  try {
    for (const left of [built, `${built}-wal`]) rmSync(left, { force: true })
    await copyFile(snapshot.file, built, constants.COPYFILE_FICLONE)
  } catch (thrown) {
    throw diskFault(thrown)
  }
}

async function merge(source: Examined, target: Target, work: Work): Promise<{ messages: number; spaces: number }> {
  const isSameSchema = schemaVersion(source.database) === migrations.length
  const spaces = isSameSchema ? mergeGroups(source.database, target.connection) : 0
  mergeMarks(source.database, target)
  const messages = await mergeMessages(source.database, target, work)
  mergeReadMarks(source.database, target)
  return { messages, spaces }
}

interface Target {
  connection: Connection
  repositories: Repositories
}

async function withDatabase<T>(file: string, key: Redacted<Uint8Array>, use: (target: Target) => Promise<T> | T): Promise<T> {
  const connection = new Connection(openDatabase(file, key))
  try {
    return await use({ connection, repositories: createRepositories(connection) })
  } finally {
    connection.close()
  }
}

/** Durable under the name from which it is put in its place, whatever happens from here on. */
function makeReady({ file }: Repair, built: string): void {
  const dir = dirname(file)
  if (sizeOf(`${built}-wal`) > 0) throw new AppError('disk', 'The disk is full or cannot be written. Nothing was changed.')
  try {
    syncFile(built)
    renameSync(built, repairedPath(file))
    syncFolder(dir)
  } catch (thrown) {
    throw diskFault(thrown)
  }
}

/** That it was older than what was last done with it remains to be told. */
function forgetRepaired(dir: string): void {
  for (const kind of ['page', 'record', 'foreign-log'] as const) removeDamage(dir, kind)
  for (const [kind, handled] of notedOlder(dir)) removeDamage(dir, kind, [handled])
}

function makeWorkFolder(dir: string): void {
  try {
    mkdirSync(workFolder(dir), { mode: 0o700 })
  } catch (thrown) {
    throw diskFault(thrown)
  }
}

const MIB = 1024 * 1024

/** It is written anew beside the damaged one, perhaps twice. */
function demandRoom(dir: string, bytes: number): void {
  const missing = 2 * bytes - freeBytes(dir)
  if (missing <= 0) return
  const words = `There is not enough room on the disk to repair the profile: ${Math.ceil(missing / MIB)} MiB more are needed. Nothing was changed.`
  throw new AppError('disk', words)
}

function nothingLeft(): never {
  throw new AppError(
    'unreadable',
    'Nothing of the database can be read with this key, and there is no snapshot to put in its place. Restore a backup; nothing was changed.',
  )
}
