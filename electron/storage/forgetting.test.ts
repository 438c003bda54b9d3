import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { utf8 } from '../kernel/bytes.ts'
import { epochRow, movedRow, secretsRow, step } from '../testing/contracts/mls-storage/rows.ts'
import {
  addMessage,
  channelId,
  groupId,
  groupRow,
  memberId,
  messageId,
  messageRow,
  objectId,
  SELF,
} from '../testing/contracts/store/rows.ts'
import { type OpenStore, openStore } from './open-store.ts'
import { type ClearPage, decryptPages, pagesHolding } from './test-support/decrypt-pages.ts'
import { testFolder, testKey } from './test-support/folder.ts'

/** Words that are the first to begin as they do, so that the index spells them out, and of which it must not even keep the beginning. */
const CANARIES = ['zqxcanaryone', 'vvkcanarytwo', 'jwqcanarythree']

function opened(): { store: OpenStore; file: string } {
  const file = join(testFolder(), 'profile.db')
  return { store: openStore({ file, key: testKey() }), file }
}

/** All pages of database and log as they lie on the disk now. Copied by another process: reading here would drop the lock. */
function pagesOf(file: string): ClearPage[] {
  const copy = join(testFolder(), 'copy.db')
  const script = 'const [a, b] = process.argv.slice(1); for (const end of ["", "-wal"]) require("fs").copyFileSync(a + end, b + end)'
  execFileSync(process.execPath, ['-e', script, file, copy])
  return decryptPages(copy, testKey())
}

const holding = (file: string, ...needles: (string | Uint8Array)[]): string[] => {
  const pages = pagesOf(file)
  return needles.flatMap((needle) => pagesHolding(pages, typeof needle === 'string' ? utf8(needle) : needle))
}

/** Ordinary messages, so that what is deleted lies among others, in several pages and segments. */
function chat(store: OpenStore, from: number, to: number): void {
  for (let n = from; n <= to; n += 50)
    store.transaction((tx) => {
      for (let i = n; i < n + 50; i++)
        addMessage(
          tx,
          messageRow(i, { text: `message ${i} about ${['garden', 'bread', 'weather', 'zebra', 'jam'][i % 5]} and w${(i * 7919) % 1000}x` }),
        )
    })
}

const content = (text: string): Uint8Array => utf8(`content ${text}`)
const say = (store: OpenStore, n: number, text: string): void =>
  store.transaction((tx) => void addMessage(tx, messageRow(n, { text, content: content(text), fileNames: [`${text}.pdf`] })))

test('the canaries are seen by this test while they are there', () => {
  const { store, file } = opened()
  CANARIES.forEach((word, n) => say(store, n + 1, `hello ${word}`))
  for (const word of CANARIES) expect(holding(file, word)).toContainEqual(expect.stringMatching(/^log/))
  store.file.checkpoint()
  for (const word of CANARIES) {
    const where = holding(file, word)
    expect(where.length).toBeGreaterThan(1)
    expect(where.every((page) => page.startsWith('database'))).toBe(true)
  }
  store.close()
})

test('neither text nor index entries of what was deleted are anywhere in database or log', () => {
  const { store, file } = opened()
  chat(store, 1000, 1500)
  say(store, 1, `hello ${CANARIES[0]}`)
  chat(store, 2000, 2600)
  store.file.checkpoint()
  say(store, 2, `hello ${CANARIES[1]} and ${CANARIES[0]}`)
  chat(store, 3000, 3300)
  say(store, 3, `${CANARIES[2]}`)
  store.transaction((tx) => [1, 2, 3].forEach((n) => tx.messages.deleteForMe(messageId(n))))
  store.file.checkpoint()
  expect(holding(file, ...CANARIES, 'zqxc', 'vvkc', 'jwqc')).toEqual([])
  expect(store.messages.page(channelId(1), 5000, null).messages).toHaveLength(1550)
  store.close()
})

test('the same goes for what was swept for its age, a slice at a time', () => {
  const { store, file } = opened()
  store.transaction((tx) => tx.messages.setKeepDays(channelId(1), 1))
  for (let n = 1; n <= 60; n++) say(store, n, `${CANARIES[n % 3]} number${n}`)
  chat(store, 1000, 1300)
  store.file.checkpoint()
  while (store.transaction((tx) => tx.messages.sweep(channelId(1), 1000, 7)).length > 0);
  store.file.checkpoint()
  expect(holding(file, ...CANARIES, 'canary')).toEqual([])
  store.close()
})

