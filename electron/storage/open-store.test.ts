import { appendFileSync, chmodSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fromHex, utf8 } from '../kernel/bytes.ts'
import { Redacted } from '../kernel/redacted.ts'
import type { Store } from '../ports/store.ts'
import { messageRow, objectRow, addMessage } from '../testing/contracts/store/rows.ts'
import { openStore } from './open-store.ts'
import { filesHolding, modeOf, snapshot, testFolder, testKey } from './test-support/folder.ts'
import { runScript } from './test-support/process.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })

/** A closed database with a few rows in it; answers its file. */
function closedDatabase(dir: string, messages = 5): string {
  const file = join(dir, 'profile.db')
  const store = openStore({ file, key: testKey() })
  store.transaction((tx) => {
    for (let n = 1; n <= messages; n++) addMessage(tx, messageRow(n))
  })
  store.close()
  return file
}

const count = (store: Store): number => store.messages.page(messageRow(1).channelId, 1000, null).messages.length

describe('a store', () => {
  test('has after reopening what it had before', () => {
    const file = closedDatabase(testFolder())
    const store = openStore({ file, key: testKey() })
    expect(count(store)).toBe(5)
    store.close()
  })

  test('leaves one file when closed, for its owner alone', () => {
    const dir = testFolder()
    closedDatabase(dir)
    expect(snapshot(dir)).toEqual([expect.stringMatching(/^profile\.db 600 /)])
  })

  test('closes to others a database that came from elsewhere', () => {
    const file = closedDatabase(testFolder())
    chmodSync(file, 0o644)
    openStore({ file, key: testKey() }).close()
    expect(modeOf(file)).toBe(0o600)
  })

  test('needs its folder', () => {
    expect(() => openStore({ file: join(testFolder(), 'missing', 'profile.db'), key: testKey() })).toThrow(code('no-profile'))
  })
})

describe('encryption', () => {
  test('covers database and log from the first byte: text, names, ids and SQLite itself are nowhere to be found', async () => {
    const dir = testFolder()
    const writer = runScript('write-loop.ts', dir)
    await writer.line('durable 40')
    await writer.kill()
    expect(statSync(join(dir, 'profile.db-wal')).size).toBeGreaterThan(10_000)
    const row = objectRow(1)
    const canaries = [utf8('number 7'), utf8('SQLite format 3'), utf8('CREATE TABLE'), fromHex(row.groupId), fromHex(row.objectId)]
    expect(canaries.map((canary) => filesHolding(dir, canary))).toEqual(canaries.map(() => []))
  })

  test('the search above does find what is in clear', () => {
    const dir = testFolder()
    writeFileSync(join(dir, 'clear'), 'xx number 7 yy')
    expect(filesHolding(dir, utf8('number 7'))).toEqual(['clear'])
  })

  test('gives two databases of one key and content nothing in common', () => {
    const [one, two] = [readFileSync(closedDatabase(testFolder())), readFileSync(closedDatabase(testFolder()))]
    expect(one.length).toBe(two.length)
    expect(one.subarray(0, 16).equals(two.subarray(0, 16))).toBe(false)
    expect(one.subarray(4096, 4160).equals(two.subarray(4096, 4160))).toBe(false)
  })

  test('has no unencrypted index of the log beside it while open', async () => {
    const dir = testFolder()
    const writer = runScript('write-loop.ts', dir)
    await writer.line('durable 3')
    await writer.kill()
    expect(snapshot(dir).map((line) => line.split(' ')[0])).toEqual(['profile.db', 'profile.db-wal'])
  })

  test('takes keys of 32 bytes only', () => {
    const file = join(testFolder(), 'profile.db')
    expect(() => openStore({ file, key: new Redacted(new Uint8Array(16)) })).toThrow('length')
  })
})

describe('a wrong key', () => {
  test('is refused and changes nothing', () => {
    const dir = testFolder()
    const file = closedDatabase(dir)
    const before = snapshot(dir)
    expect(() => openStore({ file, key: testKey(8) })).toThrow(code('unreadable'))
    expect(snapshot(dir)).toEqual(before)
  })

  test('changes nothing either where a log was left behind, and the right one still opens everything', async () => {
    const dir = testFolder()
    const writer = runScript('write-loop.ts', dir)
    await writer.line('durable 60')
    await writer.kill()
    const before = snapshot(dir)
    expect(before).toHaveLength(2)
    expect(() => openStore({ file: join(dir, 'profile.db'), key: testKey(8) })).toThrow(code('unreadable'))
    expect(snapshot(dir)).toEqual(before)
    const store = openStore({ file: join(dir, 'profile.db'), key: testKey() })
    expect(count(store)).toBeGreaterThanOrEqual(60)
    store.close()
  })
})

