import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { unwatched } from '../../kernel/work.ts'
import {
  SELF,
  addMessage,
  eid,
  groupId,
  groupRow,
  memberRow,
  memberId,
  messageId,
  messageRow,
  objectId,
  objectRow,
  spaceRow,
} from '../../testing/contracts/store/rows.ts'
import { checkContent } from '../integrity/check-content.ts'
import { readDamage } from '../integrity/damage-note.ts'
import { type OpenStore, openStore } from '../open-store.ts'
import { listSnapshots } from '../snapshots/snapshots.ts'
import { staleMark } from '../snapshots/stale.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { flipPages, numbersIn, pageCount, pagesOf, profileWithSnapshot } from '../test-support/damage.ts'
import { snapshot, testFolder, testKey } from '../test-support/folder.ts'
import { runScript } from '../test-support/process.ts'
import { type RepairOutcome, repairDatabase } from './repair-database.ts'
import { listSetAside } from './replace-database.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })
const repair = (file: string): Promise<RepairOutcome> => repairDatabase({ file, key: testKey() }, unwatched)
const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)

/** Opens it, asserts that nothing contradicts itself, and closes it. */
async function opened<T>(file: string, look: (store: OpenStore) => T): Promise<T> {
  const store = openStore({ file, key: testKey() })
  try {
    expect(await checkContent(store, unwatched)).toEqual({})
    expect(await store.file.quickCheck(unwatched)).toEqual([])
    return look(store)
  } finally {
    store.close()
  }
}

const isReturning = (store: OpenStore): boolean[] => store.groups.list().map(({ returning }) => returning)

describe('what can all be read is rebuilt, nothing is lost and nobody has to return', () => {
  test('a damaged index', async () => {
    const file = await profileWithSnapshot(testFolder(), 100, 200)
    flipPages(file, pagesOf(file, 'messages_newest'))
    expect(await repair(file)).toEqual({ kind: 'rebuilt' })
    await opened(file, (store) => {
      expect(numbersIn(store)).toEqual(upTo(300))
      expect(isReturning(store)).toEqual([false])
      expect(store.messages.newestLamport(groupId(1))).toBe(300)
    })
    expect(listSetAside(file)).toHaveLength(1)
  })

  test('a damaged search index, which is made anew', async () => {
    const file = await profileWithSnapshot(testFolder(), 0, 300)
    flipPages(file, pagesOf(file, 'message_search_data'))
    expect(await repair(file)).toEqual({ kind: 'rebuilt' })
    await opened(file, (store) => {
      expect(store.search.isIncomplete()).toBe(true)
      store.transaction((tx) => tx.search.indexMore(1000))
      const query = { groups: null, channelId: null, order: 'newest' as const, limit: 5, before: null }
      expect(store.search.find({ ...query, terms: [{ words: '217', prefix: false }] }).messages.map((m) => m.messageId)).toEqual([
        messageId(217),
      ])
    })
  })

  test('an index that contradicts its table is mended in place', async () => {
    const file = await profileWithSnapshot(testFolder(), 0, 50)
    withSchemaOpen(file, (database) => {
      database.exec(`CREATE TABLE kept AS SELECT * FROM sqlite_schema WHERE name = 'messages_newest'`)
      database.exec(`DELETE FROM sqlite_schema WHERE name = 'messages_newest'`)
    })
    withSchemaOpen(file, (database) => {
      database.exec('UPDATE messages SET lamport = lamport + 1000')
      database.exec('INSERT INTO sqlite_schema SELECT * FROM kept; DROP TABLE kept')
    })
    expect(await repair(file)).toEqual({ kind: 'reindexed' })
    await opened(file, (store) => expect(store.messages.newestLamport(groupId(1))).toBe(1050))
    expect(listSetAside(file)).toEqual([])
  })

  test('counters, an outbox and an index that contradict the messages', async () => {
    const file = await profileWithSnapshot(testFolder(), 0, 50)
    const database = openDatabase(file, testKey())
    database.exec(`UPDATE channel_marks SET unread = 7, last_seq = 12;
      INSERT INTO owed_objects SELECT group_id, position, 3 FROM objects LIMIT 5;
      INSERT INTO message_search (message_search) VALUES ('delete-all')`)
    database.close()
    const store = openStore({ file, key: testKey() })
    expect(await checkContent(store, unwatched)).toEqual({ counters: 2, outbox: 5, search: 50 })
    store.close()
    expect(await repair(file)).toEqual({ kind: 'mended' })
    await opened(file, (mended) => {
      expect(mended.messages.unread(messageRow(1).channelId)).toBe(50)
      expect(mended.search.isIncomplete()).toBe(true)
    })
  })
})

