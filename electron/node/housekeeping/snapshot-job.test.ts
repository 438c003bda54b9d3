import { copyFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { utf8 } from '../../kernel/bytes.ts'
import { unwatched } from '../../kernel/work.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { messageId } from '../../testing/contracts/store/rows.ts'
import { type OpenStore, openStore } from '../../storage/open-store.ts'
import { listSnapshots } from '../../storage/snapshots/snapshots.ts'
import { markSnapshotsStale, staleMark } from '../../storage/snapshots/stale.ts'
import { flipPages, numbersIn, pagesOf, profileWithSnapshot } from '../../storage/test-support/damage.ts'
import { decryptPages, pagesHolding } from '../../storage/test-support/decrypt-pages.ts'
import { testFolder, testKey } from '../../storage/test-support/folder.ts'
import { keepSnapshots } from './snapshot-job.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

async function setUp(messages = 30, before: (file: string) => void = () => undefined) {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 0, messages)
  before(file)
  const store = openStore({ file, key: testKey() })
  onTestFinished(() => store.close())
  const clock = new FakeClock()
  const keep = (deps: Partial<Parameters<typeof keepSnapshots>[0]> = {}): Promise<void> =>
    keepSnapshots({ store, clock, ...deps }, unwatched)
  const times = (): number[] => listSnapshots(dir).map(({ at }) => at)
  return { dir, file, store, clock, keep, times }
}

/** Numbers of the messages in a snapshot. */
function numbersOf(snapshot: string | undefined): number[] {
  const copy = join(testFolder(), 'profile.db')
  copyFileSync(snapshot ?? '', copy)
  const store = openStore({ file: copy, key: testKey() })
  try {
    return numbersIn(store)
  } finally {
    store.close()
  }
}

function forget(store: OpenStore, n: number): void {
  store.transaction((tx) => {
    tx.messages.deleteForMe(messageId(n))
    markSnapshotsStale(tx.settings)
  })
}

test('copies that a killed repair left are removed: they may hold what was deleted since', async () => {
  const { dir, keep } = await setUp()
  mkdirSync(join(dir, 'repair'))
  writeFileSync(join(dir, 'repair', 'restored.db'), 'a copy')
  await keep()
  expect(existsSync(join(dir, 'repair'))).toBe(false)
})

test('the first snapshot is made soon, the next after a day, and two are kept', async () => {
  const { dir, clock, keep, times } = await setUp()
  const start = clock.now()
  await keep()
  clock.advance(DAY - 1)
  await keep()
  expect(times()).toEqual([start])
  for (const _day of [1, 2, 3]) {
    clock.advance(DAY)
    await keep()
  }
  expect(times()).toEqual([start + 4 * DAY - 1, start + 3 * DAY - 1])
  const [newest] = listSnapshots(dir)
  expect(numbersOf(newest?.file)).toHaveLength(30)
  expect([statSync(dirname(newest?.file ?? '')).mode & 0o777, statSync(newest?.file ?? '').mode & 0o777]).toEqual([0o700, 0o600])
})

describe('a clock that jumps', () => {
  test('forward makes one more; back again none is kept from being made, and the newest made are kept', async () => {
    const { clock, keep, times } = await setUp()
    const start = clock.now()
    await keep()
    await keep({ clock: new FakeClock(start + 400 * DAY) })
    clock.advance(DAY)
    await keep()
    expect(times()).toEqual([start + DAY, start + 400 * DAY])
    clock.advance(MINUTE)
    await keep()
    expect(times()).toEqual([start + DAY, start + 400 * DAY])
  })

  test('before 1970 does no harm', async () => {
    const { keep, times } = await setUp()
    await keep({ clock: new FakeClock(-5) })
    expect(times()).toEqual([0])
  })
})

