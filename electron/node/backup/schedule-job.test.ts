import { mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import { unwatched } from '../../kernel/work.ts'
import { createBackup } from '../../storage/backup/create-backup.ts'
import { verifyBackup } from '../../storage/backup/verify-backup.ts'
import { encodeHeader } from '../../storage/key-file/header.ts'
import { keyIdOf } from '../../storage/key-file/wraps.ts'
import { backupWorld, testWraps } from '../../storage/test-support/backup-world.ts'
import { testKey } from '../../storage/test-support/folder.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { Tasks } from '../tasks.ts'
import { readBackups, writeSchedule } from './backup-record.ts'
import { backUpIfDue, backupJob, isDue } from './schedule-job.ts'
import type { Scheduling } from './schedule-job.ts'
import { backupName } from './scheduled-files.ts'

const DAY_MS = 86_400_000
const NOON = Date.UTC(2026, 10, 23, 12)

/** A profile with a passphrase, a folder for its backups, and a clock that is moved by hand. */
async function setUp({ everyDays = 7, keep = 2 } = {}) {
  const { dir, home, store, write } = await backupWorld(3)
  onTestFinished(() => store.close())
  const wraps = await testWraps()
  writeFileSync(join(home, 'profile.json'), encodeHeader({ generation: 1, keyId: keyIdOf(testKey()), database: 'made', wraps }))
  const folder = join(dir, 'backups')
  mkdirSync(folder)
  const clock = new FakeClock(NOON)
  const events: NodeEvent[] = []
  const tasks = new Tasks({ clock, random: systemRandom, logger: silentLogger, emit: (event) => events.push(event) })
  onTestFinished(() => tasks.stop())
  const scheduling: Scheduling = { profile: { store, key: testKey() }, options: { dataDir: home, clock, random: systemRandom }, tasks }
  writeSchedule(store, { folder, everyDays, keep })
  const run = (): Promise<void> => backUpIfDue(scheduling, new AbortController().signal)
  const names = (): string[] => readdirSync(folder).sort()
  const status = () => readBackups(store)
  return { home, folder, store, write, clock, tasks, events, scheduling, run, names, status }
}

type World = Awaited<ReturnType<typeof setUp>>
let world: World
beforeEach(async () => {
  world = await setUp()
})

describe('a schedule', () => {
  it('makes a backup when one is due, and then not before its days are over', async () => {
    const { run, names, folder, clock, status, scheduling } = world
    await run()
    expect(names()).toEqual(['SpacePanda-2026-11-23.spacepanda-backup'])
    expect(status()).toMatchObject({ last: { at: NOON, file: join(folder, backupName(NOON)) }, problem: null })
    clock.advance(6 * DAY_MS)
    expect(isDue(scheduling)).toBe(false)
    await run()
    expect(names()).toHaveLength(1)
    clock.advance(DAY_MS)
    await run()
    expect(names()).toEqual(['SpacePanda-2026-11-23.spacepanda-backup', 'SpacePanda-2026-11-30.spacepanda-backup'])
  })

  it('keeps the newest, and nothing of it is ever missing: the older go when the new one is whole', async () => {
    const { run, names, clock } = world
    for (let week = 0; week < 4; week++) {
      await run()
      clock.advance(7 * DAY_MS)
    }
    expect(names()).toEqual(['SpacePanda-2026-12-07.spacepanda-backup', 'SpacePanda-2026-12-14.spacepanda-backup'])
  })

  it('replaces its own of the same day', async () => {
    const { run, names, store, folder, home, write } = world
    await run()
    write(4, 5)
    writeSchedule(store, { folder: `${folder}/`, everyDays: 7, keep: 2 })
    await run()
    expect(names()).toEqual([backupName(NOON)])
    const file = join(folder, backupName(NOON))
    expect(await verifyBackup(file, { kind: 'key', key: testKey() }, home, unwatched)).toMatchObject({ messages: 5 })
  })

  it('touches no file of others: neither of another profile, nor a damaged one, nor anything else', async () => {
    const { run, names, folder, clock } = await setUp({ keep: 1 })
    const foreign = await foreignBackup(folder)
    writeFileSync(join(folder, backupName(NOON - 9 * DAY_MS)), 'damaged')
    writeFileSync(join(folder, 'SpacePanda-holiday.spacepanda-backup'), 'a picture')
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    const kept = [backupName(NOON - 9 * DAY_MS), 'SpacePanda-holiday.spacepanda-backup', 'notes.txt', foreign]
    await run()
    clock.advance(7 * DAY_MS)
    await run()
    expect(names()).toEqual([...kept, backupName(NOON + 7 * DAY_MS)].sort())
  })

  it('takes another name where another profile has the day', async () => {
    const { run, names, folder } = world
    const foreign = await foreignBackup(folder, backupName(NOON))
    const before = readFileSync(join(folder, foreign))
    await run()
    expect(names()).toEqual([backupName(NOON), backupName(NOON, 2)].sort())
    expect(readFileSync(join(folder, foreign)).equals(before)).toBe(true)
  })

  it('removes what a crash left there long ago, and nothing that may be under way', async () => {
    const { run, names, folder } = world
    const [old, young] = ['a', 'b'].map((digit) => `${backupName(NOON)}.${digit.repeat(32)}.tmp`)
    for (const name of [old, young, `other.${'c'.repeat(32)}.tmp`]) writeFileSync(join(folder, name ?? ''), 'x')
    utimesSync(join(folder, old ?? ''), new Date(NOON - 2 * DAY_MS), new Date(NOON - 2 * DAY_MS))
    utimesSync(join(folder, young ?? ''), new Date(NOON), new Date(NOON))
    await run()
    expect(names()).toEqual([backupName(NOON), young, `other.${'c'.repeat(32)}.tmp`].sort())
  })

  it('does nothing once it is taken back', async () => {
    const { run, names, store } = world
    writeSchedule(store, null)
    await run()
    expect(names()).toEqual([])
  })

  it('is not led astray by a clock that was wrong: what lies in the future counts for nothing, and what was just made stays', async () => {
    const { run, names, clock } = await setUp({ keep: 1 })
    clock.advance(1000 * DAY_MS)
    await run()
    clock.advance(-1000 * DAY_MS)
    await run()
    expect(names()).toEqual([backupName(NOON)])
  })
})

describe('a folder', () => {
  it('that is gone is told in words, looked for again, and used when it is back', async () => {
    const { run, names, folder, status } = world
    rmSync(folder, { recursive: true })
    await run()
    expect(status()).toMatchObject({ last: null, problem: expect.stringContaining('not there') as string })
    await run()
    mkdirSync(folder)
    await run()
    expect(names()).toEqual([backupName(NOON)])
    expect(status().problem).toBeNull()
  })

  it('that became a file is told too', async () => {
    const { run, folder, status } = world
    rmSync(folder, { recursive: true })
    writeFileSync(folder, '')
    await run()
    expect(status().problem).toContain('not there')
  })

  it('is asked for an opener: a profile that only the keyring opens has no backups by schedule', async () => {
    const { run, home, status, names } = world
    const wraps = [{ kind: 'keyring' as const, sealed: '00' }]
    writeFileSync(join(home, 'profile.json'), encodeHeader({ generation: 2, keyId: keyIdOf(testKey()), database: 'made', wraps }))
    await run()
    expect(names()).toEqual([])
    expect(status().problem).toContain('recovery phrase')
  })
})

describe('the job', () => {
  it('shows what it does as a task, and waits while a backup is made by hand', async () => {
    const { run, tasks, events, names } = world
    const byHand = Promise.withResolvers<never>()
    tasks.start('backup', () => byHand.promise)
    await run()
    expect(names()).toEqual([])
    byHand.reject(new Error('over'))
    await tasks.stop()
    await run()
    expect(events.at(-1)).toMatchObject({ event: 'task.changed', data: { kind: 'backup', state: { kind: 'done' } } })
  })

  it('ends at once when the profile is closed, leaves nothing half done, and calls that no problem', async () => {
    const { scheduling, names, status, tasks } = world
    const job = backupJob(scheduling)
    const abort = new AbortController()
    const running = job.run(abort.signal)
    abort.abort()
    await running
    expect(names()).toEqual([])
    expect(tasks.list()).toMatchObject([{ state: { kind: 'cancelled' } }])
    expect(status()).toMatchObject({ last: null, problem: null })
    await job.run(abort.signal)
    expect(tasks.list()).toHaveLength(1)
  })
})

/** One of another profile; answers its name. */
async function foreignBackup(folder: string, name = backupName(NOON - DAY_MS)): Promise<string> {
  const { source, home, store } = await backupWorld(1, 9)
  await createBackup(source, { file: join(folder, name), replace: false, scratch: home, structure: true }, unwatched)
  store.close()
  return name
}