test('a message whose object is lost is not lost with it', async () => {
  const file = await profileWithSnapshot(testFolder(), 0, 50)
  const database = openDatabase(file, testKey())
  database.exec('PRAGMA foreign_keys = OFF; DELETE FROM objects WHERE position IN (7, 9)')
  database.close()
  expect(await repair(file)).toEqual({ kind: 'mended' })
  await opened(file, (store) => expect(numbersIn(store)).toEqual(upTo(50)))
})

test('a space in which numbers of ours would be used again returns, and sends nothing before it counts on from beyond them', async () => {
  const file = await profileWithSnapshot(testFolder(), 0, 5)
  const store = openStore({ file, key: testKey() })
  store.transaction((tx) => {
    tx.objects.put(objectRow(501, { senderSeq: 3 }))
    tx.groups.put(groupRow({ selfMemberId: SELF, sentSeq: 2 }))
  })
  expect(await checkContent(store, unwatched)).toEqual({ 'own-numbers': 1 })
  store.close()
  expect(await repair(file)).toEqual({ kind: 'mended' })
  await opened(file, (mended) => expect(isReturning(mended)).toEqual([true]))
})

/** It is the repair that looks first: nobody opened the profile before, and nobody can tell afterwards. */
describe('a database that is older than what was last done with it returns, however it is repaired', () => {
  const killed = async (dir: string): Promise<void> => {
    const writer = runScript('write-loop.ts', dir)
    await writer.line('durable 10')
    await writer.kill()
  }
  const returns = async (file: string, noted: string): Promise<void> => {
    expect(readDamage(dirname(file))).toEqual([noted])
    await opened(file, (store) => expect(isReturning(store)).toEqual([true]))
  }

  test.each<[string, (wal: string) => void]>([
    ['is gone', (wal) => rmSync(wal)],
    ['is torn', (wal) => writeFileSync(wal, 'torn')],
  ])('where its log %s and the rest is sound', async (_what, harm) => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 0)
    await killed(dir)
    harm(`${file}-wal`)
    expect(await repair(file)).toEqual({ kind: 'sound' })
    await returns(file, 'log-handled')
  })

  test('where its log is gone and it is rebuilt', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 200)
    const pages = pagesOf(file, 'messages_newest')
    openStore({ file, key: testKey() }).close()
    await killed(dir)
    rmSync(`${file}-wal`)
    flipPages(file, pages)
    expect(await repair(file)).toEqual({ kind: 'rebuilt' })
    await returns(file, 'log-handled')
  })

  test('where it was put back by hand', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 5)
    const older = readFileSync(file)
    await opened(file, (store) => store.transaction((tx) => tx.groups.put(groupRow({ sentSeq: 9 }))))
    writeFileSync(file, older)
    expect(await repair(file)).toEqual({ kind: 'sound' })
    await returns(file, 'set-back-handled')
  })
})

function withSchemaOpen(file: string, change: (database: ReturnType<typeof openDatabase>) => void): void {
  const database = openDatabase(file, testKey())
  database.unsafeMode(true).pragma('writable_schema = ON')
  change(database)
  database.close()
}