describe('after something was deleted', () => {
  test('a new one is made and those that hold it go, and the mark with them', async () => {
    const { dir, store, clock, keep, times } = await setUp()
    await keep()
    clock.advance(DAY)
    await keep()
    forget(store, 7)
    clock.advance(10 * MINUTE)
    await keep()
    expect(times()).toEqual([clock.now()])
    const [newest] = listSnapshots(dir)
    expect(numbersOf(newest?.file)).not.toContain(7)
    const copy = join(testFolder(), 'copy.db')
    copyFileSync(newest?.file ?? '', copy)
    expect(pagesHolding(decryptPages(copy, testKey()), utf8('message 7 xxx'))).toEqual([])
    expect(pagesHolding(decryptPages(copy, testKey()), utf8('message 8 xxx'))).toHaveLength(1)
    expect(staleMark(store.settings)).toBeNull()
  })

  test('a large database is not copied again and again: some minutes lie between', async () => {
    const { store, clock, keep, times } = await setUp()
    await keep()
    forget(store, 7)
    clock.advance(9 * MINUTE)
    await keep()
    expect(times()).toEqual([clock.now() - 9 * MINUTE])
    expect(staleMark(store.settings)).not.toBeNull()
  })

  test('what is deleted while the new one is made needs another one', async () => {
    const { store, clock, keep } = await setUp()
    await keep()
    forget(store, 7)
    clock.advance(DAY)
    await keepSnapshots({ store, clock }, { ...unwatched, progress: () => forget(store, 8) })
    expect(staleMark(store.settings)).not.toBeNull()
  })

  test('and no room for a new one, the old ones go all the same', async () => {
    const { store, clock, keep, times } = await setUp()
    await keep()
    forget(store, 7)
    clock.advance(DAY)
    await keep({ hasRoom: () => false })
    expect(times()).toEqual([])
    expect(staleMark(store.settings)).toBeNull()
  })
})

test('without room none is made, and what there is stays', async () => {
  const { clock, keep, times } = await setUp()
  const start = clock.now()
  await keep()
  clock.advance(2 * DAY)
  await keep({ hasRoom: () => false })
  expect(times()).toEqual([start])
})

test('a damaged database pushes out no good copy, whether the damage is known or not', async () => {
  const { file, store, clock, keep, times } = await setUp(200)
  const start = clock.now()
  await keep()
  store.close()
  flipPages(file, pagesOf(file, 'messages').slice(-1))
  const damaged = openStore({ file, key: testKey() })
  for (const _time of [1, 2, 3]) {
    clock.advance(DAY)
    await keepSnapshots({ store: damaged, clock }, unwatched).catch((thrown: unknown) =>
      expect(thrown).toMatchObject({ code: 'unreadable' }),
    )
  }
  damaged.close()
  expect(times()).toEqual([start])
})

test('a snapshot of before a migration stays until the new version started a second time', async () => {
  const { dir, file, clock, keep } = await setUp()
  const snapshot = join(dir, 'snapshots', '000001-5-migration.db')
  await keep()
  copyFileSync(file, snapshot)
  await keep({ store: migratedStore(dir) })
  expect(existsSync(snapshot)).toBe(true)
  clock.advance(MINUTE)
  await keep()
  expect(existsSync(snapshot)).toBe(false)
})

/** As a store says that this start changed its schema. */
function migratedStore(dir: string): OpenStore {
  const settings = { get: () => null, set: () => undefined, delete: () => undefined }
  return {
    file: { path: join(dir, 'profile.db'), size: () => 0 },
    migratedFrom: 3,
    settings,
    damage: { known: ['page'] },
  } as unknown as OpenStore
}

test('what a killed copy left behind is removed', async () => {
  const { dir, keep } = await setUp()
  await keep()
  const left = join(dir, 'snapshots', '000009-5-daily.db.00.tmp')
  writeFileSync(left, 'half')
  await keep()
  expect(existsSync(left)).toBe(false)
  expect(listSnapshots(dir)).toHaveLength(1)
})
