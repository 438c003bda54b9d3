import { beforeEach, describe, expect, it } from 'vitest'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { certifiedFor, leafForGroup } from '../../identity/index.ts'
import type { LocalIdentity } from '../../identity/index.ts'
import { utf8 } from '../../kernel/bytes.ts'
import { gather, stateOf } from '../../testing/mls/party.ts'
import type { Party } from '../../testing/mls/party.ts'

const NONE = new Uint8Array()

describe('a group under a space', () => {
  let party: Party
  let scope: GroupId
  let under: GroupId
  let alice: LocalIdentity
  let bob: LocalIdentity
  beforeEach(async () => {
    party = await gather(['Alice', 'Bob'])
    const { groupId, random, identities } = party
    const [first, second] = identities
    if (first === undefined || second === undefined) throw new Error('two of them')
    ;[scope, under] = [certifiedFor({ groupId, parent: groupId }), random.id<GroupId>()]
    ;[alice, bob] = [leafForGroup(first, scope, random), leafForGroup(second, scope, random)]
  })
  const found = (parent: GroupId | null = party.groupId) =>
    party.engine.create({ groupId: under, parent, self: alice, settings: utf8('settings') })

  it('knows its members as the space does, and which space it is under', async () => {
    const { engine, groupId } = party
    const state = await found()
    const pair = await engine.keyPackage(scope, bob)
    const made = await engine.commit(state, { add: [pair.publicPackage], authenticatedData: NONE })
    if (!made.ok || made.value.welcome === null) throw new Error('added')
    expect(engine.members(made.value.state).map((m) => m.memberId)).toEqual(engine.members(stateOf(party, 0)).map((m) => m.memberId))
    const joined = await engine.join(under, made.value.welcome, [pair], { parent: groupId })
    if (!joined.ok) throw new Error(joined.error.detail)
    expect([engine.parent(joined.value), engine.scope(joined.value), engine.parent(stateOf(party, 0))]).toEqual([groupId, scope, null])
    expect(engine.parent(engine.decode(engine.encode(joined.value)))).toBe(groupId)
    expect((await engine.join(under, made.value.welcome, [pair], { parent: party.random.id<GroupId>() })).ok).toBe(false)
    expect((await engine.join(under, made.value.welcome, [pair])).ok).toBe(false)
  })

  it('takes no leaf of the space, nor of another space, nor does the space take one of those', async () => {
    const { engine, groupId, random, identities } = party
    const state = await found()
    const [, second] = identities
    if (second === undefined) throw new Error('two of them')
    const other = certifiedFor({ groupId: under, parent: random.id<GroupId>() })
    for (const leaf of [leafForGroup(second, groupId, random), leafForGroup(second, other, random), leafForGroup(second, under, random)]) {
      const pair = await engine.keyPackage(leaf.groupId, leaf)
      expect(await engine.commit(state, { add: [pair.publicPackage], authenticatedData: NONE })).toMatchObject({ ok: false })
    }
    const pair = await engine.keyPackage(scope, bob)
    const removed = await engine.commit(stateOf(party, 0), { removeLeaves: [1], authenticatedData: NONE })
    if (!removed.ok) throw new Error('removed')
    expect(await engine.commit(removed.value.state, { add: [pair.publicPackage], authenticatedData: NONE })).toMatchObject({
      ok: false,
      error: { reason: 'invalid' },
    })
    await expect(found(null)).rejects.toThrow()
  })

  it('stays under it whatever its settings become', async () => {
    const { engine, groupId } = party
    const made = await engine.commit(await found(), { settings: utf8('other'), authenticatedData: NONE })
    if (!made.ok) throw new Error('changed')
    expect(engine.parent(made.value.state)).toBe(groupId)
    expect(made.value.change.parent).toBe(groupId)
  })
})
