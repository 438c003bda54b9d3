import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fromHex } from '../../kernel/bytes.ts'
import { channelId, groupId, memberId, messageId, objectId, SELF } from '../../testing/contracts/store/rows.ts'
import { openStore } from '../open-store.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { testFolder, testKey } from '../test-support/folder.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'

const ANN = memberId(1)
const BOB = memberId(2)

/** Schema 2 with our messages 1 to 3: owed to Ann and Bob, owed to Bob alone, and owed to both but dropped. */
function schemaTwo(): string {
  const file = join(testFolder(), 'profile.db')
  writeFileSync(file, '')
  const database = openDatabase(file, testKey())
  migrate(database, migrations.slice(0, 2))
  const run = (sql: string, ...params: unknown[]): unknown => database.prepare(sql).run(...params)
  const group = fromHex(groupId(1))
  for (const [n, bytes] of [1, 2, 3].map((n) => [n, n === 3 ? null : Uint8Array.of(n)] as const)) {
    run(
      `INSERT INTO objects (position, object_id, group_id, kind, eid, epoch, sender, sender_seq, bytes, stored_at)
       VALUES (?, ?, ?, 'message', x'00', 0, ?, ?, ?, 5)`,
      ...[n, fromHex(objectId(n)), group, fromHex(SELF), n, bytes],
    )
    run(
      `INSERT INTO messages (message_id, group_id, channel_id, seq, object_position, author, sent_at, lamport, text, reply_to, content, failure)
       VALUES (?, ?, ?, ?, ?, ?, 5, ?, 'before', NULL, x'00', NULL)`,
      ...[fromHex(messageId(n)), group, fromHex(channelId(1)), n, n, fromHex(SELF), n],
    )
    const acked = n === 2 ? 7 : null
    for (const [member, at] of [
      [ANN, acked],
      [BOB, null],
    ] as const)
      run('INSERT INTO deliveries (position, member_id, group_id, acked_at) VALUES (?, ?, ?, ?)', n, fromHex(member), group, at)
  }
  run('INSERT INTO channel_marks (channel_id, last_seq, read_seq, unread) VALUES (?, 3, 2, 0)', fromHex(channelId(1)))
  database.close()
  return file
}

test('what was owed is owed, what was dropped is queued no more, and marks stay', () => {
  const store = openStore({ file: schemaTwo(), key: testKey() })
  expect([ANN, BOB].map((member) => store.deliveries.owedTo(groupId(1), member, 9))).toEqual([[objectId(1)], [objectId(1), objectId(2)]])
  expect(store.deliveries.queued()).toEqual([{ channelId: channelId(1), messages: 2 }])
  expect(store.deliveries.of(objectId(2)).map((row) => row.ackedAt)).toEqual([7, null])
  store.transaction((tx) => [ANN, BOB].forEach((member) => tx.deliveries.ack(objectId(1), member, 9)))
  expect(store.deliveries.queued()).toEqual([{ channelId: channelId(1), messages: 1 }])
  expect([store.messages.readSeq(channelId(1)), store.messages.keepDays(channelId(1))]).toEqual([2, null])
  expect(store.messages.page(channelId(1), 9, null).messages.map((m) => [m.text, m.fileNames])).toEqual(Array(3).fill(['before', []]))
  store.close()
})

test('a long history is not touched at the start: it is indexed later', () => {
  const file = schemaTwo()
  const store = openStore({ file, key: testKey() })
  expect(store.search.isIncomplete()).toBe(true)
  while (store.transaction((tx) => tx.search.indexMore(1)));
  const terms = [{ words: 'before', prefix: false }]
  expect(store.search.find({ terms, groups: null, channelId: null, order: 'newest', limit: 9, before: null }).messages).toHaveLength(3)
  store.close()
})
