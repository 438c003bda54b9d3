import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  createCommit,
  createGroupInfoWithExternalPubAndRatchetTree,
  createProposal,
  defaultCredentialTypes,
  defaultProposalTypes,
  generateKeyPackage,
  joinGroupExternal,
  makeCustomExtension,
  proposalOrRefTypes,
  protocolVersions,
  pskTypes,
  wireformats,
} from 'ts-mls'
import type { ClientState, Proposal } from 'ts-mls'
import { createLocalIdentity } from '../../identity/index.ts'
import { utf8 } from '../../kernel/bytes.ts'
import { systemRandom } from '../../kernel/random.ts'
import { byValue, credulous, forgePathlessCommit, forgeSenderData } from '../../testing/mls/forge.ts'
import { commitBy, gather, NONE, outcome, stateOf, yes } from '../../testing/mls/party.ts'
import type { Party } from '../../testing/mls/party.ts'
import { seededRandom } from '../../testing/mls/seeded.ts'
import { capabilities, extensionsWith, SETTINGS_EXTENSION } from './extensions.ts'
import type { KeyPackagePair } from './group-engine.ts'
import { MESSAGE_BYTES, PROPOSALS } from './limits.ts'
import { makeCipherSuite } from './provider/cipher-suite.ts'
import { suites, X25519_SUITE } from './provider/suites.ts'
import { unwrap } from './state.ts'
import { encodeMessage } from './wire.ts'

const suite = makeCipherSuite(suites[X25519_SUITE], (n) => systemRandom.bytes(n))
const context = credulous(suite)

let party: Party
let commit: Uint8Array
let message: Uint8Array
let welcome: Uint8Array
let pair: KeyPackagePair
let mallory: ClientState

beforeAll(async () => {
  party = await gather(['Alice', 'Bob', 'Mallory'])
  mallory = unwrap(stateOf(party, 2))
  pair = await party.engine.keyPackage(party.groupId, createLocalIdentity(party.groupId, 'Dave', party.random))
  const made = await commitBy(party, 0, { add: [pair.publicPackage], settings: utf8('settings 1') })
  commit = made.commit
  welcome = made.welcome ?? NONE
  message = (await party.engine.encrypt(stateOf(party, 0), utf8('hello'), utf8('data'))).message
})

const offered = (bytes: Uint8Array) => outcome(party.engine.receive(stateOf(party, 1), bytes, yes))
const flip = (bytes: Uint8Array, at: number, bit: number) => bytes.with(at, (bytes[at] ?? 0) ^ (1 << bit))

/** Every byte near both ends, where the structure is, and a sample of the rest. */
function* positions(length: number): Generator<number> {
  const step = Math.max(1, Math.floor(length / 150))
  for (let at = 0; at < length; at += at < 80 || at > length - 30 ? 1 : step) yield at
}

