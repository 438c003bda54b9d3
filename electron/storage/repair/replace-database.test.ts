import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testFolder } from '../test-support/folder.ts'
import { finishReplacing, listSetAside } from './replace-database.ts'

/** Every state in which a process can die between two renames; all of them end alike. */
test.each<[string, Record<string, string>]>([
  ['nothing was moved', { 'profile.db': 'old', 'profile.db-wal': 'log', 'profile.db.repaired': 'new' }],
  ['the database was moved', { 'profile.db.damaged-1': 'old', 'profile.db-wal': 'log', 'profile.db.repaired': 'new' }],
  ['the log was moved too', { 'profile.db.damaged-1': 'old', 'profile.db.damaged-1-wal': 'log', 'profile.db.repaired': 'new' }],
])('the change of places is finished where %s', (_when, files) => {
  const dir = testFolder()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content)
  for (let time = 0; time < 2; time++) {
    finishReplacing(join(dir, 'profile.db'))
    expect(Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'utf8')]))).toEqual({
      'profile.db': 'new',
      'profile.db.damaged-1': 'old',
      'profile.db.damaged-1-wal': 'log',
    })
  }
})

test('a log whose database is gone is kept beside no older one', () => {
  const dir = testFolder()
  const file = join(dir, 'profile.db')
  for (const name of ['profile.db.damaged-4', 'profile.db.damaged-4-wal', 'profile.db-wal', 'profile.db.repaired'])
    writeFileSync(join(dir, name), name)
  finishReplacing(file)
  expect(readFileSync(`${file}.damaged-4-wal`, 'utf8')).toBe('profile.db.damaged-4-wal')
  expect(readFileSync(`${file}.damaged-5-wal`, 'utf8')).toBe('profile.db-wal')
})

test('without a repaired database nothing is touched', () => {
  const dir = testFolder()
  writeFileSync(join(dir, 'profile.db'), 'old')
  finishReplacing(join(dir, 'profile.db'))
  expect(readdirSync(dir)).toEqual(['profile.db'])
  expect(listSetAside(join(dir, 'profile.db'))).toEqual([])
})
