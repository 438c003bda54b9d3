import { beforeAll, describe, expect, it } from 'vitest'
import { utf8 } from '../../kernel/bytes.ts'
import { AppError, InvariantError } from '../../kernel/errors.ts'
import type { EpochParts } from '../../ports/mls-epoch.ts'
import { commitBy, gather, NONE, outcome, stateOf, unwrapOk, yes } from '../../testing/mls/party.ts'
import type { Party } from '../../testing/mls/party.ts'
import { flatten, wipe } from '../../testing/mls/parts.ts'
import type { GroupState } from './group-engine.ts'
import { unwrap, wrap } from './state.ts'

let party: Party
beforeAll(async () => {
  party = await gather(['Alice', 'Bob', 'Carol', 'Dave'])
})

/** Bob, after one of Alice's messages overtook another and he answered. */
async function talked(): Promise<GroupState> {
  let [alice, bob] = [stateOf(party, 0), stateOf(party, 1)]
  for (const text of ['skipped', 'read']) {
    const sent = await party.engine.encrypt(alice, utf8(text), NONE)
    alice = sent.state
    if (text === 'skipped') continue
    const read = unwrapOk(await party.engine.receive(bob, sent.message, yes))
    if (read.kind === 'message') bob = read.state
  }
  return (await party.engine.encrypt(bob, utf8('answer'), NONE)).state
}

const fixed = ({ secrets: _secrets, ...rest }: EpochParts) => rest

describe('a stored state', () => {
  it('is the same state: everything in it, secrets and skipped keys included', async () => {
    const state = await talked()
    const restored = party.engine.decode(party.engine.encode(state))
    expect(unwrap(restored)).toEqual(unwrap(state))
    expect(party.engine.encode(restored)).toEqual(party.engine.encode(state))
  })

  it('names its parts: two ratchets for each who spoke, a key for what was overtaken, the rest of the tree', async () => {
    const { ownLeaf, pathKeys, secrets } = party.engine.encode(await talked())
    expect(ownLeaf.leafIndex).toBe(1)
    expect(pathKeys.map((key) => key.node)).toContain(2)
    expect(secrets.ratchets.map(({ leaf, kind, generation }) => [leaf, kind, generation])).toEqual([
      [0, 'handshake', 0],
      [0, 'application', 2],
      [1, 'handshake', 0],
      [1, 'application', 1],
    ])
    expect(secrets.skipped.map(({ leaf, kind, generation }) => [leaf, kind, generation])).toEqual([[0, 'application', 0]])
    expect(secrets.nodes.map(({ node }) => node)).toEqual([5])
    expect(secrets.leafWidth).toBe(4)
  })

  it('changes in its message secrets only while people talk', async () => {
    const before = party.engine.encode(stateOf(party, 1))
    const after = party.engine.encode(await talked())
    expect(fixed(after)).toEqual(fixed(before))
    expect(after.secrets).not.toEqual(before.secrets)
  })

  it('holds no key of an epoch that is over', async () => {
    const { state } = await commitBy(party, 0, {})
    const stored = Buffer.from(flatten(party.engine.encode(state)))
    const { keySchedule, secretTree } = unwrap(stateOf(party, 0))
    const secretsOf = (record: object): Uint8Array[] => Object.values(record).filter((value) => value instanceof Uint8Array)
    const past = [...secretsOf(keySchedule), ...secretsOf(secretTree.intermediateNodes)]
    expect(past.length).toBeGreaterThan(8)
    for (const secret of past) expect(stored.includes(Buffer.from(secret))).toBe(false)
    for (const secret of secretsOf(unwrap(state).keySchedule)) expect(stored.includes(Buffer.from(secret))).toBe(true)
  })

  it('shares no memory with its stored form, nor that with it', async () => {
    const state = await talked()
    const encoded = party.engine.encode(state)
    const before = flatten(encoded)
    const restored = party.engine.decode(encoded)
    wipe(encoded)
    expect(flatten(party.engine.encode(restored))).toEqual(before)
    expect(flatten(party.engine.encode(state))).toEqual(before)
  })

  it('goes on where it stopped: what it read is a replay, what it wrote is not written again', async () => {
    const { engine } = party
    const first = await engine.encrypt(stateOf(party, 0), utf8('one'), NONE)
    const again = engine.decode(engine.encode(first.state))
    const second = await engine.encrypt(again, utf8('two'), NONE)
    const read = unwrapOk(await engine.receive(stateOf(party, 1), first.message, yes))
    if (read.kind !== 'message') throw new Error('not a message')
    const bob = engine.decode(engine.encode(read.state))
    expect(await outcome(engine.receive(bob, first.message, yes))).toBe('replay')
    expect(await outcome(engine.receive(bob, second.message, yes))).toBe('message')
  })

  it('is never one with more in it than is stored', () => {
    const client = unwrap(stateOf(party, 0))
    const withProposal = wrap({
      ...client,
      unappliedProposals: { AA: { proposal: { proposalType: 3, remove: { removed: 1 } }, senderLeafIndex: 1 } },
    })
    const gone = wrap({ ...client, groupActiveState: { kind: 'removedFromGroup' } })
    for (const state of [withProposal, gone]) expect(() => party.engine.encode(state)).toThrow(InvariantError)
  })
})

