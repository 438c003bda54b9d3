import { beforeEach, describe, expect, it } from 'vitest'
import type { MemberId, PeerId } from '../../../../shared/domain/ids.ts'
import { systemRandom } from '../../../kernel/random.ts'
import type { MembershipProof, MembershipProver } from '../../../ports/network.ts'
import type { SharedGroup } from '../../../ports/wire.ts'
import { createFakeMembership, type FakeGroup, type FakeMembership } from '../../../testing/fakes/fake-membership.ts'
import { Refused } from '../rpc.ts'
import { bindingOf } from './binding.ts'
import { initiateHello } from './initiator.ts'
import { createHelloResponder } from './responder.ts'
import type { HelloRequest, HelloResponse } from './messages.ts'

const peer = (letter: string): PeerId => `12D3KooW${letter.repeat(44)}` as PeerId
const [alicePeer, bobPeer, evePeer] = [peer('a'), peer('b'), peer('e')]
const aliceId = systemRandom.id<MemberId>()
const bobId = systemRandom.id<MemberId>()

interface Side {
  membership: MembershipProver
  peerId: PeerId
}
type Tamper = (response: HelloResponse) => HelloResponse

describe('hello', () => {
  let group: FakeGroup
  let alice: FakeMembership
  let bob: FakeMembership
  let log: { requests: HelloRequest[]; responses: HelloResponse[] }
  beforeEach(() => {
    group = { groupId: systemRandom.id(), presenceKey: systemRandom.bytes(32), members: [aliceId, bobId] }
    alice = createFakeMembership(aliceId, [group])
    bob = createFakeMembership(bobId, [group])
    log = { requests: [], responses: [] }
  })

  const deps = ({ membership, peerId }: Side) => ({ membership, random: systemRandom, localPeer: peerId })
  const respondAs = (side: Side, remotePeer: PeerId, onProven: (shared: SharedGroup[]) => void) =>
    createHelloResponder(deps(side), { remotePeer, onOpened: () => undefined, onProven })

  async function run(initiator: Side, responder: Side, tamper: Tamper = (response) => response) {
    let theirs: SharedGroup[] = []
    const respond = respondAs(responder, initiator.peerId, (shared) => (theirs = shared))
    const ours = await initiateHello(deps(initiator), {
      remotePeer: responder.peerId,
      onOpened: () => undefined,
      send: async (request) => {
        log.requests.push(request)
        const response = respond(request)
        log.responses.push(response)
        return tamper(response)
      },
    })
    return { ours, theirs }
  }
  const asAlice = (membership: MembershipProver = alice): Side => ({ membership, peerId: alicePeer })
  const asBob = (membership: MembershipProver = bob): Side => ({ membership, peerId: bobPeer })
  const asEve = (membership: MembershipProver): Side => ({ membership, peerId: evePeer })

  it('gives both ends the same groups and the true members', async () => {
    const { ours, theirs } = await run(asAlice(), asBob())
    expect(ours).toEqual([{ groupId: group.groupId, memberId: bobId }])
    expect(theirs).toEqual([{ groupId: group.groupId, memberId: aliceId }])
  })

  it('says nothing that names a group, and nothing twice', async () => {
    await run(asAlice(), asBob())
    const first = JSON.stringify(log, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value))
    expect(first).not.toContain(group.groupId)
    const tagsOf = (): string[] =>
      log.requests.flatMap((request) => (request.kind === 'tags' ? request.tags : [])).map((tag) => Buffer.from(tag).toString('hex'))
    const before = tagsOf()
    log = { requests: [], responses: [] }
    await run(asAlice(), asBob())
    expect(tagsOf().filter((tag) => before.includes(tag))).toEqual([])
  })

  it('binds the proof to both peer ids, both nonces and who began', () => {
    const parts = {
      initiatorNonce: new Uint8Array(32),
      responderNonce: new Uint8Array(32).fill(1),
      initiator: alicePeer,
      responder: bobPeer,
    }
    const variants = [
      parts,
      { ...parts, initiatorNonce: new Uint8Array(32).fill(2) },
      { ...parts, responderNonce: new Uint8Array(32).fill(2) },
      { ...parts, initiator: evePeer },
      { ...parts, responder: evePeer },
      { initiatorNonce: parts.responderNonce, responderNonce: parts.initiatorNonce, initiator: bobPeer, responder: alicePeer },
    ]
    const bindings = variants.map((each) => Buffer.from(bindingOf(each)).toString('hex'))
    expect(new Set(bindings).size).toBe(variants.length)
    expect(bindings.every((binding) => binding.length === 64)).toBe(true)
  })

  describe('an impostor', () => {
    /** What Bob proved to Alice, and what Alice proved to Bob, overheard by Eve who knows the presence key as well. */
    async function overheard(): Promise<{ ofBob: MembershipProof[]; ofAlice: MembershipProof[] }> {
      await run(asAlice(), asBob())
      return {
        ofBob: log.responses.flatMap((response) => (response.kind === 'proofs' ? response.proofs : [])),
        ofAlice: log.requests.flatMap((request) => (request.kind === 'proofs' ? request.proofs : [])),
      }
    }
    /** Eve makes right tags, but can only show what others signed. */
    const replaying = (proofs: MembershipProof[], rightTag: boolean): MembershipProver => {
      const insider = createFakeMembership(aliceId, [group])
      return {
        ...insider,
        prove: (groupId, binding, role) => {
          const [old] = proofs
          const made = insider.prove(groupId, binding, role)
          return old === undefined || made === null ? null : rightTag ? { ...old, tag: made.tag } : old
        },
      }
    }

    it.each([true, false])("is refused as responder with another session's proof (right tag: %s)", async (rightTag) => {
      const { ofBob } = await overheard()
      expect(ofBob).toHaveLength(1)
      const { ours, theirs } = await run(asAlice(), asEve(replaying(ofBob, rightTag)))
      expect([ours, theirs]).toEqual([[], []])
    })

    it.each([true, false])("is refused as initiator with another session's proof (right tag: %s)", async (rightTag) => {
      const { ofAlice } = await overheard()
      expect(ofAlice).toHaveLength(1)
      const { ours, theirs } = await run(asEve(replaying(ofAlice, rightTag)), asBob())
      expect([ours, theirs]).toEqual([[], []])
    })

    it('is refused with a proof for the other role', async () => {
      const wrongRole: MembershipProver = {
        ...bob,
        prove: (groupId, binding, role) => {
          const proof = bob.prove(groupId, binding, role === 'initiator' ? 'responder' : 'initiator')
          return proof && { ...proof, tag: bob.prove(groupId, binding, role)?.tag ?? proof.tag }
        },
      }
      expect(await run(asAlice(), asBob(wrongRole))).toEqual({ ours: [], theirs: [] })
      expect(await run(asBob(wrongRole), asAlice())).toEqual({ ours: [], theirs: [] })
    })

    it("that sends Alice's own proof back to her is refused", async () => {
      const echo: Tamper = (response) => (response.kind === 'proofs' ? { kind: 'proofs', proofs: proofsBy(alice) } : response)
      let binding = new Uint8Array()
      const spying: MembershipProver = { ...alice, tags: (given, role) => ((binding = new Uint8Array(given)), alice.tags(given, role)) }
      const proofsBy = (member: FakeMembership): MembershipProof[] => {
        const proof = member.prove(group.groupId, binding, 'initiator')
        return proof === null ? [] : [proof]
      }
      const { ours } = await run(asAlice(spying), asEve(createFakeMembership(bobId, [])), echo)
      expect(ours).toEqual([])
    })

    it('that was removed is refused', async () => {
      const stale = createFakeMembership(bobId, [{ ...group, members: [...group.members] }])
      group.members[1] = systemRandom.id<MemberId>()
      expect(await run(asAlice(), asBob(stale))).toEqual({ ours: [], theirs: [] })
    })
  })

  it('lists a group once, however often it is proven', async () => {
    const twice: Tamper = (response) =>
      response.kind === 'proofs' ? { kind: 'proofs', proofs: response.proofs.flatMap((proof) => [proof, proof]) } : response
    const padded: MembershipProver = { ...alice, tags: (binding, role) => [...alice.tags(binding, role), systemRandom.bytes(32)] }
    const { ours } = await run(asAlice(padded), asBob(), twice)
    expect(ours).toHaveLength(1)
  })

  it('fails on an answer of another kind, another version, or with more proofs than were asked for', async () => {
    const tampers: Tamper[] = [
      () => ({ kind: 'accepted', tags: [] }),
      (response) => (response.kind === 'opened' ? { ...response, version: 1 } : response),
      (response) =>
        response.kind === 'proofs' ? { kind: 'proofs', proofs: response.proofs.flatMap((proof) => [proof, proof, proof]) } : response,
      (response) => (response.kind === 'accepted' ? { kind: 'proofs', proofs: [] } : response),
    ]
    for (const tamper of tampers) await expect(run(asAlice(), asBob(), tamper)).rejects.toMatchObject({ code: 'unreachable' })
  })

  describe('the responder', () => {
    const open: HelloRequest = { kind: 'open', versions: [2], nonce: new Uint8Array(32) }
    const tags: HelloRequest = { kind: 'tags', tags: [] }
    const proofs: HelloRequest = { kind: 'proofs', proofs: [] }
    const orders: HelloRequest[][] = [
      [tags],
      [proofs],
      [open, open],
      [open, proofs],
      [open, tags, tags],
      [open, tags, open],
      [open, tags, proofs, open],
      [open, tags, proofs, proofs],
    ]

    it.each(orders.map((order) => [order.map((request) => request.kind).join(', '), order] as const))(
      'refuses the order %s, for good',
      (_, order) => {
        let proven = 0
        const respond = respondAs(asBob(), alicePeer, () => (proven += 1))
        const last = order.at(-1) ?? open
        for (const request of order.slice(0, -1)) respond(request)
        expect(() => respond(last)).toThrow(Refused)
        for (const request of [open, tags, proofs]) expect(() => respond(request)).toThrow(Refused)
        expect(proven).toBe(order.length === 4 ? 1 : 0)
      },
    )

    it('picks a version it knows and refuses a peer that has none', () => {
      expect(respondAs(asBob(), alicePeer, () => undefined)({ ...open, versions: [9, 2] })).toMatchObject({ kind: 'opened', version: 2 })
      expect(() => respondAs(asBob(), alicePeer, () => undefined)({ ...open, versions: [9] })).toThrow(Refused)
    })

    it('checks no more proofs than it made offers', () => {
      const respond = respondAs(asBob(), alicePeer, () => undefined)
      respond(open)
      respond(tags)
      const proof = { tag: new Uint8Array(32), leafIndex: 0, signature: new Uint8Array(64) }
      expect(() => respond({ kind: 'proofs', proofs: [proof] })).toThrow(Refused)
    })
  })
})