describe('what cannot be read comes from the newest good snapshot', () => {
  test('with every message of after it that can still be read; the group has to return and the network sees a new device', async () => {
    const file = await profileWithSnapshot(testFolder(), 100, 400)
    const damaged = pagesOf(file, 'messages').slice(10, 13)
    flipPages(file, damaged)
    const outcome = await repair(file)
    expect(outcome).toMatchObject({ kind: 'restored', from: 1000, spaces: 0 })
    await opened(file, (store) => {
      const numbers = numbersIn(store)
      expect(numbers.slice(0, 100)).toEqual(upTo(100))
      // About ten rows a page.
      expect(numbers.length).toBeGreaterThan(450)
      expect(numbers.length).toBe(new Set(numbers).size)
      expect(outcome).toMatchObject({ messages: numbers.length - 100 })
      expect(isReturning(store)).toEqual([true])
      expect(store.settings.get('transport-key')).not.toEqual(new Uint8Array(32).fill(1))
      // What was saved is not taken for received: the others are asked for it.
      expect([100, 500].map((n) => store.objects.has(groupId(1), objectId(n)))).toEqual([true, false])
    })
  })

  test('and keeps deleted what was deleted since, and read what was read', async () => {
    const file = await profileWithSnapshot(testFolder(), 100, 300)
    const store = openStore({ file, key: testKey() })
    store.transaction((tx) => {
      tx.messages.deleteForMe(messageId(5))
      tx.messages.deleteForMe(messageId(350))
      tx.messages.markRead(messageRow(1).channelId, 400)
    })
    store.close()
    flipPages(file, pagesOf(file, 'objects').slice(-1))
    expect(await repair(file)).toMatchObject({ kind: 'restored' })
    await opened(file, (repaired) => {
      expect(numbersIn(repaired)).toEqual(upTo(400).filter((n) => n !== 5 && n !== 350))
      expect(repaired.messages.wasDeleted(messageId(350))).toBe(true)
      expect(repaired.messages.unread(messageRow(1).channelId)).toBeLessThanOrEqual(1)
    })
  })

  test('and the snapshots that still hold what was deleted since are to be replaced', async () => {
    const file = await profileWithSnapshot(testFolder(), 100, 100)
    const store = openStore({ file, key: testKey() })
    store.transaction((tx) => tx.messages.deleteForMe(messageId(5)))
    store.close()
    flipPages(file, pagesOf(file, 'objects').slice(-1))
    expect(await repair(file)).toMatchObject({ kind: 'restored' })
    await opened(file, (repaired) => expect(staleMark(repaired.settings)).not.toBeNull())
  })

  test('and what we wrote since is still on its way to whom it did not reach, and is asked of nobody', async () => {
    const file = await profileWithSnapshot(testFolder(), 100, 100)
    const [ann, bob] = [memberId(1), memberId(2)]
    const store = openStore({ file, key: testKey() })
    store.transaction((tx) => {
      for (const n of [501, 502, 504]) {
        tx.objects.put(objectRow(n, { senderSeq: n - 500, epoch: 3, bytes: Uint8Array.of(n - 500) }))
        tx.deliveries.owe(objectId(n), groupId(1), [ann, bob])
        tx.messages.add(messageRow(n, { author: SELF, text: `ours ${n}` }))
      }
      for (const member of [ann, bob]) tx.deliveries.ack(objectId(501), member, 7)
      tx.deliveries.ack(objectId(504), ann, 8)
    })
    store.close()
    flipPages(file, pagesOf(file, 'peers'))
    expect(await repair(file)).toMatchObject({ kind: 'restored' })
    await opened(file, (repaired) => {
      expect([ann, bob].map((member) => repaired.deliveries.owedTo(groupId(1), member, 9))).toEqual([
        [objectId(502)],
        [objectId(502), objectId(504)],
      ])
      expect(repaired.objects.get(objectId(504))).toMatchObject({ sender: SELF, senderSeq: 4, epoch: 3, bytes: Uint8Array.of(4) })
      expect(repaired.messages.get(messageId(504))?.objectId).toBe(objectId(504))
      expect(repaired.senders.get(groupId(1), SELF)).toMatchObject({ seq: 2, ahead: [4, 4] })
    })
  })

  test('and a space that was joined since comes over whole, to return as well', async () => {
    const file = await profileWithSnapshot(testFolder(), 100, 100)
    const store = openStore({ file, key: testKey() })
    store.transaction((tx) => {
      tx.groups.put(groupRow({ groupId: groupId(2), tip: eid(2) }))
      tx.identities.put(groupId(2), Uint8Array.of(7))
      tx.mls.putEpoch({ groupId: groupId(2), eid: eid(2), epoch: 0, parent: null, supersededAt: null })
      tx.mls.putRatchetTree(groupId(2), eid(2), Uint8Array.of(1, 2, 3))
      tx.directory.replace(spaceRow({ groupId: groupId(2), name: 'Cellar' }), [], [memberRow(3, { groupId: groupId(2) })])
      addMessage(tx, messageRow(900, { groupId: groupId(2), text: 'in the cellar' }))
    })
    store.close()
    flipPages(file, pagesOf(file, 'objects').slice(-1))
    expect(await repair(file)).toMatchObject({ kind: 'restored', spaces: 1 })
    await opened(file, (repaired) => {
      expect(isReturning(repaired)).toEqual([true, true])
      expect(repaired.mls.ratchetTree(groupId(2), eid(2))).toEqual(Uint8Array.of(1, 2, 3))
      expect(repaired.directory.space(groupId(2))?.name).toBe('Cellar')
      expect(repaired.messages.get(messageId(900))?.text).toBe('in the cellar')
    })
  })

  test('and what was said in a space that was joined since, though its keys may have a hole', async () => {
    const file = await profileWithSnapshot(testFolder(), 100, 100)
    const store = openStore({ file, key: testKey() })
    store.transaction((tx) => {
      tx.groups.put(groupRow({ groupId: groupId(2), tip: eid(2) }))
      tx.mls.putEpoch({ groupId: groupId(2), eid: eid(2), epoch: 0, parent: null, supersededAt: null })
      tx.directory.replace(spaceRow({ groupId: groupId(2), name: 'Cellar' }), [], [memberRow(3, { groupId: groupId(2) })])
      addMessage(tx, messageRow(900, { groupId: groupId(2), text: 'in the cellar' }))
      for (let n = 10; n < 200; n++) tx.identities.put(groupId(n), new Uint8Array(500))
    })
    store.close()
    flipPages(file, pagesOf(file, 'identities').slice(-1))
    expect(await repair(file)).toMatchObject({ kind: 'restored', spaces: 1 })
    const repaired = openStore({ file, key: testKey() })
    expect(isReturning(repaired)).toEqual([true, true])
    expect(repaired.directory.space(groupId(2))?.name).toBe('Cellar')
    expect(repaired.messages.get(messageId(900))?.text).toBe('in the cellar')
    expect(repaired.mls.epochs(groupId(2))).toEqual([])
    repaired.close()
  })

  test.each<[string, (file: string) => void]>([
    ['a torn first page', (file) => flipPages(file, [1], 300)],
    ['a file that was cut', (file) => truncateSync(file, 10_000)],
    ['a file that was emptied', (file) => truncateSync(file, 0)],
    ['a file that is gone', (file) => rmSync(file)],
    ['a file of zeros', (file) => writeFileSync(file, new Uint8Array(readFileSync(file).length))],
    ['another file in its place', (file) => writeFileSync(file, 'not a database '.repeat(2000))],
    ['every page damaged', (file) => flipPages(file, upTo(pageCount(file)))],
  ])('%s', async (_what, damage) => {
    const file = await profileWithSnapshot(testFolder(), 100, 20)
    damage(file)
    expect(() => openStore({ file, key: testKey() })).toThrow(code('unreadable'))
    expect(await repair(file)).toMatchObject({ kind: 'restored', from: 1000 })
    await opened(file, (store) => {
      expect(numbersIn(store).slice(0, 100)).toEqual(upTo(100))
      expect(isReturning(store)).toEqual([true])
    })
  })

  test('an older one where the newest is damaged too', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 50, 50)
    const newest = join(dir, 'snapshots', '000002-2000-daily.db')
    writeFileSync(newest, readFileSync(file))
    flipPages(newest, [7])
    flipPages(file, [1], 300)
    expect(listSnapshots(dir).map(({ at }) => at)).toEqual([2000, 1000])
    expect(await repair(file)).toMatchObject({ kind: 'restored', from: 1000 })
  })

  /** Every page of it is sound and the next step of the schema fails: it was taken before. */
  const claimOldSchema = (file: string): void => withSchemaOpen(file, (database) => database.exec('PRAGMA user_version = 3'))

  test('an older one where the newest cannot be brought to the present schema', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 50, 50)
    const newest = join(dir, 'snapshots', '000002-2000-daily.db')
    writeFileSync(newest, readFileSync(file))
    claimOldSchema(newest)
    flipPages(file, [1], 300)
    expect(await repair(file)).toMatchObject({ kind: 'restored', from: 1000 })
    await opened(file, (store) => expect(numbersIn(store)).toEqual(upTo(50)))
  })

  test('where what can be read of the damaged one cannot be put together', async () => {
    const file = await profileWithSnapshot(testFolder(), 50, 50)
    claimOldSchema(file)
    flipPages(file, pagesOf(file, 'messages_newest'))
    expect(await repair(file)).toMatchObject({ kind: 'restored', from: 1000 })
    await opened(file, (store) => expect(numbersIn(store)).toEqual(upTo(100)))
  })

  test('one that no sector of the disk gives back is passed over for an older one', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 50, 50)
    mkdirSync(join(dir, 'snapshots', '000002-2000-daily.db'))
    flipPages(file, [1], 300)
    expect(await repair(file)).toMatchObject({ kind: 'restored', from: 1000 })
  })

  test('and what was not read stays unread, though messages before it are lost', async () => {
    const file = await profileWithSnapshot(testFolder(), 100, 400)
    const store = openStore({ file, key: testKey() })
    store.transaction((tx) => tx.messages.markRead(messageRow(1).channelId, 420))
    store.close()
    flipPages(file, pagesOf(file, 'messages').slice(15, 18))
    expect(await repair(file)).toMatchObject({ kind: 'restored' })
    await opened(file, (repaired) => {
      expect(numbersIn(repaired).filter((n) => n <= 420).length).toBeLessThan(420)
      expect(repaired.messages.unread(messageRow(1).channelId)).toBe(80)
    })
  })
})