describe('a stored state is unreadable, in words,', () => {
  const cut = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, -1)
  const longer = (bytes: Uint8Array): Uint8Array => new Uint8Array([...bytes, 0])
  type Damage = (parts: EpochParts, next: EpochParts) => Partial<EpochParts>
  const blobs = ['groupContext', 'ratchetTree', 'keySchedule', 'confirmation'] as const
  const damages: [string, Damage][] = [
    ...blobs.flatMap((name): [string, Damage][] => [
      [`without ${name}`, () => ({ [name]: NONE })],
      [`with ${name} of another format`, (parts) => ({ [name]: parts[name].with(0, 1) })],
      [`with ${name} of another epoch`, (_, next) => ({ [name]: next[name] })],
    ]),
    ...blobs
      .filter((name) => name !== 'confirmation')
      .flatMap((name): [string, Damage][] => [
        [`with ${name} cut short`, (parts) => ({ [name]: cut(parts[name]) })],
        [`with ${name} too long`, (parts) => ({ [name]: longer(parts[name]) })],
      ]),
    ['with the message secrets of another epoch', (_, next) => ({ secrets: next.secrets })],
    ['with our leaf in another epoch', (_, next) => ({ ownLeaf: next.ownLeaf })],
    ['with a leaf that is not ours', ({ ownLeaf }) => ({ ownLeaf: { ...ownLeaf, leafIndex: 0 } })],
    ['with a leaf outside of the tree', ({ ownLeaf }) => ({ ownLeaf: { ...ownLeaf, leafIndex: 99 } })],
    ['without the key of our leaf', () => ({ pathKeys: [] })],
    ["with a key of somebody else's path", ({ pathKeys }) => ({ pathKeys: [...pathKeys, { node: 4, secret: new Uint8Array(32) }] })],
    ['with a secret tree of another size', ({ secrets }) => ({ secrets: { ...secrets, leafWidth: 8 } })],
    ['with half of a sender', ({ secrets }) => ({ secrets: { ...secrets, ratchets: secrets.ratchets.slice(1) } })],
    ['with a key of a sender that was not heard', ({ secrets }) => ({ secrets: { ...secrets, ratchets: [] } })],
    ['with a secret that is none', ({ secrets }) => ({ secrets: { ...secrets, nodes: [{ node: 5, secret: new Uint8Array(31) }] } })],
  ]
  it.each(damages)('%s', async (_, damage) => {
    const { engine } = party
    const parts = engine.encode(await talked())
    const next = engine.encode((await commitBy(party, 0, {})).state)
    expect(() => engine.decode({ ...parts, ...damage(parts, next) })).toThrow(AppError)
    expect(engine.epoch(engine.decode(parts))).toBe(1)
  })
})
