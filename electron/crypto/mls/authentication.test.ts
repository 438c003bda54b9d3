import { beforeAll, describe, expect, it } from 'vitest'
import { createCommit, createGroup, defaultProposalTypes, generateKeyPackageWithKey, nodeTypes } from 'ts-mls'
import type { ClientState, GroupContextExtension, KeyPackage, Lifetime, Proposal, RatchetTree } from 'ts-mls'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { createLocalIdentity, leafForGroup } from '../../identity/index.ts'
import type { LocalIdentity } from '../../identity/index.ts'
import { assembleIdentity } from '../../identity/create-local-identity.ts'
import { fromHex } from '../../kernel/bytes.ts'
import { systemRandom } from '../../kernel/random.ts'
import { credulous } from '../../testing/mls/forge.ts'
import { gather, NONE, stateOf, yes } from '../../testing/mls/party.ts'
import type { Party } from '../../testing/mls/party.ts'
import { NOON } from '../../testing/mls/seeded.ts'
import { authenticate, credentialOf } from './authentication.ts'
import { capabilities, extensionsWith } from './extensions.ts'
import { decodePair, encodePair } from './key-package.ts'
import { LIFETIME } from './limits.ts'
import { makeCipherSuite } from './provider/cipher-suite.ts'
import { suites, X25519_SUITE, XWING_SUITE } from './provider/suites.ts'
import { unwrap } from './state.ts'
import { encodeMessage } from './wire.ts'

const suite = makeCipherSuite(suites[X25519_SUITE], (n) => systemRandom.bytes(n))
const seconds = BigInt(NOON / 1000)
const valid: Lifetime = { notBefore: seconds - 3600n, notAfter: seconds + 3600n }

/** A key package as anyone may make it: any credential over any leaf key. */
const packageOf = (identity: Pick<LocalIdentity, 'credential' | 'leafPublicKey' | 'leafSecret'>, lifetime = valid, cipherSuite = suite) =>
  generateKeyPackageWithKey({
    credential: credentialOf(identity.credential),
    signatureKeyPair: { signKey: identity.leafSecret.reveal(), publicKey: identity.leafPublicKey },
    capabilities,
    lifetime,
    extensions: [],
    cipherSuite,
  })