describe('bytes from anyone', () => {
  it('are rejected with any bit turned, and the state stays as it was', async () => {
    const before = party.engine.encode(stateOf(party, 1))
    for (const original of [message, commit]) {
      for (const at of positions(original.length)) {
        const taken = await offered(flip(original, at, at % 8))
        expect(['message', 'commit', 'removed', 'own', 'unauthorised'], `byte ${at}`).not.toContain(taken)
      }
    }
    expect(party.engine.encode(stateOf(party, 1))).toEqual(before)
    expect(await offered(message)).toBe('message')
    expect(await offered(commit)).toBe('commit')
  })

  it('are rejected when cut short or with something after them', async () => {
    for (const original of [message, commit]) {
      for (const at of positions(original.length)) expect(await offered(original.subarray(0, at)), `length ${at}`).toBe('malformed')
      expect(await offered(new Uint8Array([...original, 0]))).toBe('malformed')
    }
  })

  it('are rejected with a length written longer than it need be, which would give one message two names', async () => {
    // version, wire format, then the length of the 16-byte group id: 0x10, or in two bytes 0x4010
    expect(message.slice(0, 5)).toEqual(Uint8Array.of(0, 1, 0, 2, 16))
    expect(await offered(new Uint8Array([...message.slice(0, 4), 0x40, 16, ...message.slice(5)]))).toBe('malformed')
  })

  it('are taken for what they are by every door, whatever they are', async () => {
    const { engine, groupId } = party
    const header = message.slice(0, 30)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (noise, framed) => {
        const bytes = framed ? new Uint8Array([...header, ...noise]) : noise
        expect(['malformed', 'unsupported', 'invalid', 'wrong-epoch']).toContain(await offered(bytes))
        expect((await engine.readKeyPackage(groupId, bytes)).ok).toBe(false)
        expect((await engine.join(groupId, bytes, [pair])).ok).toBe(false)
        expect((await engine.commit(stateOf(party, 1), { add: [bytes], authenticatedData: NONE })).ok).toBe(false)
        engine.inspect(bytes)
      }),
      { numRuns: 200 },
    )
    expect(await offered(new Uint8Array(MESSAGE_BYTES + 1))).toBe('malformed')
  })

  it('are rejected as a Welcome or key package with any bit turned', async () => {
    const { engine, groupId } = party
    expect((await engine.join(groupId, welcome, [pair])).ok).toBe(true)
    for (const at of positions(welcome.length)) {
      expect((await engine.join(groupId, flip(welcome, at, at % 8), [pair])).ok, `byte ${at}`).toBe(false)
      expect((await engine.join(groupId, welcome.subarray(0, at), [pair])).ok, `length ${at}`).toBe(false)
    }
    expect((await engine.readKeyPackage(groupId, pair.publicPackage)).ok).toBe(true)
    for (const at of positions(pair.publicPackage.length)) {
      expect((await engine.readKeyPackage(groupId, flip(pair.publicPackage, at, at % 8))).ok, `byte ${at}`).toBe(false)
    }
  })

  it('are of another group or epoch, and said to be', async () => {
    const { engine } = party
    const other = await gather(['Xenia', 'Yuri'])
    const foreign = await other.engine.encrypt(stateOf(other, 0), utf8('hello'), NONE)
    expect(await offered(foreign.message)).toBe('wrong-group')
    const { state } = await commitBy(party, 0, {})
    expect(await offered((await engine.encrypt(state, utf8('later'), NONE)).message)).toBe('wrong-epoch')
  })
})