describe('the lock', () => {
  test('lets one process in: the second is told so, and the first goes on', async () => {
    const dir = testFolder()
    closedDatabase(dir)
    const holder = runScript('hold-store.ts', dir)
    await holder.line('open')
    expect(() => openStore({ file: join(dir, 'profile.db'), key: testKey() })).toThrow(code('in-use'))
    expect(() => openStore({ file: join(dir, 'profile.db'), key: testKey(8) })).toThrow(code('in-use'))
    expect(holder.child.exitCode).toBeNull()
    await holder.kill()
    const store = openStore({ file: join(dir, 'profile.db'), key: testKey() })
    expect(count(store)).toBe(5)
    store.close()
  })

  test('keeps another process out while this one has it', async () => {
    const dir = testFolder()
    const store = openStore({ file: join(dir, 'profile.db'), key: testKey() })
    const other = runScript('hold-store.ts', dir)
    expect(await other.line('refused')).toBe('refused in-use')
    store.transaction((tx) => tx.settings.set('a', Uint8Array.of(1)))
    expect(store.settings.get('a')).toEqual(Uint8Array.of(1))
    store.close()
  })

  test('keeps out a second opener in the same process', () => {
    const file = join(testFolder(), 'profile.db')
    const store = openStore({ file, key: testKey() })
    expect(() => openStore({ file, key: testKey() })).toThrow(code('in-use'))
    store.close()
    openStore({ file, key: testKey() }).close()
  })
})

describe('damage', () => {
  test.each<[string, (file: string) => void]>([
    ['not a database', (file) => writeFileSync(file, 'hello '.repeat(3000))],
    ['first page changed', (file) => flip(file, 200)],
    ['cut inside the first page', (file) => truncateSync(file, 1000)],
    ['cut to what SQLite would take for empty', (file) => truncateSync(file, 60)],
  ])('%s is refused, and left as it is', (_what, damage) => {
    const dir = testFolder()
    const file = closedDatabase(dir)
    damage(file)
    const before = snapshot(dir)
    expect(() => openStore({ file, key: testKey() })).toThrow(code('unreadable'))
    expect(snapshot(dir)).toEqual(before)
  })

  test('a flipped bit deep inside is noticed when it is read, not given out', () => {
    const file = closedDatabase(testFolder(), 300)
    const pages = statSync(file).size / 4096
    for (let page = Math.floor(pages * 0.6); page < pages; page++) flip(file, page * 4096 + 100)
    const store = openStore({ file, key: testKey() })
    expect(() => count(store)).toThrow(code('unreadable'))
    store.close()
  })

  test('an emptied database is not taken for a new one while its log is there', async () => {
    const dir = testFolder()
    const writer = runScript('write-loop.ts', dir)
    await writer.line('durable 5')
    await writer.kill()
    truncateSync(join(dir, 'profile.db'), 0)
    const before = snapshot(dir)
    expect(() => openStore({ file: join(dir, 'profile.db'), key: testKey() })).toThrow(code('unreadable'))
    expect(snapshot(dir)).toEqual(before)
  })

  test('a torn end of the log costs only what was never durable', async () => {
    const dir = testFolder()
    const writer = runScript('write-loop.ts', dir)
    await writer.line('durable 20')
    await writer.kill()
    appendFileSync(join(dir, 'profile.db-wal'), Buffer.alloc(3000, 0x5a))
    const store = openStore({ file: join(dir, 'profile.db'), key: testKey() })
    expect(count(store)).toBeGreaterThanOrEqual(20)
    store.close()
  })

  test('a store without key file may begin where nothing is', () => {
    const dir = testFolder()
    const file = closedDatabase(dir)
    rmSync(file)
    const store = openStore({ file, key: testKey() })
    expect(count(store)).toBe(0)
    store.close()
  })
})

function flip(file: string, at: number): void {
  const content = readFileSync(file)
  content.writeUInt8(content.readUInt8(at) ^ 1, at)
  writeFileSync(file, content)
}
