import { describe, expect, it } from 'vitest'
import type { ObjectRepository, ObjectRow, Store } from '../../ports/store.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import { makeWorld } from '../../testing/fixtures/group-world.ts'
import { recentCommits } from './carry-commits.ts'

/** As if everything that is stored were so large: who reads it sees only that. */
function heavy(bytes: number): Store {
  const store = createMemoryStore()
  const grown = (row: ObjectRow | null): ObjectRow | null => row && { ...row, bytes: new Uint8Array(bytes) }
  const get: ObjectRepository['get'] = (objectId) => grown(store.objects.get(objectId))
  return { ...store, objects: Object.create(store.objects, { get: { value: get } }) as ObjectRepository }
}

async function carriedWhen(bytes: number): Promise<number> {
  const world = await makeWorld('carried', () => heavy(bytes))
  const ann = await world.found('Ann')
  for (const name of ['one', 'two', 'three']) await ann.addChannel(name)
  return recentCommits(ann.group).length
}

describe('the commits that a newcomer is given to pass on', () => {
  it('are the newest, as many as may be together', async () => {
    expect(await carriedWhen(100 * 1024)).toBe(3)
    expect(await carriedWhen(200 * 1024)).toBe(2)
  })

  it('are the newest alone where that is too large for any other beside it', async () => {
    expect(await carriedWhen(600 * 1024)).toBe(1)
  })
})
