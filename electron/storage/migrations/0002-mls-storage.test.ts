import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { fromVersion1 } from '../../crypto/mls/index.ts'
import type { GroupState } from '../../crypto/mls/index.ts'
import { fromHex, utf8 } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'
import type { Eid } from '../../../shared/domain/ids.ts'
import { readParts } from '../../sync/group/epoch-parts.ts'
import { eid, groupId, joinId } from '../../testing/contracts/store/rows.ts'
import { commitBy, gather, NONE, stateOf } from '../../testing/mls/party.ts'
import type { Party } from '../../testing/mls/party.ts'
import { encodePairsVersion1, encodeVersion1 } from '../../testing/mls/version-1.ts'
import { openStore } from '../open-store.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { testFolder, testKey } from '../test-support/folder.ts'
import { initialSchema } from './0001-initial-schema.ts'
import { migrate, schemaVersion } from './migrate.ts'

type Database = ReturnType<typeof openDatabase>
type OldEpoch = [eid: Eid, epoch: number, parent: Eid | null, supersededAt: number | null, state: GroupState]

let party: Party
let epochs: OldEpoch[]
beforeAll(async () => {
  party = await gather(['Alice', 'Bob', 'Carol'])
  const said = await party.engine.encrypt(stateOf(party, 0), utf8('hello'), NONE)
  const { state: next } = await commitBy(party, 0, {})
  epochs = [
    [eid(1), 1, null, 77, said.state],
    [eid(2), 2, eid(1), null, next],
  ]
})

function withDatabase<T>(file: string, look: (database: Database) => T): T {
  const database = openDatabase(file, testKey())
  try {
    return look(database)
  } finally {
    database.close()
  }
}

function insertEpoch(database: Database, [of, epoch, parent, supersededAt, state]: OldEpoch, damaged: boolean): void {
  const key = [fromHex(groupId(1)), fromHex(of)]
  const { fixedPart, movingPart } = encodeVersion1(state)
  const run = (sql: string, ...values: unknown[]): void => void database.prepare(sql).run(...key, ...values)
  run('INSERT INTO epochs VALUES (?, ?, ?, ?, ?)', epoch, parent && fromHex(parent), supersededAt)
  run('INSERT INTO epoch_fixed_parts VALUES (?, ?, ?)', damaged ? fixedPart.subarray(1) : fixedPart)
  run('INSERT INTO epoch_moving_parts VALUES (?, ?, ?)', movingPart)
}

/** A database of schema 1 with two epochs of a group, the second damaged if so wished, and `more`. */
function old({ damaged = false, more = () => undefined }: { damaged?: boolean; more?: (database: Database) => void } = {}): string {
  const file = join(testFolder(), 'profile.db')
  writeFileSync(file, '')
  withDatabase(file, (database) => {
    migrate(database, [initialSchema])
    for (const [i, epoch] of epochs.entries()) insertEpoch(database, epoch, damaged && i === 1)
    more(database)
  })
  return file
}

const insertJoin = (n: number, keyPackages: Uint8Array) => (database: Database) => {
  const values = [fromHex(joinId(n)), 'link', fromHex(groupId(n)), 'Garden', 'Bob', 'request', Uint8Array.of(1), keyPackages]
  const sql = 'INSERT INTO joins VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'
  database.prepare(sql).run(...values, '{"kind":"working","step":"connecting"}', 0, 1, 2)
}

const tablesOf = (database: Database): unknown[] => database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()

describe('the second migration', () => {
  test('turns every stored epoch into rows that are the same state', () => {
    const store = openStore({ file: old(), key: testKey(), convert: fromVersion1 })
    expect(store.mls.epochs(groupId(1)).map((row) => [row.eid, row.epoch, row.parent, row.supersededAt])).toEqual([
      [eid(2), 2, eid(1), null],
      [eid(1), 1, null, 77],
    ])
    for (const [of, , , , state] of epochs) expect(readParts(store.mls, groupId(1), of)).toEqual(party.engine.encode(state))
    store.close()
  })

  test('leaves epochs that can be moved, superseded and deleted like any other', async () => {
    const { engine } = party
    const store = openStore({ file: old(), key: testKey(), convert: fromVersion1 })
    const before = engine.decode(readParts(store.mls, groupId(1), eid(2)) ?? fromVersion1.epoch({ fixedPart: NONE, movingPart: NONE }))
    const { state: after } = await engine.encrypt(before, utf8('more'), NONE)
    store.transaction((tx) => tx.mls.moveMessageSecrets(groupId(1), eid(2), engine.moved(before, after)))
    expect(readParts(store.mls, groupId(1), eid(2))).toEqual(engine.encode(after))
    store.transaction((tx) => tx.mls.deleteGroup(groupId(1)))
    expect(store.mls.epochs(groupId(1))).toEqual([])
    store.close()
  })

  test('moves what joins offered to the key packages of their groups', async () => {
    const [zoe] = party.identities
    if (zoe === undefined) throw new Error('nobody')
    const offered = [await party.engine.keyPackage(party.groupId, zoe), await party.engine.keyPackage(party.groupId, zoe)]
    const more = (database: Database): void => {
      insertJoin(1, encodePairsVersion1(offered))(database)
      insertJoin(2, NONE)(database)
    }
    const store = openStore({ file: old({ more }), key: testKey(), convert: fromVersion1 })
    expect(new Set(store.mls.keyPackagesOf(groupId(1)))).toEqual(new Set(offered.map((one) => ({ ...one, groupId: groupId(1) }))))
    expect(store.mls.keyPackagesOf(groupId(2))).toEqual([])
    expect(store.joins.list().map((join) => [join.joinId, join.spaceName])).toEqual([
      [joinId(1), 'Garden'],
      [joinId(2), 'Garden'],
    ])
    store.close()
  })

  test.each([
    ['an epoch is damaged', { damaged: true }],
    ['what a join offered is damaged', { more: insertJoin(1, toCbor('nothing')) }],
  ])('is all or nothing: where %s, everything stays as it was', (_, options) => {
    const file = old(options)
    const before = withDatabase(file, tablesOf)
    expect(() => openStore({ file, key: testKey(), convert: fromVersion1 })).toThrow(
      expect.objectContaining({ name: 'AppError', code: 'unreadable' }),
    )
    withDatabase(file, (database) => {
      expect(schemaVersion(database)).toBe(1)
      expect(tablesOf(database)).toEqual(before)
      expect(database.prepare('SELECT count(*) FROM epoch_fixed_parts').pluck().get()).toBe(2)
    })
  })

  test('refuses old state without something that can read it, and changes nothing', () => {
    const file = old()
    expect(() => openStore({ file, key: testKey() })).toThrow(
      expect.objectContaining({
        code: 'upgrade-failed',
        cause: expect.objectContaining({ message: expect.stringMatching(/schema 1/) as string }) as Error,
      }),
    )
    withDatabase(file, (database) => expect(schemaVersion(database)).toBe(1))
    openStore({ file, key: testKey(), convert: fromVersion1 }).close()
  })

  test('leaves none of the old tables, and every row belongs to something', () => {
    const file = old()
    openStore({ file, key: testKey(), convert: fromVersion1 }).close()
    withDatabase(file, (database) => {
      const tables = tablesOf(database)
      for (const gone of ['epochs', 'epoch_fixed_parts', 'epoch_moving_parts']) expect(tables).not.toContain(gone)
      expect(database.pragma('foreign_key_check')).toEqual([])
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
      expect(database.prepare('SELECT count(*) FROM mls_signature_keys').pluck().get()).toBe(1)
    })
  })
})
