import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { unwatched } from '../../kernel/work.ts'
import { Descriptor } from '../database-file/descriptor.ts'
import { PAGE_BYTES } from '../database-file/page-format.ts'
import { peekSchema } from '../database-file/peek-schema.ts'
import { openStore } from '../open-store.ts'
import { repairDatabase } from '../repair/repair-database.ts'
import { listSnapshots } from '../snapshots/snapshots.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { numbersIn, profileWithSnapshot } from '../test-support/damage.ts'
import { snapshot, testFolder, testKey } from '../test-support/folder.ts'
import { nextSteps } from '../test-support/next-steps.ts'
import { runScript } from '../test-support/process.ts'
import { schemaVersion } from './migrate.ts'
import type { Migration, MigrationTarget } from './migration.ts'
import { migrations } from './migrations.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })
const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)
const NEWEST = migrations.length

function numbers(file: string, steps: readonly Migration[] = migrations): number[] {
  const store = openStore({ file, key: testKey(), steps })
  try {
    expect(store.damage.known).toEqual([])
    return numbersIn(store)
  } finally {
    store.close()
  }
}

/** Does much, and then fails like this. */
const failing = (fail: (database: MigrationTarget) => unknown): Migration[] => [
  ...nextSteps,
  {
    version: NEWEST + 2,
    up: (database) => {
      database.exec("UPDATE messages SET text = 'gone'; DROP TABLE joins; DELETE FROM channel_marks")
      fail(database)
    },
  },
]

describe('a profile that a new version cannot bring up to date', () => {
  test.each<[string, (database: MigrationTarget) => unknown]>([
    [
      'a step of ours throws',
      () => {
        throw new Error('planned')
      },
    ],
    ['SQLite does not understand it', (database) => database.exec('THIS IS NOT SQL')],
    ['a row is not as it must be', (database) => database.exec("INSERT INTO newest VALUES ('no number')")],
    ['it was done before', (database) => database.exec('ALTER TABLE messages ADD COLUMN more TEXT')],
  ])('is as it was, to the byte, where %s; and the version before opens it, with every message', async (_what, fail) => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 30)
    const before = snapshot(dir)
    expect(before.map((line) => line.split(' ')[0])).toEqual(['profile.db', 'profile.db-state', 'profile.json'])
    for (let start = 0; start < 2; start++) {
      expect(() => openStore({ file, key: testKey(), steps: failing(fail) })).toThrow(code('upgrade-failed'))
      expect(snapshot(dir)).toEqual(before)
    }
    expect(() => openStore({ file, key: testKey(), steps: failing(fail) })).toThrow(/as it was, with every message.*version you had before/)
    expect(listSnapshots(dir)).toHaveLength(1)
    expect(numbers(file)).toEqual(upTo(30))
  })

  test('keeps what was only in its log', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 0)
    const writer = runScript('write-loop.ts', dir)
    await writer.line('durable 20')
    await writer.kill()
    const fail = (database: MigrationTarget) => database.exec('THIS IS NOT SQL')
    expect(() => openStore({ file, key: testKey(), steps: failing(fail) })).toThrow(code('upgrade-failed'))
    const old = openStore({ file, key: testKey() })
    expect(old.damage.known).toEqual([])
    expect(old.groups.list()[0]?.sentSeq).toBeGreaterThanOrEqual(20)
    old.close()
  })

  test('is as it was, to the byte, but for a log that nobody reads, where the process is killed in the middle', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 300)
    const before = readFileSync(file)
    const migrating = runScript('migrate-slowly.ts', dir)
    await migrating.line('round 2')
    await migrating.kill()
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(100_000)
    expect(numbers(file)).toEqual(upTo(300))
  })
})

/** A profile that the next version has opened and written to; what it wrote last is in its log alone. */
async function newerWithLog(): Promise<{ dir: string; file: string }> {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 0, 30)
  const newer = runScript('leave-newer.ts', dir)
  await newer.line('open')
  await newer.kill()
  return { dir, file }
}

async function newerClosed(): Promise<{ dir: string; file: string }> {
  const left = await newerWithLog()
  openStore({ file: left.file, key: testKey(), steps: nextSteps }).close()
  return left
}

describe.each([
  ['closed', newerClosed, false],
  ['left with a log when its process died', newerWithLog, true],
])('a profile of a newer version, %s', (_how, make, hasLog) => {
  test('is refused in words, not changed by a byte, and opened by the newer version with everything', async () => {
    const { dir, file } = await make()
    const before = snapshot(dir)
    expect(before.some((line) => line.startsWith('profile.db-wal '))).toBe(hasLog)
    for (let start = 0; start < 2; start++) {
      expect(() => openStore({ file, key: testKey() })).toThrow(code('newer-profile'))
      expect(snapshot(dir)).toEqual(before)
    }
    expect(() => openStore({ file, key: testKey() })).toThrow(/newer SpacePanda.*Install that version or a later one/)
    expect(numbers(file, nextSteps)).toEqual(upTo(31))
  })

  test('is not repaired by this one', async () => {
    const { dir, file } = await make()
    const before = snapshot(dir)
    await expect(repairDatabase({ file, key: testKey() }, unwatched)).rejects.toEqual(code('newer-profile'))
    expect(snapshot(dir)).toEqual(before)
  })

  test('is not known for that by another key', async () => {
    const { dir, file } = await make()
    const before = snapshot(dir)
    expect(() => openStore({ file, key: testKey(8) })).toThrow(code('unreadable'))
    expect(snapshot(dir)).toEqual(before)
  })
})

test('what the schema will be is told as SQLite tells it, wherever the log breaks off or is damaged', async () => {
  const { file } = await newerWithLog()
  const log = readFileSync(`${file}-wal`)
  const frames = (log.length - 32) / (24 + PAGE_BYTES)
  expect(frames).toBeGreaterThan(8)
  const cuts = upTo(frames).flatMap((n) => [32 + n * (24 + PAGE_BYTES), 32 + n * (24 + PAGE_BYTES) - 1])
  const flips = upTo(frames).flatMap((n) => [0, 3, 7, 9, 17, 30, 4000].map((at) => 32 + (n - 1) * (24 + PAGE_BYTES) + at))
  const logs = [
    ...[0, 31, 32, 40, ...cuts].map((length) => log.subarray(0, length)),
    ...[0, 9, 17, 25, ...flips].map((at) => Buffer.from(log).fill(log.readUInt8(at) ^ 1, at, at + 1)),
  ]
  const elsewhere = join(testFolder(), 'profile.db')
  const versions = new Set<number | null>()
  for (const changed of logs) {
    copyFileSync(file, elsewhere)
    writeFileSync(`${elsewhere}-wal`, changed)
    const descriptor = new Descriptor(elsewhere)
    const told = peekSchema(descriptor, `${elsewhere}-wal`, testKey())?.version ?? null
    descriptor.close()
    expect(told).toBe(versionBySqlite(elsewhere))
    versions.add(told)
  }
  expect(versions).toEqual(new Set([NEWEST, NEWEST + 1]))
})

function versionBySqlite(file: string): number {
  const database = openDatabase(file, testKey())
  try {
    return schemaVersion(database)
  } finally {
    database.close()
  }
}
