import { beforeEach, describe, expect, it } from 'vitest'
import { createLocalIdentity } from '../../identity/index.ts'
import { fromUtf8, toHex, utf8 } from '../../kernel/bytes.ts'
import { InvariantError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { commitBy, gather, NONE, outcome, stateOf, unwrapOk, yes } from '../../testing/mls/party.ts'
import type { Party } from '../../testing/mls/party.ts'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { createGroupEngine, XWING_SUITE } from './index.ts'
import type { ProposedChange, Received } from './group-engine.ts'
import { unwrap } from './state.ts'

let party: Party
beforeEach(async () => {
  party = await gather(['Alice', 'Bob', 'Carol'])
})

const receive = async (index: number, bytes: Uint8Array): Promise<Received> =>
  unwrapOk(await party.engine.receive(stateOf(party, index), bytes, yes))

describe('a group', () => {
  it('is hybrid post-quantum unless asked otherwise', async () => {
    const engine = await createGroupEngine({ clock: party.clock, random: party.random, logger: silentLogger })
    const groupId = party.random.id<GroupId>()
    const self = createLocalIdentity(groupId, 'Alice', party.random)
    const state = await engine.create({ groupId, self, settings: utf8('s') })
    expect(unwrap(state).groupContext.cipherSuite).toBe(XWING_SUITE)
    expect(engine.epoch(state)).toBe(0)
    expect(engine.groupId(state)).toBe(groupId)
    expect(engine.self(state)).toMatchObject({ leafIndex: 0, memberId: self.memberId, deviceId: self.deviceId, name: 'Alice' })
  })

  it('is seen the same by all its members, under one eid', async () => {
    const { engine, states, identities } = party
    const eids = await Promise.all(states.map((state) => engine.eid(state)))
    expect(new Set(eids).size).toBe(1)
    expect(eids[0]).toMatch(/^[0-9a-f]{32}$/)
    for (const [i, state] of states.entries()) {
      expect(engine.members(state).map((member) => member.memberId)).toEqual(identities.map((identity) => identity.memberId))
      expect(engine.self(state).leafIndex).toBe(i)
      expect(fromUtf8(engine.settings(state))).toBe('settings 0')
      expect(engine.epoch(state)).toBe(1)
    }
  })

  it('cannot be made with an identity whose leaf is certified for another group', async () => {
    const self = createLocalIdentity(party.random.id<GroupId>(), 'Alice', party.random)
    await expect(party.engine.create({ groupId: party.groupId, self, settings: NONE })).rejects.toThrow(InvariantError)
    await expect(party.engine.keyPackage(party.groupId, self)).rejects.toThrow(InvariantError)
  })

  it('exports different secrets for each label, context, length and epoch, the same for every member', async () => {
    const { engine } = party
    const [alice, bob] = [stateOf(party, 0), stateOf(party, 1)]
    const secret = await engine.exportSecret(alice, 'label', utf8('context'), 32)
    expect(await engine.exportSecret(bob, 'label', utf8('context'), 32)).toEqual(secret)
    const { state: later } = await commitBy(party, 0, {})
    const others = [
      await engine.exportSecret(alice, 'other', utf8('context'), 32),
      await engine.exportSecret(alice, 'label', utf8('other'), 32),
      await engine.exportSecret(later, 'label', utf8('context'), 32),
    ]
    expect(new Set([secret, ...others].map(toHex)).size).toBe(4)
  })
})

describe('a message', () => {
  it('arrives with its authenticated sender and data', async () => {
    const { message } = await party.engine.encrypt(stateOf(party, 1), utf8('hello'), utf8('in the open'))
    for (const reader of [0, 2]) {
      const received = await receive(reader, message)
      expect(received).toMatchObject({ kind: 'message', sender: { leafIndex: 1, name: 'Bob' } })
      if (received.kind !== 'message') continue
      expect(fromUtf8(received.plaintext)).toBe('hello')
      expect(fromUtf8(received.authenticatedData)).toBe('in the open')
      expect(received.sender.memberId).toBe(party.identities[1]?.memberId)
    }
    expect(party.engine.inspect(message)).toEqual({ ok: true, value: { groupId: party.groupId, epoch: 1, kind: 'message' } })
  })

  it('hides how short it is', async () => {
    const sizes = new Set<number>()
    for (const text of ['', 'a', 'a'.repeat(100)]) {
      sizes.add((await party.engine.encrypt(stateOf(party, 0), utf8(text), NONE)).message.length)
    }
    expect(sizes.size).toBe(1)
  })

  it('is read once, in whatever order it arrives, and its own author cannot read it', async () => {
    const { engine } = party
    const sent: Uint8Array[] = []
    for (let i = 0; i < 5; i++) {
      const made = await engine.encrypt(stateOf(party, 0), utf8(`message ${i}`), NONE)
      party.states[0] = made.state
      sent.push(made.message)
    }
    let bob = stateOf(party, 1)
    const texts: string[] = []
    for (const i of [3, 0, 4, 1, 2]) {
      const received = unwrapOk(await engine.receive(bob, sent[i] ?? NONE, yes))
      if (received.kind !== 'message') throw new Error('not a message')
      texts.push(fromUtf8(received.plaintext))
      bob = received.state
    }
    expect(texts).toEqual([3, 0, 4, 1, 2].map((i) => `message ${i}`))
    for (const message of sent) {
      expect(await outcome(engine.receive(bob, message, yes))).toBe('replay')
      expect(await outcome(engine.receive(stateOf(party, 0), message, yes))).toBe('own')
    }
  })

  it('may be overtaken by hundreds and follow a gap of a thousand', async () => {
    const { engine } = party
    const sent: Uint8Array[] = []
    for (let i = 0; i < 1200; i++) {
      const made = await engine.encrypt(stateOf(party, 0), utf8(String(i)), NONE)
      party.states[0] = made.state
      sent.push(made.message)
    }
    const late = await receive(1, sent[1199] ?? NONE)
    if (late.kind !== 'message') throw new Error('not a message')
    for (const i of [1198, 1199 - 100, 1199 - 200]) {
      expect(await outcome(engine.receive(late.state, sent[i] ?? NONE, yes)), String(i)).toBe('message')
    }
    expect(await outcome(engine.receive(late.state, sent[10] ?? NONE, yes))).toBe('replay')
  })

  it('of the previous epoch is read with the previous state, as long as it is kept', async () => {
    const { engine } = party
    const { message } = await engine.encrypt(stateOf(party, 2), utf8('late'), NONE)
    const { commit } = await commitBy(party, 0, {})
    const next = await receive(1, commit)
    if (next.kind !== 'commit') throw new Error('not a commit')
    expect(await outcome(engine.receive(next.state, message, yes))).toBe('wrong-epoch')
    expect(await outcome(engine.receive(stateOf(party, 1), message, yes))).toBe('message')
  })
})

describe('a commit', () => {
  it('says to whoever authorises what it would do', async () => {
    const { engine, groupId } = party
    const dave = createLocalIdentity(groupId, 'Dave', party.random)
    const pair = await engine.keyPackage(groupId, dave)
    const made = unwrapOk(
      await engine.commit(stateOf(party, 0), {
        add: [pair.publicPackage],
        removeLeaves: [2],
        settings: utf8('settings 1'),
        authenticatedData: utf8('intent'),
      }),
    )
    const asked: ProposedChange[] = []
    const received = await engine.receive(stateOf(party, 1), made.commit, (change) => {
      asked.push(change)
      return null
    })
    expect(asked).toEqual([
      {
        author: engine.self(stateOf(party, 0)),
        added: [
          {
            ...{ leafIndex: 2, memberId: dave.memberId, deviceId: dave.deviceId, name: 'Dave' },
            ...{ signatureKey: dave.leafPublicKey, reference: pair.reference },
          },
        ],
        removed: [{ ...engine.self(stateOf(party, 2)), signatureKey: engine.leafKey(stateOf(party, 2), 2) }],
        staying: [engine.self(stateOf(party, 0)), engine.self(stateOf(party, 1))],
        parent: null,
        settingsBefore: utf8('settings 0'),
        settingsAfter: utf8('settings 1'),
        authenticatedData: utf8('intent'),
      },
    ])
    expect(made.change).toEqual(asked[0])
    const next = unwrapOk(received)
    expect(next).toMatchObject({ kind: 'commit', change: asked[0] })
    if (next.kind !== 'commit') return
    const joined = unwrapOk(await engine.join(groupId, made.welcome ?? NONE, [pair]))
    for (const state of [made.state, next.state, joined]) {
      expect(await engine.eid(state)).toBe(await engine.eid(made.state))
      expect(engine.members(state).map((member) => member.name)).toEqual(['Alice', 'Bob', 'Dave'])
      expect(fromUtf8(engine.settings(state))).toBe('settings 1')
    }
    expect(engine.inspect(made.commit)).toEqual({ ok: true, value: { groupId, epoch: 1, kind: 'commit' } })
  })

  it('that is not authorised changes nothing, nor does an objection that throws', async () => {
    const { engine } = party
    const { commit } = await commitBy(party, 0, { settings: utf8('mine') })
    const before = engine.encode(stateOf(party, 1))
    const refused = await engine.receive(stateOf(party, 1), commit, () => 'only owners')
    expect(refused).toEqual({ ok: false, error: { reason: 'unauthorised', detail: 'only owners' } })
    const broken = engine.receive(stateOf(party, 1), commit, () => {
      throw new Error('fault')
    })
    expect(await outcome(broken)).toBe('unauthorised')
    expect(engine.encode(stateOf(party, 1))).toEqual(before)
    expect(await outcome(engine.receive(stateOf(party, 1), commit, yes))).toBe('commit')
  })

  it('rivalled by another from the same parent leaves the parent usable: the loser can follow the winner', async () => {
    const { engine } = party
    const [mine, yours] = [await commitBy(party, 0, { settings: utf8('a') }), await commitBy(party, 1, { settings: utf8('b') })]
    const carol = await receive(2, mine.commit)
    if (carol.kind !== 'commit') throw new Error('not a commit')
    expect(await outcome(engine.receive(carol.state, yours.commit, yes))).toBe('wrong-epoch')
    expect(await outcome(engine.receive(mine.state, yours.commit, yes))).toBe('wrong-epoch')
    expect(await engine.eid(mine.state)).not.toBe(await engine.eid(yours.state))
    const loser = await receive(1, mine.commit)
    if (loser.kind !== 'commit') throw new Error('not a commit')
    expect(await engine.eid(loser.state)).toBe(await engine.eid(mine.state))
  })

  it('cannot be read by its author, nor be made to remove its author, nobody, or one member twice', async () => {
    const { commit } = await commitBy(party, 0, {})
    expect(await outcome(party.engine.receive(stateOf(party, 0), commit, yes))).toBe('own')
    for (const removeLeaves of [[0], [3], [9999], [-1], [0.5], [1, 1]]) {
      const made = await party.engine.commit(stateOf(party, 0), { removeLeaves, authenticatedData: NONE })
      expect(made.ok ? 'made' : made.error.reason, removeLeaves.join()).toBe('invalid')
    }
  })

  it('that empties the left half of the tree, and with it the root of every path, is followed alike', async () => {
    const { engine, states } = await gather(['0', '1', '2', '3', '4', '5', '6'])
    const [by, ...others] = states.slice(4)
    if (by === undefined) throw new Error('nobody left')
    const made = unwrapOk(await engine.commit(by, { removeLeaves: [0, 1, 2, 3], authenticatedData: NONE }))
    for (const other of others) {
      const followed = unwrapOk(await engine.receive(other, made.commit, yes))
      if (followed.kind !== 'commit') throw new Error('not followed')
      expect(await engine.eid(followed.state)).toBe(await engine.eid(made.state))
      const again = unwrapOk(await engine.commit(followed.state, { authenticatedData: NONE }))
      const back = unwrapOk(await engine.receive(made.state, again.commit, yes))
      if (back.kind !== 'commit') throw new Error('not followed')
      expect(await engine.eid(back.state)).toBe(await engine.eid(again.state))
    }
  })

  it('renews the keys of its author', async () => {
    const leaf = (state: Party['states'][number]) => unwrap(state).ratchetTree[0]
    const { state } = await commitBy(party, 0, {})
    expect(leaf(state)).not.toEqual(leaf(stateOf(party, 0)))
  })
})

describe('a signature of a member', () => {
  it('holds for its leaf, label and bytes only', async () => {
    const { engine } = party
    const [alice, bob] = [stateOf(party, 0), stateOf(party, 1)]
    const signature = engine.sign(alice, 'proof', utf8('binding'))
    expect(engine.verify(bob, 'proof', utf8('binding'), 0, signature)).toEqual(engine.self(alice))
    expect(engine.verify(bob, 'other', utf8('binding'), 0, signature)).toBeNull()
    expect(engine.verify(bob, 'proof', utf8('bindinh'), 0, signature)).toBeNull()
    for (const leaf of [1, 2, 3, 100, -1, 0.5, Number.NaN]) expect(engine.verify(bob, 'proof', utf8('binding'), leaf, signature)).toBeNull()
    expect(engine.verify(bob, 'proof', utf8('binding'), 0, new Uint8Array(64))).toBeNull()
    const elsewhere = await gather(['Alice', 'Bob'])
    expect(elsewhere.engine.verify(stateOf(elsewhere, 1), 'proof', utf8('binding'), 0, signature)).toBeNull()
  })
})
