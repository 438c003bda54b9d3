import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Redacted } from '../../kernel/redacted.ts'
import type { Store } from '../../ports/store.ts'
import { openStore } from '../../storage/open-store.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import { gather } from '../../testing/mls/party.ts'
import { seededRandom } from '../../testing/mls/seeded.ts'
import { StoredHistory } from '../../testing/mls/stored-history.ts'

const STEPS = 60

function inDatabases(): () => Store {
  const dir = mkdtempSync(join(tmpdir(), 'spacepanda-states-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  let opened = 0
  return () => openStore({ file: join(dir, `${++opened}.db`), key: new Redacted(new Uint8Array(32).fill(7)) })
}

const stores = { memory: () => createMemoryStore, 'encrypted SQLite': inDatabases } as const
const cases = (Object.keys(stores) as (keyof typeof stores)[]).flatMap((kind) => [1, 2, 3].map((seed) => [kind, seed] as const))

it.each(cases)(
  'what is stored in %s is the state in memory after every step, and goes on like it (seed %i)',
  async (kind, seed) => {
    const party = await gather(['Ann', 'Bob', 'Cleo', 'Dan'])
    const history = new StoredHistory(party, seededRandom(`stored ${seed}`), stores[kind]())
    await history.begin()
    await history.play(STEPS)
    history.close()
    // All of it happened.
    for (const count of Object.values(history.counts)) expect(count).toBeGreaterThan(0)
    expect(history.counts.compared).toBeGreaterThan(STEPS * 4)
  },
  60_000,
)
