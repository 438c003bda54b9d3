import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../kernel/errors.ts'
import { testFolder, testKey } from '../test-support/folder.ts'
import { Connection } from './connection.ts'
import { openDatabase } from './open-database.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })

function open() {
  const file = join(testFolder(), 'test.db')
  writeFileSync(file, '')
  const database = openDatabase(file, testKey())
  database.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB NOT NULL) STRICT')
  const connection = new Connection(database)
  const insert = connection.prepare('INSERT INTO t (a, b) VALUES (?, ?)')
  const count = connection.prepare('SELECT count(*) AS n FROM t')
  return { database, connection, insert, count: () => count.get() }
}

const bytes = new Uint8Array(100)

test('a database is opened as the decision record says', () => {
  const { database, connection } = open()
  const pragma = (name: string): unknown => database.pragma(name, { simple: true })
  const names = 'cipher journal_mode synchronous foreign_keys secure_delete temp_store locking_mode cell_size_check trusted_schema'
  expect(names.split(' ').map(pragma)).toEqual(['sqlcipher', 'wal', 2, 1, 1, 2, 'exclusive', 1, 0])
  connection.close()
})

describe('a disk that is full', () => {
  test('undoes the transaction and says so', () => {
    const { database, connection, insert, count } = open()
    connection.transaction(() => insert.run(1, bytes))
    database.pragma('max_page_count = 4')
    const flood = (): void =>
      connection.transaction(() => {
        for (let n = 2; n < 1000; n++) insert.run(n, bytes)
      })
    expect(flood).toThrow(code('disk'))
    expect(count()).toEqual({ n: 1 })
    database.pragma('max_page_count = 4000')
    flood()
    expect(count()).toEqual({ n: 999 })
    connection.close()
  })

  test('undoes it also where the failure was caught: half of an event never stays', () => {
    const { database, connection, insert, count } = open()
    database.pragma('max_page_count = 4')
    const careless = (): void =>
      connection.transaction(() => {
        insert.run(1, bytes)
        expect(() => insert.run(2, new Uint8Array(100_000))).toThrow(code('disk'))
      })
    expect(careless).toThrow(code('disk'))
    expect(count()).toEqual({ n: 0 })
    connection.close()
  })
})

test('a write that breaks a rule of the schema is a defect, without values in its message', () => {
  const { connection, insert, count } = open()
  const twice = (): void =>
    connection.transaction(() => {
      insert.run(1, bytes)
      insert.run(1, bytes)
    })
  expect(twice).toThrow(InvariantError)
  expect(twice).toThrow(/^database refused a statement \(SQLITE_CONSTRAINT_PRIMARYKEY\)$/)
  expect(count()).toEqual({ n: 0 })
  connection.close()
})

test('a database that turned read-only answers with the disk', () => {
  const { database, connection, insert } = open()
  database.pragma('query_only = ON')
  expect(() => connection.transaction(() => insert.run(1, bytes))).toThrow(code('disk'))
  connection.close()
})