describe('without a snapshot', () => {
  test('everything that can be read goes into a new database', async () => {
    const file = await profileWithSnapshot(testFolder(), 0, 400)
    const [, , third = 0, fourth = 0] = pagesOf(file, 'messages')
    flipPages(file, [third, fourth])
    expect(await repair(file)).toEqual({ kind: 'rebuilt-with-losses', tables: 1 })
    await opened(file, (store) => {
      expect(numbersIn(store).length).toBeGreaterThan(370)
      expect(isReturning(store)).toEqual([true])
      expect(store.directory.space(groupId(1))?.name).toBe('Garden')
    })
  })

  test('every message, also where the objects they came in are lost', async () => {
    const file = await profileWithSnapshot(testFolder(), 0, 400)
    flipPages(file, pagesOf(file, 'objects').slice(2, 4))
    expect(await repair(file)).toEqual({ kind: 'rebuilt-with-losses', tables: 1 })
    await opened(file, (store) => expect(numbersIn(store)).toEqual(upTo(400)))
  })

  test('where nothing can be read nothing is put over it', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 20)
    flipPages(file, [1], 300)
    const before = snapshot(dir)
    await expect(repair(file)).rejects.toThrow(code('unreadable'))
    expect(snapshot(dir)).toEqual(before)
    expect(readdirSync(dir).sort()).toEqual(['profile.db', 'profile.db-state', 'profile.json'])
  })

  test('another key repairs nothing', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 20, 20)
    const before = snapshot(dir)
    await expect(repairDatabase({ file, key: testKey(8) }, unwatched)).rejects.toThrow(code('unreadable'))
    expect(snapshot(dir)).toEqual(before)
  })
})

