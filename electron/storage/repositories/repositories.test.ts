import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { channelId, joinId, joinRow, messageRow, peerRow, addMessage } from '../../testing/contracts/store/rows.ts'
import { openStore } from '../open-store.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { testFolder, testKey } from '../test-support/folder.ts'

const unreadable: unknown = expect.objectContaining({ name: 'AppError', code: 'unreadable' })

describe('rows that someone else changed', () => {
  const damaged = (sql: string) => {
    const file = join(testFolder(), 'profile.db')
    const store = openStore({ file, key: testKey() })
    store.transaction((tx) => {
      tx.joins.put(joinRow(1))
      tx.peers.put(peerRow(1))
      addMessage(tx, messageRow(1))
    })
    store.close()
    const database = openDatabase(file, testKey())
    database.exec(sql)
    database.close()
    return openStore({ file, key: testKey() })
  }

  test.each([
    ['a join in an unknown state', `UPDATE joins SET state = '{"kind":"dreaming"}'`],
    ['a join whose state is no JSON', `UPDATE joins SET state = 'x'`],
    ['addresses of another shape', `UPDATE peers SET addresses = '[1]'`],
    ['a time beyond exact numbers', 'UPDATE messages SET lamport = 9007199254740993'],
  ])('%s is not given out', (_what, sql) => {
    const store = damaged(sql)
    const readAll = (): unknown => [store.joins.get(joinId(1)), store.peers.list(), store.messages.page(channelId(1), 5, null)]
    expect(readAll).toThrow()
    store.close()
  })

  test('the untouched ones read well, so the test above can fail', () => {
    const store = damaged('SELECT 1')
    expect([store.joins.list().length, store.peers.list().length, store.messages.page(channelId(1), 5, null).messages.length]).toEqual([
      1, 1, 1,
    ])
    store.close()
  })

  test('a damaged join fails as unreadable', () => {
    const store = damaged(`UPDATE joins SET state = 'x'`)
    expect(() => store.joins.get(joinId(1))).toThrow(unreadable)
    store.close()
  })
})
