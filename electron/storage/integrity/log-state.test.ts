import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  rmdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { groupId, groupRow, joinRow } from '../../testing/contracts/store/rows.ts'
import { unwatched } from '../../kernel/work.ts'
import { migrations } from '../migrations/migrations.ts'
import { type OpenStore, openStore } from '../open-store.ts'
import { repairDatabase } from '../repair/repair-database.ts'
import { profileWithSnapshot } from '../test-support/damage.ts'
import { testFolder, testKey } from '../test-support/folder.ts'
import { runScript } from '../test-support/process.ts'
import { noteDamage, readDamage } from './damage-note.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })

/** A profile whose process was killed when message `n` was durable: what it wrote last is in its log only. */
async function killedAt(dir: string, n: number): Promise<string> {
  const file = await profileWithSnapshot(dir, 0, 0)
  const store = openStore({ file, key: testKey() })
  store.transaction((tx) => tx.joins.put(joinRow(1)))
  store.close()
  const writer = runScript('write-loop.ts', dir)
  await writer.line(`durable ${n}`)
  await writer.kill()
  expect(statSync(`${file}-wal`).size).toBeGreaterThan(0)
  return file
}

function opened<T>(file: string, look: (store: OpenStore) => T): T {
  const store = openStore({ file, key: testKey() })
  try {
    return look(store)
  } finally {
    store.close()
  }
}

const sent = (store: OpenStore): number => store.groups.get(groupId(1))?.sentSeq ?? 0

interface State {
  returning: boolean | undefined
  newDevice: boolean
  join: string | undefined
}
const stateOf = (store: OpenStore): State => ({
  returning: store.groups.get(groupId(1))?.returning,
  newDevice: store.settings.get('transport-key')?.[0] !== 1 || store.settings.get('transport-key')?.[31] !== 1,
  join: store.joins.list()[0]?.state.kind,
})
const UNTOUCHED: State = { returning: false, newDevice: false, join: 'working' }
const PUT_BACK: State = { returning: true, newDevice: true, join: 'refused' }