describe('a repair', () => {
  test('leaves a sound database as it is', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 20, 20)
    expect(await repair(file)).toEqual({ kind: 'sound' })
    expect(listSetAside(file)).toEqual([])
    await opened(file, (store) => expect(numbersIn(store)).toEqual(upTo(40)))
  })

  test('keeps the damaged database and a log that means nothing, and a second time beside the first', async () => {
    const file = await profileWithSnapshot(testFolder(), 50, 50)
    for (const n of [1, 2]) {
      flipPages(file, [1], 300)
      const damaged = readFileSync(file)
      writeFileSync(`${file}-wal`, `log ${n}`)
      await repair(file)
      expect(readFileSync(`${file}.damaged-${n}`).equals(damaged)).toBe(true)
      expect(readFileSync(`${file}-wal.aside-${n}`, 'utf8')).toBe(`log ${n}`)
    }
  })

  test('forgets what was noted of the damage, and leaves nothing of its own behind', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 100, 100)
    flipPages(file, pagesOf(file, 'messages').slice(3))
    const store = openStore({ file, key: testKey() })
    expect(() => numbersIn(store)).toThrow(code('unreadable'))
    store.close()
    expect(readDamage(dir)).toEqual(['page'])
    await repair(file)
    expect(readDamage(dir)).toEqual([])
    expect(readdirSync(dir).sort()).toEqual(['profile.db', 'profile.db.damaged-1', 'profile.json', 'snapshots'])
  })

  test('is refused while the profile is open elsewhere', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 20, 20)
    const holder = runScript('hold-store.ts', dir)
    await holder.line('open')
    await expect(repair(file)).rejects.toThrow(code('in-use'))
    await holder.kill()
  })

  test('that is cancelled changes nothing', async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 100, 100)
    flipPages(file, [1], 300)
    const before = snapshot(dir)
    const abort = new AbortController()
    abort.abort()
    await expect(repairDatabase({ file, key: testKey() }, { ...unwatched, signal: abort.signal })).rejects.toThrow(code('cancelled'))
    expect(snapshot(dir)).toEqual(before)
  })
})

test.each(['built', 'ready', 'moved-database', 'moved-log', 'placed'])(
  'a process that is killed when a repair has come to "%s" leaves what the next start or repair finishes',
  async (step) => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 100, 20)
    flipPages(file, [1], 300)
    const repairing = runScript('repair-until.ts', dir, step)
    await repairing.ended
    expect(repairing.lines).toEqual([`reached ${step}`])
    expect(existsSync(file) || existsSync(`${file}.repaired`)).toBe(true)
    if (step === 'built') await repair(file)
    await opened(file, (store) => expect(numbersIn(store)).toEqual(upTo(100)))
    expect(listSetAside(file)).toEqual([`${file}.damaged-1`])
    await repair(file)
    expect(readdirSync(dirname(file)).filter((name) => name.startsWith('repair') || name.endsWith('.repaired'))).toEqual([])
  },
  30_000,
)
