import { beforeEach, describe, expect, it } from 'vitest'
import { fromUtf8, utf8 } from '../../kernel/bytes.ts'
import { commitBy, gather, NONE, outcome, stateOf, unwrapOk, yes } from '../../testing/mls/party.ts'
import type { Party } from '../../testing/mls/party.ts'

/** What a device reads of itself after its state was put back from an older copy. */
let party: Party
beforeEach(async () => {
  party = await gather(['Alice', 'Bob', 'Carol'])
})
const takeOwn = { takeOwn: true }

describe('a state that is only read', () => {
  it('takes what its own leaf sent after the copy was made, once', async () => {
    const { engine } = party
    const copy = stateOf(party, 0)
    const sent = await engine.encrypt(copy, utf8('lost'), NONE)
    expect(await outcome(engine.receive(copy, sent.message, yes))).toBe('own')
    const read = unwrapOk(await engine.receive(copy, sent.message, yes, takeOwn))
    if (read.kind !== 'message') throw new Error('not a message')
    expect([read.sender.memberId, fromUtf8(read.plaintext)]).toEqual([engine.self(copy).memberId, 'lost'])
    expect(await outcome(engine.receive(read.state, sent.message, yes, takeOwn))).toBe('replay')
    expect(engine.moved(copy, read.state)).toBeDefined()
  })

  it('knows a commit of its own leaf, which nobody has to authorise and it cannot follow', async () => {
    const { engine } = party
    const copy = stateOf(party, 0)
    const { commit, change } = await commitBy(party, 0, { settings: utf8('lost') })
    const before = engine.encode(copy)
    expect(unwrapOk(await engine.receive(copy, commit, () => 'never', takeOwn))).toEqual({ kind: 'own-commit', change })
    expect(engine.encode(copy)).toEqual(before)
  })

  it('takes no commit for its own that another leaf did not sign as this one', async () => {
    const { engine } = party
    const { commit } = await commitBy(party, 1, { settings: utf8('by Bob') })
    expect(await outcome(engine.receive(stateOf(party, 0), commit, yes, takeOwn))).toBe('commit')
    const own = await commitBy(party, 0, {})
    const spoilt = new Uint8Array(own.commit)
    spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 1
    expect(await outcome(engine.receive(stateOf(party, 0), spoilt, yes, takeOwn))).toBe('invalid')
  })

  it('follows a commit in which its leaf is exchanged to where it ends, and the fresh leaf goes on', async () => {
    const { engine, identities, groupId } = party
    const [alice] = identities
    if (alice === undefined) throw new Error('there is Alice')
    const pair = await engine.keyPackage(groupId, alice)
    const made = await commitBy(party, 1, { removeLeaves: [0], add: [pair.publicPackage] })
    expect(await outcome(engine.receive(stateOf(party, 0), made.commit, yes))).toBe('removed')
    const fresh = unwrapOk(await engine.join(groupId, made.welcome ?? NONE, [pair]))
    const carol = unwrapOk(await engine.receive(stateOf(party, 2), made.commit, yes))
    if (carol.kind !== 'commit') throw new Error('not followed')
    expect(await engine.eid(fresh)).toBe(await engine.eid(carol.state))
    const { message } = await engine.encrypt(fresh, utf8('back'), NONE)
    expect(await outcome(engine.receive(carol.state, message, yes))).toBe('message')
  })
})
