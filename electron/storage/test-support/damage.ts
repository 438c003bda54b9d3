import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unwatched } from '../../kernel/work.ts'
import type { Store } from '../../ports/store.ts'
import {
  SELF,
  addMessage,
  channelId,
  channelRow,
  eid,
  groupId,
  groupRow,
  memberRow,
  messageRow,
  spaceRow,
} from '../../testing/contracts/store/rows.ts'
import { PAGE_BYTES } from '../database-file/page-format.ts'
import { touchDurably } from '../key-file/durable-file.ts'
import { encodeHeader } from '../key-file/header.ts'
import { keyIdOf } from '../key-file/wraps.ts'
import { migrate } from '../migrations/migrate.ts'
import { migrations } from '../migrations/migrations.ts'
import { openStore } from '../open-store.ts'
import { takeSnapshot } from '../snapshots/snapshots.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { testKey } from './folder.ts'

/** Changes one bit of each of these pages, counted from 1. Not while the database is open in this process. */
export function flipPages(file: string, pages: readonly number[], at = 1000): void {
  const bytes = readFileSync(file)
  for (const page of pages) {
    const place = (page - 1) * PAGE_BYTES + at
    bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place)
  }
  writeFileSync(file, bytes)
}

export const pageCount = (file: string): number => statSync(file).size / PAGE_BYTES

/** A key file of which only what it says of the database counts: the tests have the key already. */
export function writeTestKeyFile(dir: string): void {
  const wraps = [{ kind: 'keyring' as const, sealed: '00' }]
  writeFileSync(join(dir, 'profile.json'), encodeHeader({ generation: 1, keyId: keyIdOf(testKey()), database: 'made', wraps }))
}

/** Pages of a table or index of a closed database, the root first. */
export function pagesOf(file: string, tree: string): number[] {
  const database = openDatabase(file, testKey())
  try {
    const rows = database.prepare('SELECT pageno FROM dbstat WHERE name = ? ORDER BY path').all(tree) as { pageno: number }[]
    return rows.map(({ pageno }) => pageno)
  } finally {
    database.close()
  }
}

/** A profile folder with a group in it, `before` messages, a snapshot, and `after` more; closed. Answers the database. */
export async function profileWithSnapshot(dir: string, before: number, after: number): Promise<string> {
  writeTestKeyFile(dir)
  const file = join(dir, 'profile.db')
  touchDurably(file)
  const database = openDatabase(file, testKey())
  migrate(database, migrations)
  database.close()
  const store = openStore({ file, key: testKey() })
  store.transaction((tx) => {
    tx.settings.set('transport-key', new Uint8Array(32).fill(1))
    tx.groups.put(groupRow({ selfMemberId: SELF }))
    tx.mls.putEpoch({ groupId: groupId(1), eid: eid(1), epoch: 0, parent: null, supersededAt: null })
    tx.directory.replace(spaceRow(), [channelRow(1)], [memberRow(0), memberRow(1)])
  })
  write(store, 1, before)
  if (before > 0) await takeSnapshot(store.file, 1000, unwatched)
  write(store, before + 1, before + after)
  store.close()
  return file
}

function write(store: Store, from: number, to: number): void {
  store.transaction((tx) => {
    for (let n = from; n <= to; n++) addMessage(tx, messageRow(n, { text: `message ${n} ${'x'.repeat(300)}` }))
  })
}

/** Numbers of the messages that are in a store, oldest first. */
export const numbersIn = (store: Store): number[] =>
  store.messages
    .page(channelId(1), 100_000, null)
    .messages.map(({ text }) => Number(text.split(' ')[1]))
    .reverse()
