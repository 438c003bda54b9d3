import { describe, expect, it } from 'vitest'
import { createLocalIdentity, encodeLocalIdentity } from '../../identity/index.ts'
import { systemRandom } from '../../kernel/random.ts'
import { ENDPOINT, TRANSPORT_KEY } from '../../storage/profile-settings.ts'
import { groupId, groupRow, joinRow } from '../../testing/contracts/store/rows.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import { putBack } from './put-back.ts'

describe('a copy of a profile that is put back', () => {
  it('may send nothing in any group, and is another device to the network', () => {
    const store = createMemoryStore()
    store.transaction((tx) => {
      for (const n of [1, 2]) tx.groups.put(groupRow({ groupId: groupId(n), sentSeq: n }))
      tx.settings.set(TRANSPORT_KEY, new Uint8Array(32).fill(1))
      tx.settings.set(ENDPOINT, Uint8Array.of(2))
      tx.settings.set('profile', Uint8Array.of(3))
    })
    putBack(store, systemRandom)
    expect(store.groups.list().map(({ returning, sentSeq }) => [returning, sentSeq])).toEqual([
      [true, 1],
      [true, 2],
    ])
    expect(store.settings.get(TRANSPORT_KEY)).toHaveLength(32)
    expect(store.settings.get(TRANSPORT_KEY)).not.toEqual(new Uint8Array(32).fill(1))
    expect(store.settings.get(ENDPOINT)).toBeNull()
    expect(store.settings.get('profile')).toEqual(Uint8Array.of(3))
  })

  it('ends joins that were under way, without their keys, and leaves those that had ended', () => {
    const store = createMemoryStore()
    const identity = encodeLocalIdentity(createLocalIdentity(groupId(1), 'Ann', systemRandom))
    const working = joinRow(1, { identity, state: { kind: 'working', step: 'asking' } })
    const waiting = joinRow(2, { identity, state: { kind: 'waiting', step: 'asking', code: 'unreachable', message: '', retryAt: 9 } })
    const over = joinRow(3, { identity: new Uint8Array(), state: { kind: 'cancelled' } })
    store.transaction((tx) => [working, waiting, over].forEach((row) => tx.joins.put(row)))
    putBack(store, systemRandom)
    for (const { joinId } of [working, waiting]) {
      expect(store.joins.get(joinId)).toMatchObject({ state: { kind: 'refused', code: 'conflict' }, identity: new Uint8Array() })
    }
    expect(store.joins.get(over.joinId)).toEqual(over)
  })
})
