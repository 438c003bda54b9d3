import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { AppError } from '../../kernel/errors.ts'
import { unwatched } from '../../kernel/work.ts'
import { PAGE_BYTES } from '../database-file/page-format.ts'
import { groupId } from '../../testing/contracts/store/rows.ts'
import { type OpenStore, openStore } from '../open-store.ts'
import { numbersIn, pageCount, profileWithSnapshot } from '../test-support/damage.ts'
import { testFolder, testKey } from '../test-support/folder.ts'

/** Everything the program would read, as one value. */
function everythingIn(store: OpenStore): unknown {
  return {
    messages: numbersIn(store),
    groups: store.groups.list(),
    channels: store.directory.channels(groupId(1)),
    members: store.directory.members(groupId(1)),
    senders: store.senders.list(groupId(1)),
    objects: store.objects.since(groupId(1), 0, null, 10_000).map(({ objectId }) => objectId),
    epochs: store.mls.epochs(groupId(1)),
    key: store.settings.get('transport-key'),
    newest: store.messages.newestLamport(groupId(1)),
    found: store.search.find({ ...ANYWHERE, terms: [{ words: 'message', prefix: false }] }).messages.length,
  }
}

const ANYWHERE = { groups: null, channelId: null, order: 'newest' as const, limit: 1000, before: null }

/** What opening and reading comes to: the data, or that it is unreadable. Anything else fails the test. */
async function readAll(file: string): Promise<{ read: unknown; damaged: number[] }> {
  let store: OpenStore
  try {
    store = openStore({ file, key: testKey() })
  } catch (thrown) {
    return { read: unreadable(thrown), damaged: [] }
  }
  try {
    const { damaged } = await store.file.verifyPages(1, 10_000, unwatched)
    return { read: everythingOr(store), damaged }
  } finally {
    store.close()
  }
}

function everythingOr(store: OpenStore): unknown {
  try {
    return everythingIn(store)
  } catch (thrown) {
    return unreadable(thrown)
  }
}

function unreadable(thrown: unknown): 'unreadable' {
  if (thrown instanceof AppError && thrown.code === 'unreadable') return 'unreadable'
  throw thrown
}

test('a bit flipped in any page, at its beginning, middle, vector or code, is found, and never read as data', async () => {
  const file = await profileWithSnapshot(testFolder(), 0, 25)
  const whole = await readAll(file)
  const [bytes, state] = [readFileSync(file), readFileSync(`${file}-state`)]
  expect(whole.damaged).toEqual([])
  const pages = pageCount(file)
  let silent = 0
  for (let page = 1; page <= pages; page++) {
    const at = [20, 1999, PAGE_BYTES - 75, PAGE_BYTES - 1][page % 4] ?? 0
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8((page - 1) * PAGE_BYTES + at) ^ 0x10, (page - 1) * PAGE_BYTES + at)
    writeFileSync(file, changed)
    writeFileSync(`${file}-state`, state)
    const { read, damaged } = await readAll(file)
    if (read === 'unreadable') continue
    // A page that holds nothing that was read: the scrub finds it all the same.
    expect(read).toEqual(whole.read)
    expect(damaged).toEqual([page])
    silent += 1
  }
  expect(pages).toBeGreaterThan(60)
  expect(silent).toBeLessThan(pages)
}, 120_000)

test('two pages exchanged are found, though each was written by us', async () => {
  const file = await profileWithSnapshot(testFolder(), 0, 60)
  const bytes = readFileSync(file)
  const pages = pageCount(file)
  const [one, other] = [(pages - 4) * PAGE_BYTES, (pages - 2) * PAGE_BYTES]
  const kept = Buffer.from(bytes.subarray(one, one + PAGE_BYTES))
  bytes.copy(bytes, one, other, other + PAGE_BYTES)
  kept.copy(bytes, other)
  writeFileSync(file, bytes)
  expect((await readAll(file)).damaged).toEqual([pages - 3, pages - 1])
})

test('a database cut at any length is never taken for a shorter or a new one', async () => {
  const file = await profileWithSnapshot(testFolder(), 0, 40)
  const bytes = readFileSync(file)
  const lengths = [0, 1, 511, 512, 4095, 4096, 4097, 8192, 100_000, bytes.length - PAGE_BYTES, bytes.length - 1]
  for (const length of lengths) {
    writeFileSync(file, bytes)
    truncateSync(file, length)
    const { read, damaged } = await readAll(file)
    expect({ length, read: read === 'unreadable' || damaged.length > 0 }).toEqual({ length, read: true })
    expect(statSync(file).size).toBeGreaterThanOrEqual(length)
  }
}, 60_000)

test('bytes behind the end of a database change nothing', async () => {
  const file = await profileWithSnapshot(testFolder(), 0, 10)
  const whole = await readAll(file)
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(PAGE_BYTES * 2, 7)]))
  const { read, damaged } = await readAll(file)
  expect(read).toEqual(whole.read)
  expect(damaged).toHaveLength(2)
})
