import { expect, test } from 'vitest'
import { unwatched } from '../../kernel/work.ts'
import { memberId, objectId, objectRow } from '../../testing/contracts/store/rows.ts'
import { openStore } from '../open-store.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { profileWithSnapshot } from '../test-support/damage.ts'
import { testFolder, testKey } from '../test-support/folder.ts'
import { type ContentFaults, checkContent } from './check-content.ts'

/** What the rules say of a profile of 5,000 messages after `sql` was done to it behind our back. */
async function faultsAfter(sql: string, messages = 30): Promise<ContentFaults> {
  const file = await profileWithSnapshot(testFolder(), 0, messages)
  const own = openStore({ file, key: testKey() })
  own.transaction((tx) => {
    tx.objects.put(objectRow(90_001, { senderSeq: 1 }))
    tx.deliveries.owe(objectId(90_001), objectRow(1).groupId, [memberId(1), memberId(2)])
    tx.groups.list().forEach((row) => tx.groups.put({ ...row, sentSeq: 1, sentObject: objectId(90_001) }))
    tx.senders.put({ groupId: objectRow(1).groupId, memberId: memberId(1), seq: 4, ahead: [6, 6, 9, 12], lastObject: null })
  })
  own.close()
  const database = openDatabase(file, testKey())
  database.pragma('foreign_keys = OFF')
  database.exec(sql)
  database.close()
  const store = openStore({ file, key: testKey() })
  try {
    return await checkContent(store, unwatched)
  } finally {
    store.close()
  }
}

test('all rules hold where nothing was done, over more rows than are looked at at once', async () => {
  expect(await faultsAfter('SELECT 1', 4500)).toEqual({})
})

test.each<[string, string, ContentFaults]>([
  ['a channel that counts less than it has', 'UPDATE channel_marks SET last_seq = 3', { counters: 2 }],
  ['a wrong count of unread messages', 'UPDATE channel_marks SET unread = unread + 1', { counters: 1 }],
  ['a chain with less than nothing', 'UPDATE senders SET seq = -1', { senders: 1 }],
  ['runs that overlap', "UPDATE senders SET ahead = '[6,9,8,12]'", { senders: 1 }],
  ['a run that is no run ahead', "UPDATE senders SET ahead = '[5,6]'", { senders: 1 }],
  ['half a run', "UPDATE senders SET ahead = '[6]'", { senders: 1 }],
  ['a counter of ours that went back', 'UPDATE groups SET sent_seq = 0', { 'own-numbers': 1 }],
  ['messages without objects', 'DELETE FROM objects WHERE position <= 5', { messages: 5 }],
  ['deliveries without objects', 'DELETE FROM objects WHERE sender_seq = 1', { deliveries: 2 }],
  ['an outbox that counts wrong', 'UPDATE owed_objects SET members = 1', { outbox: 1 }],
  ['an outbox that forgot', 'DELETE FROM owed_objects', { outbox: 1 }],
  ['a message that is not indexed', "INSERT INTO message_search (message_search) VALUES ('delete-all')", { search: 30 }],
  ['an entry without its message', 'DELETE FROM messages WHERE seq = 30', { search: 1 }],
  ['a group without its keys', 'DELETE FROM mls_epochs', { epochs: 1 }],
  ['a group in another epoch than its keys', 'UPDATE groups SET epoch = 5', { epochs: 1 }],
  ['a join that makes no sense', "INSERT INTO joins VALUES (x'01', '', x'01', '', '', '', x'', 'nonsense', 0, 0, 0)", { records: 1 }],
])('%s is found', async (_what, sql, expected) => {
  expect(await faultsAfter(sql)).toMatchObject(expected)
})

test('looking ends when it is cancelled', async () => {
  const file = await profileWithSnapshot(testFolder(), 0, 10)
  const store = openStore({ file, key: testKey() })
  const abort = new AbortController()
  const looking = checkContent(store, { signal: abort.signal, progress: () => abort.abort() })
  await expect(looking).rejects.toMatchObject({ code: 'cancelled' })
  store.close()
})