describe('the log', () => {
  test('that a killed process left is read, and nothing is noted', async () => {
    const dir = testFolder()
    const file = await killedAt(dir, 30)
    opened(file, (store) => {
      expect(sent(store)).toBeGreaterThanOrEqual(30)
      expect(stateOf(store)).toEqual(UNTOUCHED)
    })
    expect(readDamage(dir)).toEqual([])
  })

  test('that is gone is a loss: nothing is sent with keys that may have been used, and it is told', async () => {
    const dir = testFolder()
    const file = await killedAt(dir, 30)
    rmSync(`${file}-wal`)
    opened(file, (store) => {
      expect(stateOf(store)).toEqual(PUT_BACK)
      expect(store.damage.known).toEqual(['log-handled'])
    })
    expect(readDamage(dir)).toEqual(['log-handled'])
  })

  test('that is gone is acted upon once: a group that came back stays', async () => {
    const file = await killedAt(testFolder(), 5)
    rmSync(`${file}-wal`)
    opened(file, (store) => store.transaction((tx) => tx.groups.put(groupRow({ returning: false }))))
    opened(file, (store) => expect(stateOf(store).returning).toBe(false))
  })

  test('that is gone is acted upon by the next start where this one was killed right after it saw', async () => {
    const dir = testFolder()
    const file = await killedAt(dir, 5)
    opened(file, (store) => expect(stateOf(store)).toEqual(UNTOUCHED))
    noteDamage(dir, 'log')
    opened(file, (store) => expect(stateOf(store)).toEqual(PUT_BACK))
  })

  test('that is gone is no less a loss where that could not be noted: nothing is opened then', async () => {
    const dir = testFolder()
    const file = await killedAt(dir, 5)
    rmSync(`${file}-wal`)
    mkdirSync(join(dir, 'damage.json'))
    expect(() => openStore({ file, key: testKey() })).toThrow(code('disk'))
    rmdirSync(join(dir, 'damage.json'))
    opened(file, (store) => expect(stateOf(store).returning).toBe(true))
  })

  test('whose beginning is torn is kept aside, and counts as gone: SQLite would delete it', async () => {
    const dir = testFolder()
    const file = await killedAt(dir, 30)
    const log = readFileSync(`${file}-wal`)
    log.writeUInt8(log.readUInt8(17) ^ 1, 17)
    writeFileSync(`${file}-wal`, log)
    opened(file, (store) => expect(stateOf(store)).toEqual(PUT_BACK))
    expect(readFileSync(`${file}-wal.aside-1`).equals(log)).toBe(true)
  })

  test('of another moment is put aside where the profile was closed, and nothing of it is used', async () => {
    const dir = testFolder()
    const file = await killedAt(dir, 30)
    const old = join(testFolder(), 'old-wal')
    copyFileSync(`${file}-wal`, old)
    opened(file, (store) => store.transaction((tx) => tx.groups.put(groupRow({ sentSeq: 77_777 }))))
    copyFileSync(old, `${file}-wal`)
    opened(file, (store) => {
      expect(sent(store)).toBe(77_777)
      expect(stateOf(store)).toEqual(UNTOUCHED)
      expect(store.damage.known).toEqual(['foreign-log'])
    })
    expect(readFileSync(`${file}-wal.aside-1`).equals(readFileSync(old))).toBe(true)
  })

  test('of a database that was put in place of another is that database’s own', async () => {
    const source = await killedAt(testFolder(), 30)
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 3)
    for (const end of ['', '-wal']) copyFileSync(`${source}${end}`, `${file}${end}`)
    opened(file, (store) => {
      expect(sent(store)).toBeGreaterThanOrEqual(30)
      expect(stateOf(store)).toEqual(PUT_BACK)
    })
    expect(readDamage(dir)).toEqual(['set-back-handled'])
  })

  test('cut anywhere costs the end of what was written and never mixes two moments', async () => {
    const dir = testFolder()
    const file = await killedAt(dir, 25)
    const [log, database, state] = [readFileSync(`${file}-wal`), readFileSync(file), readFileSync(`${file}-state`)]
    let before = -1
    for (let part = 1; part <= 12; part++) {
      writeFileSync(file, database)
      writeFileSync(`${file}-wal`, log)
      writeFileSync(`${file}-state`, state)
      truncateSync(`${file}-wal`, Math.max(40, Math.floor((log.length * part) / 12)))
      const count = opened(file, (store) => {
        const messages = store.messages.page(groupChannel, 10_000, null).messages.map(({ lamport }) => lamport)
        expect(messages.reverse()).toEqual(Array.from({ length: sent(store) }, (_, index) => index + 1))
        return sent(store)
      })
      expect(count).toBeGreaterThanOrEqual(before)
      before = count
    }
    expect(before).toBeGreaterThanOrEqual(25)
  })
})

const groupChannel = `c0${'1'.padStart(30, '0')}` as Parameters<OpenStore['messages']['page']>[0]

