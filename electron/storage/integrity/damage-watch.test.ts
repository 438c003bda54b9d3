import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { groupId } from '../../testing/contracts/store/rows.ts'
import { openStore } from '../open-store.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { flipPages, numbersIn, pagesOf, profileWithSnapshot } from '../test-support/damage.ts'
import { testFolder, testKey } from '../test-support/folder.ts'
import { forgetDamage, noteDamage, readDamage, removeDamage } from './damage-note.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })

test('a page that cannot be read is noted outside the database and told once; the next start knows', async () => {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 0, 200)
  flipPages(file, pagesOf(file, 'messages').slice(2))
  const store = openStore({ file, key: testKey() })
  const told: string[] = []
  store.damage.on((kind) => told.push(kind))
  for (let time = 0; time < 3; time++) expect(() => numbersIn(store)).toThrow(code('unreadable'))
  expect(told).toEqual(['page'])
  store.close()
  const again = openStore({ file, key: testKey() })
  expect(again.damage.known).toEqual(['page'])
  again.close()
})

test('a page that only a check reads is noted too', async () => {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 0, 200)
  flipPages(file, pagesOf(file, 'messages').slice(-1))
  const store = openStore({ file, key: testKey() })
  expect(
    (await store.file.verifyPages(1, 10_000, { signal: new AbortController().signal, progress: () => undefined })).damaged,
  ).toHaveLength(1)
  expect(readDamage(dir)).toEqual(['page'])
  store.close()
})

test('a record that makes no sense is noted as such, inside a transaction too', async () => {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 0, 1)
  const database = openDatabase(file, testKey())
  database.exec("UPDATE groups SET tip = x''; INSERT INTO senders SELECT group_id, x'0b', 1, 'no json', NULL FROM groups")
  database.close()
  const store = openStore({ file, key: testKey() })
  expect(() => store.transaction((tx) => tx.senders.list(groupId(1)))).toThrow(code('unreadable'))
  expect(readDamage(dir)).toEqual(['record'])
  store.close()
})

test('what is only refused is no damage', async () => {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 0, 1)
  const store = openStore({ file, key: testKey() })
  expect(() => store.settings.set('outside', Uint8Array.of(1))).toThrow('outside a transaction')
  store.close()
  expect(() => store.groups.list()).toThrow(code('stopping'))
  expect(readDamage(dir)).toEqual([])
})

test('notes add up, can be taken back one by one, and all be forgotten', () => {
  const dir = testFolder()
  for (const kind of ['log', 'page', 'log'] as const) noteDamage(dir, kind)
  expect(readDamage(dir)).toEqual(['log', 'page'])
  removeDamage(dir, 'log', ['log-handled'])
  expect(readDamage(dir)).toEqual(['page', 'log-handled'])
  removeDamage(dir, 'page')
  removeDamage(dir, 'log-handled')
  expect(existsSync(join(dir, 'damage.json'))).toBe(false)
  noteDamage(dir, 'record')
  forgetDamage(dir)
  expect(readDamage(dir)).toEqual([])
})

test.each<[string, (note: string) => void]>([
  ['names what nobody knows', (note) => writeFileSync(note, '{"kinds":["no such kind"]}')],
  ['is no note', (note) => writeFileSync(note, '{"kinds":["lo')],
  ['is no file', (note) => mkdirSync(note)],
])('a note that %s counts as all that it may have said', (_what, spoil) => {
  const dir = testFolder()
  spoil(join(dir, 'damage.json'))
  expect(readDamage(dir)).toEqual(['page', 'record', 'log', 'foreign-log', 'set-back'])
})

test('a loss that was noted is not forgotten with the note: the groups return, and the note can be read again', async () => {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 0, 1)
  noteDamage(dir, 'log')
  writeFileSync(join(dir, 'damage.json'), '')
  const store = openStore({ file, key: testKey() })
  expect(store.groups.list().map(({ returning }) => returning)).toEqual([true])
  expect(store.damage.known).toEqual(['page', 'record', 'foreign-log', 'log-handled', 'set-back-handled'])
  expect(readDamage(dir)).toEqual(store.damage.known)
  store.close()
})