test('no beginning of a page of the index keeps a word of them', () => {
  const { store, file } = opened()
  // Many words of their own, so that some stand where the index divides its pages; it may keep what a word shares with its neighbour.
  const words = Array.from({ length: 400 }, (_, n) => createHash('sha256').update(`${n}`).digest('hex').replaceAll(/\d/g, 'q').slice(0, 20))
  chat(store, 10_000, 10_500)
  for (let n = 0; n < words.length; n += 10)
    store.transaction((tx) =>
      words.slice(n, n + 10).forEach((word, i) => addMessage(tx, messageRow(n + i + 1, { text: `${word} and more` }))),
    )
  chat(store, 20_000, 20_500)
  store.file.checkpoint()
  const endings = words.map((word) => word.slice(-12))
  expect(holding(file, ...endings).length).toBeGreaterThan(400)
  store.transaction((tx) => words.forEach((_, n) => tx.messages.deleteForMe(messageId(n + 1))))
  store.file.checkpoint()
  expect(holding(file, ...endings)).toEqual([])
  store.close()
})

test('the same goes for an index that was thrown away', () => {
  const { store, file } = opened()
  chat(store, 1000, 1300)
  say(store, 1, CANARIES[0] ?? '')
  store.transaction((tx) => tx.search.forget())
  store.transaction((tx) => tx.messages.deleteForMe(messageId(1)))
  store.file.checkpoint()
  expect(holding(file, ...CANARIES)).toEqual([])
  store.close()
})

test('ciphertext that nobody needs any more is gone when it is dropped', () => {
  const { store, file } = opened()
  const bytes = utf8('ciphertext canary '.repeat(400))
  store.transaction((tx) => {
    tx.groups.put(groupRow())
    tx.objects.put({
      objectId: objectId(1),
      groupId: groupId(1),
      kind: 'message',
      eid: '00' as never,
      epoch: 0,
      sender: SELF,
      senderSeq: 1,
      bytes,
      storedAt: 5,
    })
    tx.deliveries.owe(objectId(1), groupId(1), [memberId(1)])
  })
  store.file.checkpoint()
  expect(holding(file, 'ciphertext canary').length).toBeGreaterThan(0)
  store.transaction((tx) => tx.deliveries.ack(objectId(1), memberId(1), 6))
  store.transaction((tx) => tx.objects.prune(10, 0))
  store.file.checkpoint()
  expect(holding(file, 'ciphertext canary')).toEqual([])
  store.close()
})

test('retired keys are gone: of a ratchet that moved on, of one that was skipped, of an epoch that ended', () => {
  const { store, file } = opened()
  const secret = (name: string): Uint8Array => utf8(name.padEnd(32, '!'))
  const [moved, skipped, left, fixed] = [
    secret('ratchet canary'),
    secret('skipped canary'),
    secret('remaining canary'),
    secret('schedule canary'),
  ]
  const { groupId: group, eid } = epochRow()
  const ratchet = { ...step(2, 'application', 4), secret: moved }
  const late = { ...step(2, 'application', 1), secret: skipped }
  store.transaction(({ mls }) => {
    mls.putEpoch(epochRow())
    mls.putKeySchedule(group, eid, fixed)
    mls.putMessageSecrets(group, eid, secretsRow({ ratchets: [step(2, 'handshake', 0), ratchet], skipped: [late] }))
  })
  store.file.checkpoint()
  expect(holding(file, moved, skipped, fixed)).toHaveLength(3)
  const next = { ...step(2, 'application', 5), secret: left }
  store.transaction(({ mls }) => mls.moveMessageSecrets(group, eid, movedRow({ ratchets: [next], skipped: { added: [], used: [late] } })))
  store.file.checkpoint()
  expect([holding(file, moved, skipped), holding(file, left)]).toEqual([[], [expect.any(String)]])
  store.transaction(({ mls }) => mls.deleteEpoch(group, eid))
  store.file.checkpoint()
  expect(holding(file, left, fixed)).toEqual([])
  store.close()
})
