import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  channelId,
  channelRow,
  eid,
  groupId,
  groupRow,
  joinRow,
  memberRow,
  messageRow,
  objectRow,
  peerRow,
  spaceRow,
} from '../../testing/contracts/store/rows.ts'
import { epochRow } from '../../testing/contracts/mls-storage/rows.ts'
import { openStore } from '../open-store.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { snapshot, testFolder, testKey } from '../test-support/folder.ts'
import { APPLICATION_ID, migrate, schemaVersion } from './migrate.ts'
import type { Migration } from './migration.ts'
import { migrations } from './migrations.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })

const NEWEST = migrations.length

/** A step after the newest, as a later version would bring it. */
const next: Migration = {
  version: NEWEST + 1,
  up: (database) => {
    database.exec('ALTER TABLE messages ADD COLUMN words INTEGER NOT NULL DEFAULT 0')
    database.prepare("UPDATE messages SET words = 1 + length(text) - length(replace(text, ' ', ''))").run()
  },
}

function withDatabase<T>(file: string, look: (database: ReturnType<typeof openDatabase>) => T): T {
  const database = openDatabase(file, testKey())
  try {
    return look(database)
  } finally {
    database.close()
  }
}

/** A database of the newest schema with a row in every part. */
function filled(dir: string): string {
  const file = join(dir, 'profile.db')
  const store = openStore({ file, key: testKey() })
  store.transaction((tx) => {
    tx.settings.set('name', Uint8Array.of(1))
    tx.groups.put(groupRow())
    tx.mls.putEpoch(epochRow())
    tx.objects.put(objectRow(1))
    tx.messages.add(messageRow(1, { text: 'three small words' }))
    tx.directory.replace(spaceRow(), [channelRow(1)], [memberRow(1)])
    tx.peers.put(peerRow(1))
    tx.joins.put(joinRow(1))
  })
  store.close()
  return file
}

describe('migrations', () => {
  test('are numbered from 1 without gaps', () => {
    expect(migrations.map((step) => step.version)).toEqual(migrations.map((_step, index) => index + 1))
  })

  test('leave their mark: application, version, strict tables only', () => {
    const file = filled(testFolder())
    withDatabase(file, (database) => {
      expect(database.pragma('application_id', { simple: true })).toBe(APPLICATION_ID)
      expect(schemaVersion(database)).toBe(NEWEST)
      const loose = database.prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'",
      )
      expect(loose.all()).toEqual([])
    })
  })

  test('step from the newest schema to a next one on real rows, once', () => {
    const file = filled(testFolder())
    for (let opening = 0; opening < 2; opening++) {
      const store = openStore({ file, key: testKey(), steps: [...migrations, next] })
      expect(store.messages.page(channelId(1), 5, null).messages.map((m) => m.text)).toEqual(['three small words'])
      expect(store.mls.epoch(groupId(1), eid(1))).toEqual(epochRow())
      store.close()
    }
    withDatabase(file, (database) => {
      expect(schemaVersion(database)).toBe(NEWEST + 1)
      expect(database.prepare('SELECT words FROM messages').all()).toEqual([{ words: 3 }])
    })
  })

  test('that fail half-way leave the whole older version, and can be tried again', () => {
    const file = filled(testFolder())
    const failing: Migration = {
      version: NEWEST + 1,
      up: (database, tools) => {
        next.up(database, tools)
        database.exec('DROP TABLE joins')
        throw new Error('planned')
      },
    }
    expect(() => openStore({ file, key: testKey(), steps: [...migrations, failing] })).toThrow(code('upgrade-failed'))
    withDatabase(file, (database) => expect(schemaVersion(database)).toBe(NEWEST))
    const old = openStore({ file, key: testKey() })
    expect(old.joins.list()).toEqual([joinRow(1)])
    old.close()
    openStore({ file, key: testKey(), steps: [...migrations, next] }).close()
  })

  test('are all undone when a later one fails: the old program still opens what is there', () => {
    const file = filled(testFolder())
    const failing: Migration = { version: NEWEST + 2, up: (database) => void database.exec('THIS IS NOT SQL') }
    expect(() => openStore({ file, key: testKey(), steps: [...migrations, next, failing] })).toThrow()
    withDatabase(file, (database) => expect(schemaVersion(database)).toBe(NEWEST))
    const old = openStore({ file, key: testKey() })
    expect(old.joins.list()).toEqual([joinRow(1)])
    old.close()
  })

  test('refuse a database of a newer version in words, and leave it as it is', () => {
    const dir = testFolder()
    const file = filled(dir)
    openStore({ file, key: testKey(), steps: [...migrations, next] }).close()
    const before = snapshot(dir)
    expect(() => openStore({ file, key: testKey() })).toThrow(code('newer-profile'))
    expect(() => openStore({ file, key: testKey() })).toThrow(/newer SpacePanda/)
    expect(snapshot(dir)).toEqual(before)
  })

  test.each([
    ["another program's", 'PRAGMA application_id = 7; CREATE TABLE t (a); PRAGMA user_version = 1'],
    ['a nameless', 'CREATE TABLE t (a)'],
  ])('refuse %s database that opens with the key', (_whose, sql) => {
    const dir = testFolder()
    const file = filled(testFolder())
    withDatabase(file, (database) => {
      expect(() => migrate(database, [])).toThrow(code('newer-profile'))
    })
    const foreign = join(dir, 'profile.db')
    openStore({ file: foreign, key: testKey() }).close()
    withDatabase(foreign, (database) => {
      for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all() as {
        name: string
      }[]) {
        database.exec(`PRAGMA foreign_keys = OFF; DROP TABLE IF EXISTS ${name}`)
      }
      database.exec(`PRAGMA application_id = 0; PRAGMA user_version = 0; ${sql}`)
    })
    expect(() => openStore({ file: foreign, key: testKey() })).toThrow(/not one of SpacePanda/)
  })

  test('out of order are a defect', () => {
    const file = filled(testFolder())
    withDatabase(file, (database) => expect(() => migrate(database, [next])).toThrow('numbered'))
  })
})