describe('who may be added', () => {
  let party: Party
  let mallory: LocalIdentity
  beforeAll(async () => {
    party = await gather(['Alice', 'Bob', 'Mallory'])
    mallory = createLocalIdentity(party.groupId, 'Mallory two', party.random)
  })

  /** A member who checks nothing commits it; what do the others say? */
  async function verdicts(keyPackage: KeyPackage) {
    const bytes = encodePair({
      publicPackage: keyPackage,
      privatePackage: { initPrivateKey: NONE, hpkePrivateKey: NONE, signaturePrivateKey: NONE },
    })
    const read = await party.engine.readKeyPackage(party.groupId, bytes.publicPackage)
    const committed = await party.engine.commit(stateOf(party, 0), { add: [bytes.publicPackage], authenticatedData: NONE })
    const add: Proposal = { proposalType: defaultProposalTypes.add, add: { keyPackage } }
    const forged = await createCommit({
      context: credulous(suite),
      state: unwrap(stateOf(party, 2)),
      extraProposals: [add],
    }).catch(() => null)
    const received = forged === null ? null : await party.engine.receive(stateOf(party, 1), encodeMessage(forged.commit), yes)
    const word = (result: { ok: boolean; error?: { reason: string } } | null) =>
      result === null ? 'impossible' : result.ok ? 'ok' : result.error?.reason
    return [word(read), word(committed), word(received)]
  }

  it('is who an honest chain says', async () => {
    expect(await verdicts((await packageOf(mallory)).publicPackage)).toEqual(['ok', 'ok', 'ok'])
  })

  it('is not an impostor with the credential of a member and a key of its own', async () => {
    const [alice] = party.identities
    const stolen = { ...mallory, credential: alice?.credential ?? NONE }
    expect(await verdicts((await packageOf(stolen)).publicPackage)).toEqual(['invalid', 'invalid', 'invalid'])
  })

  it('is not someone certified for another group', async () => {
    const elsewhere = leafForGroup(mallory, party.random.id<GroupId>(), party.random)
    expect(await verdicts((await packageOf(elsewhere)).publicPackage)).toEqual(['invalid', 'invalid', 'invalid'])
  })

  it('is not a second leaf of a device that is a member', async () => {
    const [, bob] = party.identities
    if (bob === undefined) throw new Error('no Bob')
    const again = leafForGroup(bob, party.groupId, party.random)
    expect(await verdicts((await packageOf(again)).publicPackage)).toEqual(['ok', 'invalid', 'invalid'])
  })

  it('may be the same device again if its old leaf goes in the same commit', async () => {
    const [, bob] = party.identities
    if (bob === undefined) throw new Error('no Bob')
    const pair = encodePair(await packageOf(leafForGroup(bob, party.groupId, party.random)))
    const made = await party.engine.commit(stateOf(party, 0), { add: [pair.publicPackage], removeLeaves: [1], authenticatedData: NONE })
    expect(made.ok && party.engine.members(made.value.state).map((member) => member.name)).toEqual(['Alice', 'Bob', 'Mallory'])
  })

  it('is nobody without a credential of ours', async () => {
    const { publicPackage } = await packageOf({ ...mallory, credential: new Uint8Array([1, 2, 3]) })
    expect(await verdicts(publicPackage)).toEqual(['invalid', 'invalid', 'invalid'])
  })

  it('is nobody whose key package was altered', async () => {
    const { publicPackage } = await packageOf(mallory)
    const { leafNode } = publicPackage
    const altered: KeyPackage[] = [
      { ...publicPackage, signature: new Uint8Array(64) },
      { ...publicPackage, initKey: new Uint8Array(32).fill(9) },
      { ...publicPackage, leafNode: { ...leafNode, signature: new Uint8Array(64) } },
      { ...publicPackage, leafNode: { ...leafNode, hpkePublicKey: new Uint8Array(32).fill(9) } },
    ]
    for (const keyPackage of altered) expect((await verdicts(keyPackage)).slice(0, 2)).toEqual(['invalid', 'invalid'])
  })

  it('is nobody with an expired, a future or an endless key package; those who read the commit later do not judge by their clock', async () => {
    const expired = { notBefore: seconds - 100n, notAfter: seconds - 1n }
    const future = { notBefore: seconds + 1n, notAfter: seconds + 100n }
    const endless = { notBefore: seconds - 1n, notAfter: seconds + BigInt(LIFETIME.longest) }
    for (const lifetime of [expired, future, endless]) {
      const { publicPackage } = await packageOf(mallory, lifetime)
      expect((await verdicts(publicPackage)).slice(0, 2)).toEqual(['invalid', 'invalid'])
    }
    const pair = await party.engine.keyPackage(party.groupId, mallory)
    const made = await party.engine.commit(stateOf(party, 0), { add: [pair.publicPackage], authenticatedData: NONE })
    party.clock.set(NOON + LIFETIME.lasting * 1000 + 1000)
    expect((await party.engine.readKeyPackage(party.groupId, pair.publicPackage)).ok).toBe(false)
    const late = await party.engine.receive(stateOf(party, 1), made.ok ? made.value.commit : NONE, yes)
    party.clock.set(NOON)
    expect(late.ok && late.value.kind).toBe('commit')
  })

  it('is nobody of another suite', async () => {
    const hybrid = makeCipherSuite(suites[XWING_SUITE], (n) => systemRandom.bytes(n))
    const { publicPackage } = await packageOf(mallory, valid, hybrid)
    expect(await verdicts(publicPackage)).toEqual(['ok', 'unsupported', 'impossible'])
  })
})

describe('who a member is', () => {
  it('cannot be changed by its own commit, though it could certify the change', async () => {
    const party = await gather(['Alice', 'Bob', 'Carol'])
    const [, bob] = party.identities
    if (bob === undefined) throw new Error('no Bob')
    const renamed = assembleIdentity({
      groupId: party.groupId,
      name: 'Robert',
      identitySecret: bob.identitySecret.reveal(),
      deviceSecret: bob.deviceSecret.reveal(),
      leafSecret: bob.leafSecret.reveal(),
    })
    const client = unwrap(stateOf(party, 1))
    const ratchetTree: RatchetTree = client.ratchetTree.map((node, i) =>
      i === 2 && node?.nodeType === nodeTypes.leaf
        ? { ...node, leaf: { ...node.leaf, credential: credentialOf(renamed.credential) } }
        : node,
    )
    const state: ClientState = { ...client, ratchetTree }
    const context = credulous(suite)
    const { commit } = await createCommit({ context, state })
    const received = await party.engine.receive(stateOf(party, 0), encodeMessage(commit), yes)
    expect(received).toEqual({ ok: false, error: { reason: 'invalid', detail: 'a member changed who it is' } })
    const honest = await createCommit({ context, state: client })
    expect((await party.engine.receive(stateOf(party, 0), encodeMessage(honest.commit), yes)).ok).toBe(true)
  })
})