describe('a member who follows no rule', () => {
  const proposed = (extraProposals: Proposal[], state = mallory) => createCommit({ context, state, extraProposals })
  const judged = async (extraProposals: Proposal[]) => offered(encodeMessage((await proposed(extraProposals)).commit))

  it('is heard when it does follow them', async () => {
    expect(await judged([])).toBe('commit')
  })

  it('sends no proposals by themselves', async () => {
    const proposal: Proposal = { proposalType: defaultProposalTypes.remove, remove: { removed: 0 } }
    const privately = await createProposal({ context, state: mallory, proposal })
    expect(await offered(encodeMessage(privately.message))).toBe('unsupported')
    const publicly = await createProposal({ context, state: mallory, proposal, wireAsPublicMessage: true })
    expect(await offered(encodeMessage(publicly.message))).toBe('unsupported')
    const byReference = await createCommit({ context, state: privately.newState })
    expect(await offered(encodeMessage(byReference.commit))).toBe('unsupported')
  })

  it('sends no commit in public, and nobody joins by an external one', async () => {
    const { commit: publicly } = await createCommit({ context, state: mallory, wireAsPublicMessage: true })
    expect(await offered(encodeMessage(publicly))).toBe('unsupported')
    const info = await createGroupInfoWithExternalPubAndRatchetTree(mallory, [], suite)
    const credential = { credentialType: defaultCredentialTypes.basic, identity: utf8('Alice') }
    const { publicPackage, privatePackage } = await generateKeyPackage({ credential, capabilities, cipherSuite: suite })
    const joining = { context, groupInfo: info, keyPackage: publicPackage, privateKeys: privatePackage, resync: false }
    const { publicMessage } = await joinGroupExternal(joining)
    const bytes = encodeMessage({ version: protocolVersions.mls10, wireformat: wireformats.mls_public_message, publicMessage })
    expect(await offered(bytes)).toBe('unsupported')
  })

  it('brings no proposals of kinds we do not use', async () => {
    const { groupId, cipherSuite, version } = mallory.groupContext
    const pskId = { psktype: pskTypes.external, pskId: utf8('psk'), pskNonce: new Uint8Array(32) } as const
    const strange: Proposal[] = [
      { proposalType: defaultProposalTypes.psk, psk: { preSharedKeyId: pskId } },
      { proposalType: defaultProposalTypes.reinit, reinit: { groupId, cipherSuite, version, extensions: [] } },
      { proposalType: defaultProposalTypes.external_init, externalInit: { kemOutput: new Uint8Array(32) } },
      { proposalType: 0xf000, proposalData: utf8('custom') },
    ]
    for (const proposal of strange) {
      const forged = await forgePathlessCommit(mallory, suite, byValue([proposal]), { honest: false })
      expect(await offered(forged), String(proposal.proposalType)).toBe('unsupported')
    }
    const reference = { proposalOrRefType: proposalOrRefTypes.reference, reference: new Uint8Array(32) } as const
    expect(await offered(await forgePathlessCommit(mallory, suite, [reference], { honest: false }))).toBe('unsupported')
  })

  it('does not flood us with proposals', async () => {
    const many = Array.from({ length: 20_000 }, (): Proposal => ({ proposalType: defaultProposalTypes.remove, remove: { removed: 0 } }))
    expect(await offered(await forgePathlessCommit(mallory, suite, byValue(many), { honest: false }))).toBe('unsupported')
    expect(await offered(await forgePathlessCommit(mallory, suite, byValue(many.slice(0, PROPOSALS)), { honest: false }))).toBe('invalid')
  })

  it('puts no extensions but ours into the group, nor takes ours away', async () => {
    const changed = (extensions: ReturnType<typeof extensionsWith>): Proposal => ({
      proposalType: defaultProposalTypes.group_context_extensions,
      groupContextExtensions: { extensions },
    })
    const ours = extensionsWith(utf8('settings 2'), null)
    const settings = makeCustomExtension({ extensionType: SETTINGS_EXTENSION, extensionData: utf8('settings 3') })
    expect(await judged([changed(ours)])).toBe('commit')
    for (const extensions of [[], ours.slice(1), ours.slice(0, 1), [...ours, settings], ours.toReversed()]) {
      expect(await judged([changed(extensions)])).toBe('unsupported')
    }
  })

  it('names no leaf that is not there, whatever arithmetic that would need', async () => {
    for (const leaf of [3, 4, 1000, 2 ** 31, 2 ** 32 - 1])
      expect(await offered(await forgeSenderData(mallory, suite, leaf, 0))).toBe('invalid')
    expect(await offered(await forgeSenderData(mallory, suite, 1, 0))).toBe('own')
    expect(await offered(await forgeSenderData(mallory, suite, 2, 2 ** 32 - 1))).toBe('invalid')
    expect(await offered(await forgeSenderData(mallory, suite, 0, 0))).toBe('invalid')
  })

  it('cannot speak for another', async () => {
    // as Mallory at leaf 2, with Alice's ratchet: the keys are known to all, her signature key is not
    const privatePath = { ...mallory.privatePath, leafIndex: 0 }
    const { message: forged } = await party.engine.encrypt(stateOf(party, 0), utf8('by Alice'), NONE)
    expect(await offered(forged)).toBe('message')
    const { createApplicationMessage } = await import('ts-mls')
    const impersonating = { ...mallory, privatePath }
    const { message: spoken } = await createApplicationMessage({ context, state: impersonating, message: utf8('by Alice?') })
    expect(await offered(encodeMessage(spoken))).toBe('invalid')
  })
})

describe('time', () => {
  it('spent on noise is bounded', async () => {
    const random = seededRandom('noise')
    const started = performance.now()
    for (const size of [1_000, 100_000, 1_000_000]) {
      for (const start of [message, commit, welcome, pair.publicPackage]) {
        const bytes = new Uint8Array([...start.slice(0, 60), ...random.bytes(size)])
        await offered(bytes)
        await party.engine.join(party.groupId, bytes, [pair])
        await party.engine.readKeyPackage(party.groupId, bytes)
      }
    }
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
