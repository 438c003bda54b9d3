import { existsSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { unwatched } from '../../kernel/work.ts'
import type { Store } from '../../ports/store.ts'
import { addMessage, channelId, messageRow } from '../../testing/contracts/store/rows.ts'
import { openStore } from '../open-store.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { modeOf, testFolder, testKey } from '../test-support/folder.ts'
import { runScript } from '../test-support/process.ts'
import { Descriptor } from './descriptor.ts'
import { OpenFile } from './open-file.ts'
import { PAGE_BYTES } from './page-format.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })
const long = 'words '.repeat(200)

function opened(messages = 200) {
  const dir = testFolder()
  const store = openStore({ file: join(dir, 'profile.db'), key: testKey() })
  write(store, 1, messages)
  return { dir, store }
}

const write = (store: Store, from: number, to: number): void =>
  store.transaction((tx) => {
    for (let n = from; n <= to; n++) addMessage(tx, messageRow(n, { text: long }))
  })

function countIn(file: string): number {
  const store = openStore({ file, key: testKey() })
  try {
    return store.messages.page(channelId(1), 100_000, null).messages.length
  } finally {
    store.close()
  }
}

describe('a copy', () => {
  test('has what was written before it began and nothing later, though messages are written all the while', async () => {
    const { dir, store } = opened(1000)
    const target = join(dir, 'copy.db')
    const copying = store.file.copyTo(target, unwatched)
    let n = 1000
    await turn()
    for (let round = 0; round < 20; round++) {
      write(store, n + 1, n + 50)
      n += 50
      await turn()
    }
    await copying
    expect(modeOf(target)).toBe(0o600)
    expect(countIn(target)).toBe(1000)
    store.close()
    expect(countIn(join(dir, 'profile.db'))).toBe(2000)
    expect(readdirSync(dir).sort()).toEqual(['copy.db', 'profile.db'])
  })

  test('moves the log again once it is done', async () => {
    const { dir, store } = opened(10)
    await store.file.copyTo(join(dir, 'copy.db'), unwatched)
    for (let round = 0; round < 30; round++) write(store, 11 + round * 100, 110 + round * 100)
    expect(statSync(join(dir, 'profile.db')).size).toBeGreaterThan(2_000_000)
    store.close()
  })

  test('tells its progress up to the whole size', async () => {
    const { dir, store } = opened(1000)
    const told: number[] = []
    await store.file.copyTo(join(dir, 'copy.db'), { ...unwatched, progress: (done) => told.push(done) })
    expect(told.length).toBeGreaterThan(3)
    expect(told.at(-1)).toBe(statSync(join(dir, 'copy.db')).size)
    store.close()
  })

  test('that is cancelled leaves what was there and no temporary file', async () => {
    const { dir, store } = opened(1000)
    const target = join(dir, 'copy.db')
    writeFileSync(target, 'older copy')
    const abort = new AbortController()
    const copying = store.file.copyTo(target, { signal: abort.signal, progress: () => abort.abort() })
    await expect(copying).rejects.toThrow(code('cancelled'))
    expect(readFileSync(target, 'utf8')).toBe('older copy')
    expect(readdirSync(dir).sort()).toEqual(['copy.db', 'profile.db', 'profile.db-wal'])
    store.close()
  })

  test('ends in words when the store is closed under it', async () => {
    const { dir, store } = opened(1000)
    const copying = store.file.copyTo(join(dir, 'copy.db'), { ...unwatched, progress: () => store.close() })
    await expect(copying).rejects.toThrow(code('stopping'))
    expect(readdirSync(dir)).toEqual(['profile.db'])
    expect(countIn(join(dir, 'profile.db'))).toBe(1000)
  })

  test('into a folder that is not there ends with the disk, and the store goes on', async () => {
    const { dir, store } = opened(5)
    await expect(store.file.copyTo(join(dir, 'none', 'copy.db'), unwatched)).rejects.toThrow(code('disk'))
    write(store, 6, 7)
    store.close()
    expect(countIn(join(dir, 'profile.db'))).toBe(7)
  })

  test('waits for another', async () => {
    const { dir, store } = opened(300)
    await Promise.all(['a.db', 'b.db'].map((name) => store.file.copyTo(join(dir, name), unwatched)))
    store.close()
    expect([countIn(join(dir, 'a.db')), countIn(join(dir, 'b.db'))]).toEqual([300, 300])
  })

  test('keeps the lock: another process is still refused', async () => {
    const { dir, store } = opened(5)
    await store.file.copyTo(join(dir, 'copy.db'), unwatched)
    await store.file.verifyPages(1, 100, unwatched)
    expect(() => openStore({ file: join(dir, 'profile.db'), key: testKey() })).toThrow(code('in-use'))
    expect(await runScript('hold-store.ts', dir).line('refused')).toBe('refused in-use')
    store.close()
    await runScript('hold-store.ts', dir).line('open')
  })
})

describe('emptying the log', () => {
  test('happens at once', () => {
    const { dir, store } = opened(20)
    expect(statSync(join(dir, 'profile.db-wal')).size).toBeGreaterThan(0)
    store.file.checkpoint()
    expect(statSync(join(dir, 'profile.db-wal')).size).toBe(0)
    store.close()
  })

  test('waits for a copy that is under way', async () => {
    const { dir, store } = opened(20)
    await store.file.holdStill(async ({ size }) => {
      write(store, 21, 200)
      store.file.checkpoint()
      await turn()
      expect(store.file.size()).toBe(size)
    })
    expect(statSync(join(dir, 'profile.db-wal')).size).toBe(0)
    store.close()
  })
})

describe('verifying pages', () => {
  test('finds nothing where nothing is wrong, in slices that end', async () => {
    const { store } = opened(1000)
    store.file.checkpoint()
    let from: number | null = 1
    let slices = 0
    while (from !== null) {
      const { damaged, next }: { damaged: number[]; next: number | null } = await store.file.verifyPages(from, 100, unwatched)
      expect(damaged).toEqual([])
      from = next
      slices += 1
    }
    expect(slices).toBe(Math.ceil(store.file.size() / PAGE_BYTES / 100))
    store.close()
  })

  test('finds each page of which a bit was changed, and a last page that is not whole', async () => {
    const { dir, store } = opened(100)
    store.close()
    const file = join(dir, 'profile.db')
    const bytes = readFileSync(file)
    const pages = bytes.length / PAGE_BYTES
    for (const page of [3, 7, pages - 2])
      bytes.writeUInt8(bytes.readUInt8((page - 1) * PAGE_BYTES + 50 + page) ^ 4, (page - 1) * PAGE_BYTES + 50 + page)
    writeFileSync(file, bytes)
    truncateSync(file, bytes.length - 10)
    const damaged = openStore({ file, key: testKey() })
    expect((await damaged.file.verifyPages(1, pages, unwatched)).damaged).toEqual([3, 7, pages - 2, pages])
    damaged.close()
  })
})

test('quick_check passes where nothing is wrong and names the table where something is', async () => {
  const { dir, store } = opened(300)
  expect(await store.file.quickCheck(unwatched)).toEqual([])
  store.close()
  const file = join(dir, 'profile.db')
  const bytes = readFileSync(file)
  for (let at = Math.floor(bytes.length / PAGE_BYTES / 2) * PAGE_BYTES; at < bytes.length; at += PAGE_BYTES) bytes.fill(1, at, at + 90)
  writeFileSync(file, bytes)
  const damaged = openStore({ file, key: testKey() })
  expect(await damaged.file.quickCheck(unwatched)).toContainEqual({ kind: 'table', name: 'messages' })
  damaged.close()
})

test('a copy during which too much is written ends in words, and the log is moved again', async () => {
  const file = join(testFolder(), 'profile.db')
  writeFileSync(file, '')
  const descriptor = new Descriptor(file)
  const database = openDatabase(file, testKey())
  database.exec('CREATE TABLE t (a BLOB)')
  const insert = database.prepare('INSERT INTO t VALUES (randomblob(100000))')
  for (let n = 0; n < 20; n++) insert.run()
  const opened = new OpenFile({ path: file, database, descriptor, log: null, key: testKey(), damaged: () => undefined, walLimit: 500_000 })
  const copying = opened.copyTo(`${file}.copy`, { ...unwatched, progress: () => void insert.run() })
  await expect(copying).rejects.toThrow(code('conflict'))
  expect(existsSync(`${file}.copy`)).toBe(false)
  for (let n = 0; n < 60; n++) insert.run()
  expect(statSync(file).size).toBeGreaterThan(5_000_000)
  await opened.copyTo(`${file}.copy`, unwatched)
  database.close()
  opened.close()
})

test('a damaged page is never copied', async () => {
  const { dir, store } = opened(300)
  store.close()
  const file = join(dir, 'profile.db')
  const bytes = readFileSync(file)
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 100) ^ 1, bytes.length - 100)
  writeFileSync(file, bytes)
  const damaged = openStore({ file, key: testKey() })
  await expect(damaged.file.copyTo(join(dir, 'copy.db'), unwatched)).rejects.toThrow(code('unreadable'))
  expect(existsSync(join(dir, 'copy.db'))).toBe(false)
  expect(damaged.damage.known).toEqual(['page'])
  damaged.close()
})