describe('a newcomer', () => {
  it('refuses a group in which anyone’s credential does not hold', async () => {
    const party = await gather(['Alice', 'Bob'])
    const carol = createLocalIdentity(party.groupId, 'Carol', party.random)
    const impostor = { ...createLocalIdentity(party.groupId, 'Eve', party.random), credential: party.identities[1]?.credential ?? NONE }
    const pair = await party.engine.keyPackage(party.groupId, carol)
    const context = credulous(suite)
    const packages = [(await packageOf(impostor)).publicPackage]
    const adding = async (extra: readonly KeyPackage[]) => {
      const proposals = extra.map((keyPackage): Proposal => ({ proposalType: defaultProposalTypes.add, add: { keyPackage } }))
      const first =
        proposals.length === 0
          ? unwrap(stateOf(party, 0))
          : (await createCommit({ context, state: unwrap(stateOf(party, 0)), extraProposals: proposals })).newState
      const own = decodePair(pair).publicPackage
      const extraProposals: Proposal[] = [{ proposalType: defaultProposalTypes.add, add: { keyPackage: own } }]
      const { welcome } = await createCommit({ context, state: first, extraProposals, ratchetTreeExtension: true })
      if (welcome === undefined) throw new Error('no welcome')
      return party.engine.join(party.groupId, encodeMessage(welcome), [pair])
    }
    expect((await adding([])).ok).toBe(true)
    const joined = await adding(packages)
    expect(joined.ok ? 'joined' : joined.error.reason).toBe('invalid')
  })

  it('refuses a group other than the one it asked to join, and a Welcome that is not for it', async () => {
    const party = await gather(['Alice'])
    const bob = createLocalIdentity(party.groupId, 'Bob', party.random)
    const [pair, spare] = [await party.engine.keyPackage(party.groupId, bob), await party.engine.keyPackage(party.groupId, bob)]
    const made = await party.engine.commit(stateOf(party, 0), { add: [pair.publicPackage], authenticatedData: NONE })
    const welcome = made.ok ? (made.value.welcome ?? NONE) : NONE
    const reason = async (group: GroupId, pairs: (typeof pair)[]) => {
      const joined = await party.engine.join(group, welcome, pairs)
      return joined.ok ? 'joined' : joined.error.reason
    }
    expect(await reason(party.groupId, [spare, pair])).toBe('joined')
    expect(await reason(party.groupId, [spare])).toBe('invalid')
    expect(await reason(party.groupId, [])).toBe('invalid')
    // its members are certified for another group than this one: that shows first
    expect(['invalid', 'wrong-group']).toContain(await reason(party.random.id<GroupId>(), [pair]))
  })

  it('refuses a group whose extensions are not ours', async () => {
    const party = await gather(['Alice'])
    const [alice] = party.identities
    if (alice === undefined) throw new Error('no Alice')
    const pair = await party.engine.keyPackage(party.groupId, createLocalIdentity(party.groupId, 'Bob', party.random))
    const founded = async (extensions: GroupContextExtension[]) => {
      const { publicPackage, privatePackage } = await packageOf(alice)
      const context = credulous(suite)
      const founding = { context, groupId: fromHex(party.groupId), keyPackage: publicPackage, privateKeyPackage: privatePackage }
      const state = await createGroup({ ...founding, extensions })
      const add: Proposal = { proposalType: defaultProposalTypes.add, add: { keyPackage: decodePair(pair).publicPackage } }
      const { welcome } = await createCommit({ context, state, extraProposals: [add], ratchetTreeExtension: true })
      if (welcome === undefined) throw new Error('no welcome')
      const joined = await party.engine.join(party.groupId, encodeMessage(welcome), [pair])
      return joined.ok ? 'joined' : joined.error.reason
    }
    const ours = extensionsWith(NONE, null)
    expect(await founded(ours)).toBe('joined')
    expect(await founded(ours.slice(1))).toBe('unsupported')
    expect(await founded(ours.toReversed())).toBe('unsupported')
    expect(await founded([...ours, ...ours.slice(1)])).toBe('unsupported')
    expect(await founded([])).toBe('unsupported')
  })
})

describe('what was found of a credential', () => {
  const random = systemRandom
  const [groupId, elsewhere] = [random.id<GroupId>(), random.id<GroupId>()]
  const alice = createLocalIdentity(groupId, 'Alice', random)
  const bob = createLocalIdentity(groupId, 'Bob', random)

  it('is no answer to whether it belongs to another leaf, or to one of another group', () => {
    const credential = credentialOf(alice.credential)
    const asked = (group: GroupId, leafKey: Uint8Array) => authenticate(group, credential, leafKey)?.name ?? null
    const answers = [asked(groupId, alice.leafPublicKey), asked(groupId, bob.leafPublicKey), asked(elsewhere, alice.leafPublicKey)]
    expect([...answers, asked(groupId, alice.leafPublicKey)]).toEqual(['Alice', null, null, 'Alice'])
  })

  it('holds for the key it was found for, also once its array holds another', () => {
    const credential = credentialOf(alice.credential)
    const leafKey = new Uint8Array(alice.leafPublicKey)
    expect(authenticate(groupId, credential, leafKey)?.name).toBe('Alice')
    leafKey.set(bob.leafPublicKey)
    expect(authenticate(groupId, credential, leafKey)).toBeNull()
  })
})