describe('a database that was put back by hand', () => {
  const PUT_BACK_ONLY = { returning: true, newDevice: true, join: undefined }

  test.each<[string, (file: string, copy: string) => Promise<void>]>([
    ['a copy of a closed profile', async (file, copy) => copyFileSync(file, copy)],
    ['a snapshot', async (file, copy) => copyFileSync(join(file, '..', 'snapshots', '000001-1000-daily.db'), copy)],
    [
      'a snapshot made since it was opened last',
      async (file, copy) => {
        const store = openStore({ file, key: testKey() })
        await store.file.copyTo(copy, unwatched)
        store.close()
      },
    ],
  ])('%s is seen for what it is: nothing is sent with its keys', async (_what, take) => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 5, 5)
    const copy = join(testFolder(), 'copy.db')
    await take(file, copy)
    opened(file, (store) => store.transaction((tx) => tx.groups.put(groupRow({ sentSeq: 9 }))))
    copyFileSync(copy, file)
    opened(file, (store) => {
      expect(sent(store)).toBe(0)
      expect(stateOf(store)).toEqual(PUT_BACK_ONLY)
      expect(store.damage.known).toEqual(['set-back-handled'])
    })
    opened(file, (store) => {
      store.transaction((tx) => tx.groups.put(groupRow({ returning: false })))
    })
    opened(file, (store) => expect(stateOf(store).returning).toBe(false))
  })

  test('also where the process that had it open was killed', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 0)
    const copy = join(testFolder(), 'copy.db')
    copyFileSync(file, copy)
    const writer = runScript('write-loop.ts', dir)
    await writer.line('durable 10')
    await writer.kill()
    copyFileSync(copy, file)
    rmSync(`${file}-wal`)
    opened(file, (store) => expect(stateOf(store)).toEqual(PUT_BACK_ONLY))
  })

  test('is trusted together with the note that lay beside it: a folder that is moved or copied whole goes on', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 5, 5)
    const elsewhere = testFolder()
    for (const name of ['profile.db', 'profile.db-state', 'profile.json']) copyFileSync(join(dir, name), join(elsewhere, name))
    opened(join(elsewhere, 'profile.db'), (store) => expect(stateOf(store).returning).toBe(false))
    opened(file, (store) => expect(stateOf(store).returning).toBe(false))
  })
})

describe('what is noted of it', () => {
  test('is "open" while in use, and names the database once closed', async () => {
    const file = await profileWithSnapshot(testFolder(), 0, 1)
    opened(file, () => expect(readFileSync(`${file}-state`, 'utf8')).toMatch(/^open\n([0-9a-f]{32}|none)\n[0-9a-f]{32}\n$/))
    expect(readFileSync(`${file}-state`, 'utf8')).toMatch(/^closed\n[0-9a-f]{64}\n[0-9a-f]{32}\n$/)
  })

  test('is not touched by who is refused: the owner goes on', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 1)
    const holder = runScript('hold-store.ts', dir)
    await holder.line('open')
    expect(() => openStore({ file, key: testKey() })).toThrow(code('in-use'))
    expect(readFileSync(`${file}-state`, 'utf8')).toMatch(/^open\n/)
    expect(readDamage(dir)).toEqual([])
    await holder.kill()
  })

  test('is taken back where opening failed: the log that SQLite removed then is no loss', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 1)
    const failing = { version: migrations.length + 1, up: () => expect.unreachable() }
    for (let time = 0; time < 2; time++) expect(() => openStore({ file, key: testKey(), steps: [...migrations, failing] })).toThrow()
    opened(file, (store) => expect(store.damage.known).toEqual([]))
  })

  test('is no loss where a repair looked at a database whose process was killed', async () => {
    const dir = testFolder()
    const file = await killedAt(dir, 10)
    expect(await repairDatabase({ file, key: testKey() }, unwatched)).toEqual({ kind: 'sound' })
    opened(file, (store) => {
      expect(sent(store)).toBeGreaterThanOrEqual(10)
      expect(stateOf(store)).toEqual(UNTOUCHED)
      expect(store.damage.known).toEqual([])
    })
  })

  test('may be missing: a profile of an older version, or a copy, opens as it is', async () => {
    const dir = testFolder()
    const file = await killedAt(dir, 10)
    rmSync(`${file}-state`)
    opened(file, (store) => expect(sent(store)).toBeGreaterThanOrEqual(10))
    expect(readdirSync(dir).filter((name) => name.includes('aside') || name === 'damage.json')).toEqual([])
  })

  test('is not there where no key file is: nothing is known of such a database', () => {
    const dir = testFolder()
    openStore({ file: join(dir, 'profile.db'), key: testKey() }).close()
    expect(existsSync(join(dir, 'profile.db-state'))).toBe(false)
  })
})
