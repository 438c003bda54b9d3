import * as z from 'zod'
import type { BackupSchedule, BackupStatus } from '../../../shared/domain/tasks.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories, Store } from '../../ports/store.ts'

/** What a profile remembers of its backups. Times in milliseconds. */

const SCHEDULE = 'backup-schedule'
const LAST = 'backup-last'
const SCHEDULED = 'backup-scheduled'
const PROBLEM = 'backup-problem'

const path = z.string().max(limits.path)
const schedule = z.strictObject({ folder: path, everyDays: z.int().min(1), keep: z.int().min(1) })
const last = z.strictObject({ at: z.number(), file: z.string() })
const scheduled = z.strictObject({ at: z.number(), folder: path })
const problem = z.string()

/** A value that cannot be read counts as none: backups are then set up again, nothing else depends on them. */
const read = <T extends z.ZodType>({ settings }: Pick<Repositories, 'settings'>, key: string, schema: T): z.output<T> | null => {
  const bytes = settings.get(key)
  return bytes === null ? null : fromCbor(bytes, schema)
}

export const readSchedule = (store: Pick<Repositories, 'settings'>): BackupSchedule | null => read(store, SCHEDULE, schedule)

/** When the schedule made its last one, and into which folder. */
export const lastScheduled = (store: Pick<Repositories, 'settings'>): { at: number; folder: string } | null =>
  read(store, SCHEDULED, scheduled)

export const readBackups = (store: Pick<Repositories, 'settings'>): Pick<BackupStatus, 'schedule' | 'last' | 'problem'> => ({
  schedule: readSchedule(store),
  last: read(store, LAST, last),
  problem: read(store, PROBLEM, problem),
})

/** A schedule that was changed has no problem yet. */
export function writeSchedule(store: Store, value: BackupSchedule | null): void {
  store.transaction(({ settings }) => {
    if (value === null) settings.delete(SCHEDULE)
    else settings.set(SCHEDULE, toCbor(value))
    settings.delete(PROBLEM)
  })
}

export function noteBackup(store: Store, at: number, file: string): void {
  store.transaction(({ settings }) => settings.set(LAST, toCbor({ at, file })))
}

export function noteScheduled(store: Store, at: number, folder: string): void {
  store.transaction(({ settings }) => {
    settings.set(SCHEDULED, toCbor({ at, folder }))
    settings.delete(PROBLEM)
  })
}

export function noteProblem(store: Store, words: string): void {
  store.transaction(({ settings }) => settings.set(PROBLEM, toCbor(words)))
}
