import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Descriptor } from '../database-file/descriptor.ts'
import { statePath } from '../integrity/log-state.ts'
import { diskFault } from '../key-file/disk-fault.ts'
import { syncFolder } from '../key-file/durable-file.ts'
import { holdLockFile } from '../sqlite/lock-file.ts'

/** A repaired database that is whole and durable, and only waits for its place. Whatever interrupts the change of places is finished later. */
export const repairedPath = (file: string): string => `${file}.repaired`
const asidePath = (file: string, n: number): string => `${file}.damaged-${n}`
const walPath = (file: string): string => `${file}-wal`

/** For tests that end the process there. */
export type ReplaceStep = 'moved-database' | 'moved-log' | 'placed'

/**
 * Puts the repaired database that lies at `repairedPath` in the place of the damaged one, which is kept under another name with its
 * log. Does nothing where there is none. Nobody may have the damaged one open. Throws `AppError('disk')`; to be tried again then.
 */
export function finishReplacing(file: string, reached: (step: ReplaceStep) => void = () => undefined): void {
  if (!existsSync(repairedPath(file))) return
  try {
    if (existsSync(file)) renameSync(file, asidePath(file, lastAside(file) + 1))
    reached('moved-database')
    // After the database: one without its log would be older than it was.
    if (existsSync(walPath(file))) renameSync(walPath(file), walPath(asidePath(file, placeOfLog(file))))
    reached('moved-log')
    rmSync(statePath(file), { force: true })
    syncFolder(dirname(file))
    renameSync(repairedPath(file), file)
    reached('placed')
    syncFolder(dirname(file))
  } catch (thrown) {
    throw diskFault(thrown)
  }
}

/** Held by whoever changes places: of two at once each would move what the other put there. */
export const holdForRepair = (file: string): (() => void) =>
  holdLockFile(join(dirname(file), 'repair.lock'), 'This profile is being repaired already.')

/** As `finishReplacing`, for who does not hold the lock. Throws also `AppError('in-use')`: a repair is under way. */
export function finishLeftReplacing(file: string): void {
  if (!existsSync(repairedPath(file))) return
  const unlock = holdForRepair(file)
  try {
    finishReplacing(file)
  } finally {
    unlock()
  }
}

/** For who just opened it: a repair may have been done between its last look and its lock. */
export const isBeingReplaced = (file: string, opened: Descriptor): boolean => existsSync(repairedPath(file)) || !opened.isStill(file)

/** Damaged databases that were put aside; never deleted by us. */
export function listSetAside(file: string): string[] {
  return numbersAside(file).map((n) => asidePath(file, n))
}

/** Beside the database it belongs to, which went there last; alone if there was none. */
function placeOfLog(file: string): number {
  const last = lastAside(file)
  return last > 0 && !existsSync(walPath(asidePath(file, last))) ? last : last + 1
}

const lastAside = (file: string): number => Math.max(0, ...numbersAside(file))

function numbersAside(file: string): number[] {
  const prefix = `${basename(file)}.damaged-`
  return readdirSync(dirname(file))
    .filter((name) => name.startsWith(prefix) && existsSync(join(dirname(file), name)))
    .flatMap((name) => {
      const number = /^(\d+)$/.exec(name.slice(prefix.length))?.[1]
      return number === undefined ? [] : [Number(number)]
    })
}
