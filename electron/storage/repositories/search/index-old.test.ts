import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ChannelId } from '../../../../shared/domain/ids.ts'
import { fromHex } from '../../../kernel/bytes.ts'
import type { SearchRepository } from '../../../ports/store.ts'
import { addMessage, channelId, groupId, memberId, messageId, messageRow, objectId } from '../../../testing/contracts/store/rows.ts'
import { migrate } from '../../migrations/migrate.ts'
import { migrations } from '../../migrations/migrations.ts'
import { openStore } from '../../open-store.ts'
import { openDatabase } from '../../sqlite/open-database.ts'
import { testFolder, testKey } from '../../test-support/folder.ts'

/** A database of the schema before there was an index, with messages 1…count that arrived in the order of these times. */
function oldProfile(times: readonly number[]): string {
  const file = join(testFolder(), 'profile.db')
  writeFileSync(file, '')
  const database = openDatabase(file, testKey())
  migrate(database, migrations.slice(0, 2))
  const object = database.prepare(
    `INSERT INTO objects (object_id, group_id, kind, eid, epoch, sender, sender_seq, bytes, stored_at) VALUES (?, ?, 'message', ?, 0, ?, 1, ?, 1)`,
  )
  const message = database.prepare(
    `INSERT INTO messages (message_id, group_id, channel_id, seq, object_position, author, sent_at, lamport, text, reply_to, content, failure)
     VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, NULL, ?, NULL)`,
  )
  times.forEach((lamport, at) => {
    const n = at + 1
    object.run(fromHex(objectId(n)), fromHex(groupId(1)), fromHex(groupId(1)), fromHex(memberId(1)), fromHex('00'))
    message.run(
      ...[messageId(n), groupId(1), channelId(1)].map(fromHex),
      n,
      n,
      fromHex(memberId(1)),
      lamport,
      `old word ${n}`,
      fromHex('00'),
    )
  })
  database.exec(`INSERT INTO channel_marks (channel_id, last_seq, read_seq, unread) VALUES (x'${channelId(1)}', ${times.length}, 0, 0)`)
  database.close()
  return file
}

const found = (search: SearchRepository, words = 'word', channel: ChannelId | null = null): string[] =>
  search
    .find({ terms: [{ words, prefix: false }], groups: null, channelId: channel, order: 'newest', limit: 1000, before: null })
    .messages.map((m) => m.text)

test('a history from before the index is found bit by bit, the last to arrive first, and in the end by its times', () => {
  const file = oldProfile([30, 10, 50, 20, 40])
  let store = openStore({ file, key: testKey() })
  expect([store.search.isIncomplete(), found(store.search)]).toEqual([true, []])
  expect(store.messages.page(channelId(1), 10, null).messages.map((m) => m.lamport)).toEqual([50, 40, 30, 20, 10])
  expect(store.transaction((tx) => tx.search.indexMore(2))).toBe(true)
  expect(found(store.search)).toEqual(['old word 5', 'old word 4'])
  store.close()
  store = openStore({ file, key: testKey() })
  expect(store.transaction((tx) => tx.search.indexMore(2))).toBe(true)
  expect(store.transaction((tx) => tx.search.indexMore(2))).toBe(false)
  expect([store.search.isIncomplete(), found(store.search)]).toEqual([false, [3, 5, 1, 4, 2].map((n) => `old word ${n}`)])
  expect(store.messages.get(messageId(3))?.seq).toBe(3)
  store.close()
})

test('what is said and deleted meanwhile is found and gone, whether its turn has come or not', () => {
  const file = oldProfile([10, 20, 30, 40, 50, 60])
  const store = openStore({ file, key: testKey() })
  store.transaction((tx) => tx.search.indexMore(3))
  store.transaction((tx) => addMessage(tx, messageRow(50, { text: 'new word', lamport: 25 })))
  expect(found(store.search, 'new')).toEqual(['new word'])
  store.transaction((tx) => [1, 5].forEach((n) => tx.messages.deleteForMe(messageId(n))))
  while (store.transaction((tx) => tx.search.indexMore(1)));
  expect(found(store.search)).toEqual(['old word 6', 'old word 4', 'old word 3', 'new word', 'old word 2'])
  store.close()
  expect(integrity(file)).toBe('ok')
})

test('an index made by other rules is thrown away and made anew', () => {
  const file = oldProfile([1, 2])
  let store = openStore({ file, key: testKey() })
  while (store.transaction((tx) => tx.search.indexMore(9)));
  store.close()
  const database = openDatabase(file, testKey())
  database.exec('UPDATE search_state SET rules = 0')
  database.close()
  store = openStore({ file, key: testKey() })
  expect(store.search.isIncomplete()).toBe(true)
  store.transaction((tx) => tx.messages.deleteForMe(messageId(1)))
  store.transaction((tx) => addMessage(tx, messageRow(9, { text: 'new word' })))
  while (store.transaction((tx) => tx.search.indexMore(1)));
  expect([found(store.search), store.search.isIncomplete()]).toEqual([['new word', 'old word 2'], false])
  store.close()
  expect(integrity(file)).toBe('ok')
})

test('more messages of one moment than have their order there are found all the same', () => {
  const file = join(testFolder(), 'profile.db')
  const store = openStore({ file, key: testKey() })
  const count = 3000
  store.transaction((tx) => {
    addMessage(tx, messageRow(9_000, { lamport: 8, text: 'word later' }))
    for (let n = 1; n <= count; n++) addMessage(tx, messageRow(n, { lamport: 7, text: `word ${n}` }))
    for (let n = 1; n <= 3; n++) addMessage(tx, messageRow(10_000 + n, { lamport: Number.MAX_SAFE_INTEGER - n, text: 'word far' }))
  })
  const seen = new Set<string>()
  let before: string | null = null
  do {
    const page = store.search.find({
      terms: [{ words: 'word', prefix: false }],
      groups: null,
      channelId: null,
      order: 'newest',
      limit: 500,
      before,
    })
    for (const { messageId: id } of page.messages) seen.add(id)
    before = page.nextCursor
  } while (before !== null)
  expect(seen.size).toBe(count + 4)
  store.close()
})

/** FTS5's own check of its structure, and SQLite's of all. */
function integrity(file: string): unknown {
  const database = openDatabase(file, testKey())
  try {
    database.exec("INSERT INTO message_search (message_search) VALUES ('integrity-check')")
    return database.pragma('integrity_check', { simple: true })
  } finally {
    database.close()
  }
}
