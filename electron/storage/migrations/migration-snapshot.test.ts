import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { channelId } from '../../testing/contracts/store/rows.ts'
import { openStore } from '../open-store.ts'
import { listSnapshots } from '../snapshots/snapshots.ts'
import { numbersIn, profileWithSnapshot } from '../test-support/damage.ts'
import { testFolder, testKey } from '../test-support/folder.ts'
import { runScript } from '../test-support/process.ts'
import type { Migration } from './migration.ts'
import { migrations } from './migrations.ts'

const next: Migration = {
  version: migrations.length + 1,
  up: (database) => void database.exec('ALTER TABLE messages ADD COLUMN more TEXT'),
}
const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)

function numbers(file: string, steps: readonly Migration[] = migrations): number[] {
  const store = openStore({ file, key: testKey(), steps })
  try {
    return numbersIn(store)
  } finally {
    store.close()
  }
}

describe('before the schema is changed', () => {
  test('a snapshot is made that the old program opens', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 30)
    const store = openStore({ file, key: testKey(), steps: [...migrations, next], clock: { now: () => 4711 } })
    expect(store.migratedFrom).toBe(migrations.length)
    store.close()
    const [made, ...older] = listSnapshots(dir)
    expect(older).toEqual([])
    expect(made).toMatchObject({ at: 4711, reason: 'migration' })
    const elsewhere = join(testFolder(), 'profile.db')
    copyFileSync(made?.file ?? '', elsewhere)
    expect(numbers(elsewhere)).toEqual(upTo(30))
  })

  test('what was only in the log is in the snapshot too', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 0)
    const writer = runScript('write-loop.ts', dir)
    await writer.line('durable 20')
    await writer.kill()
    openStore({ file, key: testKey(), steps: [...migrations, next] }).close()
    const elsewhere = join(testFolder(), 'profile.db')
    copyFileSync(listSnapshots(dir)[0]?.file ?? '', elsewhere)
    const old = openStore({ file: elsewhere, key: testKey() })
    expect(old.groups.list()[0]?.sentSeq).toBeGreaterThanOrEqual(20)
    old.close()
  })

  test('none is made of a database without rows to lose, nor where nothing changes', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 0)
    expect(numbers(file)).toEqual([])
    expect(listSnapshots(dir)).toEqual([])
  })
})

test('a step that fails leaves the database as it was, openable by the old program, and the snapshot', async () => {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 0, 30)
  const failing: Migration = {
    version: migrations.length + 2,
    up: (database) => {
      database.exec("UPDATE messages SET text = 'gone'; DROP TABLE joins")
      throw new Error('planned')
    },
  }
  expect(() => openStore({ file, key: testKey(), steps: [...migrations, next, failing] })).toThrow(
    /could not bring your profile up to date/,
  )
  const old = openStore({ file, key: testKey() })
  expect(old.migratedFrom).toBeNull()
  expect(old.damage.known).toEqual([])
  expect(numbersIn(old)).toEqual(upTo(30))
  expect(old.joins.list()).toEqual([])
  old.close()
  expect(listSnapshots(dir)).toHaveLength(1)
})

test('a step that fails at every start leaves one snapshot, not one for each', async () => {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 30, 0)
  const failing: Migration = {
    version: migrations.length + 1,
    up: () => {
      throw new Error('planned')
    },
  }
  for (const at of [1, 2, 3]) {
    expect(() => openStore({ file, key: testKey(), steps: [...migrations, failing], clock: { now: () => at } })).toThrow(
      /could not bring your profile up to date/,
    )
    expect(listSnapshots(dir).map((made) => [made.reason, made.at])).toEqual([
      ['migration', at],
      ['daily', 1000],
    ])
  }
  expect(numbers(file)).toEqual(upTo(30))
})

test('a process that is killed in the middle of a step leaves what the old program opens, every message in it', async () => {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 0, 300)
  for (const wait of [0, 60, 150]) {
    const migrating = runScript('migrate-slowly.ts', dir)
    await migrating.line('round 1')
    await delay(wait)
    await migrating.kill()
    const old = openStore({ file, key: testKey() })
    expect(numbersIn(old)).toEqual(upTo(300))
    expect(old.messages.unread(channelId(1))).toBe(300)
    expect(old.damage.known).toEqual([])
    expect(await old.file.quickCheck({ signal: new AbortController().signal, progress: () => undefined })).toEqual([])
    old.close()
  }
  expect(readdirSync(join(dir, 'snapshots')).filter((name) => name.endsWith('.tmp'))).toEqual([])
}, 60_000)
