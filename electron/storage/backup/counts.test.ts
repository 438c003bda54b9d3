import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { groupId, spaceRow } from '../../testing/contracts/store/rows.ts'
import { migrate } from '../migrations/migrate.ts'
import { migrations } from '../migrations/migrations.ts'
import { openStore } from '../open-store.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { testFolder, testKey } from '../test-support/folder.ts'
import { countRows } from './counts.ts'

const newFile = (): string => {
  const file = join(testFolder(), 'profile.db')
  writeFileSync(file, '')
  return file
}

test('spaces are counted, and what is under them is not', () => {
  const store = openStore({ file: newFile(), key: testKey() })
  store.transaction((tx) => {
    tx.directory.replace(spaceRow({ groupId: groupId(1) }), [], [])
    for (const n of [2, 3]) tx.directory.replace(spaceRow({ groupId: groupId(n), kind: 'private', parent: groupId(1) }), [], [])
  })
  expect(store.counts()).toEqual({ spaces: 1, messages: 0 })
  store.close()
})

test('a database of before there was anything under a space is counted as ever', () => {
  const database = openDatabase(newFile(), testKey())
  migrate(database, migrations.slice(0, 5))
  database.exec(`INSERT INTO spaces (group_id, name, created_at) VALUES (x'${groupId(1)}', 'Friends', 1)`)
  expect(countRows((sql) => database.prepare(sql).get())).toEqual({ spaces: 1, messages: 0 })
  database.close()
})
