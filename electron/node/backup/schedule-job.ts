import { join } from 'node:path'
import type { Task, TaskResult } from '../../../shared/domain/tasks.ts'
import { unmovingBytes } from '../../kernel/bytes.ts'
import { AppError, toCodedError } from '../../kernel/errors.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { type Work, stopIfCancelled } from '../../kernel/work.ts'
import type { OpenProfile } from '../api/context.ts'
import type { Job } from '../housekeeping/housekeeping.ts'
import type { NodeOptions } from '../node-handle.ts'
import type { Tasks } from '../tasks.ts'
import { backUp } from './back-up.ts'
import { lastScheduled, noteProblem, noteScheduled, readSchedule } from './backup-record.ts'
import { ScheduledFiles } from './scheduled-files.ts'

const DAY_MS = 86_400_000
/** A folder that was gone is looked for so often. */
const EVERY_MS = 3_600_000
const FIRST_MS = 60_000
/** So that a daily one is not an hour later each day. */
const SLACK_MS = 3_600_000

export interface Scheduling {
  profile: Pick<OpenProfile, 'store' | 'key'>
  options: Pick<NodeOptions, 'dataDir' | 'clock' | 'random' | 'passphraseWorkMs'>
  tasks: Tasks
}

/** Makes backups by the profile's schedule, if it has one. */
export const backupJob = (scheduling: Scheduling): Job => ({
  name: 'backup',
  firstMs: FIRST_MS,
  everyMs: EVERY_MS,
  run: (signal) => backUpIfDue(scheduling, signal),
})

/** Whether the schedule wants a backup now. One that lies in the future was made by a clock that was wrong: then, or now. */
export function isDue({ profile: { store }, options: { clock } }: Scheduling): boolean {
  const schedule = readSchedule(store)
  if (schedule === null) return false
  const last = lastScheduled(store)
  if (last === null || last.folder !== schedule.folder) return true
  const age = clock.now() - last.at
  return age >= schedule.everyDays * DAY_MS - SLACK_MS || age < -DAY_MS
}

/**
 * Starts a scheduled backup as a task, if one is due and none is under way; resolves when it ended, however that was.
 * What went wrong is remembered for people, and tried again the next time.
 */
export async function backUpIfDue(scheduling: Scheduling, signal: AbortSignal): Promise<void> {
  if (signal.aborted || !isDue(scheduling)) return
  const ended = Promise.withResolvers<undefined>()
  let task: Task
  try {
    task = scheduling.tasks.start('backup', async (work) => {
      try {
        return await backUpBySchedule(scheduling, work)
      } catch (thrown) {
        noteFailure(scheduling, thrown)
        throw thrown
      } finally {
        ended.resolve(undefined)
      }
    })
  } catch (thrown) {
    // One is being made by hand, or the program is about to end.
    if (thrown instanceof AppError && (thrown.code === 'conflict' || thrown.code === 'stopping')) return
    throw thrown
  }
  const cancel = (): void => void scheduling.tasks.cancel(task.taskId)
  signal.addEventListener('abort', cancel, { once: true })
  try {
    await ended.promise
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

async function backUpBySchedule({ profile, options }: Scheduling, work: Work): Promise<TaskResult> {
  const { store } = profile
  const schedule = readSchedule(store)
  if (schedule === null) throw new AppError('cancelled', 'There is no schedule any more.')
  const { folder, keep } = schedule
  const { clock } = options
  const key = new Redacted(unmovingBytes(profile.key.reveal()))
  try {
    const files = new ScheduledFiles(folder, key)
    const { name, replace } = await files.nameFor(clock.now())
    stopIfCancelled(work)
    const result = await backUp({ profile, options, file: join(folder, name), replace, passphrase: null, awaited: false }, work)
    noteScheduled(store, clock.now(), folder)
    await files.prune(name, keep, clock.now())
    return result
  } finally {
    key.wipe()
  }
}

function noteFailure({ profile }: Scheduling, thrown: unknown): void {
  const { code, message } = toCodedError(thrown)
  // What was stopped is no problem: it goes on the next time.
  if (code === 'cancelled' || code === 'stopping') return
  noteProblem(profile.store, message)
}
