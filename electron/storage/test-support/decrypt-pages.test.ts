import { join } from 'node:path'
import { expect, test } from 'vitest'
import { utf8 } from '../../kernel/bytes.ts'
import { addMessage, messageRow } from '../../testing/contracts/store/rows.ts'
import { openStore } from '../open-store.ts'
import { decryptPages, pagesHolding } from './decrypt-pages.ts'
import { testFolder, testKey } from './folder.ts'
import { runScript } from './process.ts'

test('finds what is stored, in the database', () => {
  const file = join(testFolder(), 'profile.db')
  const store = openStore({ file, key: testKey() })
  store.transaction((tx) => addMessage(tx, messageRow(1, { text: 'a canary' })))
  store.close()
  const pages = decryptPages(file, testKey())
  expect(pagesHolding(pages, utf8('a canary'))).toEqual([expect.stringMatching(/^database \d+$/)])
  expect(pagesHolding(pages, utf8('CREATE TABLE messages')).length).toBeGreaterThan(0)
  expect(pagesHolding(pages, utf8('no canary'))).toEqual([])
  expect(pages.filter(({ authentic }) => !authentic)).toEqual([])
})

test('finds what is only in the log', async () => {
  const dir = testFolder()
  const writer = runScript('write-loop.ts', dir)
  await writer.line('durable 3')
  await writer.kill()
  const pages = decryptPages(join(dir, 'profile.db'), testKey())
  expect(pagesHolding(pages, utf8('number 2 number 2'))).toContainEqual(expect.stringMatching(/^log \d+$/))
  expect(pages.filter(({ authentic }) => !authentic)).toEqual([])
})

test('finds nothing with another key', () => {
  const file = join(testFolder(), 'profile.db')
  openStore({ file, key: testKey() }).close()
  const pages = decryptPages(file, testKey(8))
  expect(pagesHolding(pages, utf8('CREATE TABLE'))).toEqual([])
  expect(pages.filter(({ authentic }) => authentic)).toEqual([])
})
