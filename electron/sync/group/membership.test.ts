import { beforeEach, describe, expect, it } from 'vitest'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { toHex } from '../../kernel/bytes.ts'
import { bring, lastObject, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { seededRandom } from '../../testing/mls/seeded.ts'
import { changeRole } from '../members/change-role.ts'
import type { LiveGroup } from './live-group.ts'
import { EARLIER_KEYS } from '../policy/recognition-key.ts'
import { removeMember } from '../members/remove-member.ts'
import { Membership, UNPROVEN } from './membership.ts'
import { receiveObject } from './receive/receive-objects.ts'

const binding = new Uint8Array(32).fill(5)
const otherBinding = new Uint8Array(32).fill(6)
const random = seededRandom('membership')
const proverOf = (...devices: Device[]) => new Membership(new Map(devices.map((d) => [d.group.groupId, d.group])), random)
const nobody = new Membership(new Map<GroupId, LiveGroup>(), random)

let world: World
let ann: Device
let bob: Device
beforeEach(async () => {
  world = await makeWorld('membership')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
})

const proofOf = (device: Device) => {
  const proof = proverOf(device).prove(SPACE, binding, 'initiator')
  if (proof === null) throw new Error('a member proves')
  return proof
}

describe('tags', () => {
  it('are recognised by members, in the session and the role they were made for', () => {
    const tags = proverOf(ann).tags(binding, 'initiator')
    expect(proverOf(bob).recognise(binding, 'initiator', tags)).toEqual([SPACE])
    expect(proverOf(bob).recognise(otherBinding, 'initiator', tags)).toEqual([])
    expect(proverOf(bob).recognise(binding, 'responder', tags)).toEqual([])
  })

  it('say nothing to anybody else', async () => {
    const stranger = await (await makeWorld('others')).found('Zoe')
    expect(proverOf(stranger).recognise(binding, 'initiator', proverOf(ann).tags(binding, 'initiator'))).toEqual([])
    expect(nobody.recognise(binding, 'initiator', proverOf(ann).tags(binding, 'initiator'))).toEqual([])
  })

  it('cost who is shown as many made-up ones as there are groups hardly more than making its own', () => {
    const many = new Membership(new Map(Array.from({ length: 200 }, (_, i) => [`${i}` as GroupId, ann.group])), random)
    const timeOf = (work: () => void): number => {
      const began = performance.now()
      work()
      return performance.now() - began
    }
    many.tags(otherBinding, 'initiator')
    const making = timeOf(() => many.tags(binding, 'initiator'))
    const madeUp = Array.from({ length: 200 }, () => random.bytes(32))
    // Each by itself, as the proofs of a hello are looked at.
    const looking = timeOf(() => madeUp.forEach((tag) => expect(many.recognise(binding, 'responder', [tag])).toEqual([])))
    expect(looking / making).toBeLessThan(50)
  })

  it.each([
    [0, 8],
    [1, 8],
    [8, 8],
    [9, 16],
  ])('of %i groups are %i, all alike and in an order that tells nothing', (groups, expected) => {
    const many = new Membership(new Map(Array.from({ length: groups }, (_, i) => [`${i}` as GroupId, ann.group])), random)
    const tags = many.tags(binding, 'initiator')
    expect(tags).toHaveLength(expected)
    expect(tags.every((tag) => tag.length === 32)).toBe(true)
    expect(tags.map(toHex)).toEqual(tags.map(toHex).toSorted())
  })

  it('that are too many leave out the oldest of all groups, not all of some', async () => {
    const keys = (n: number) => Array.from({ length: EARLIER_KEYS }, (_, rank) => new Uint8Array(32).fill(n * EARLIER_KEYS + rank))
    const group = (n: number, earlierKeys: Uint8Array[]) =>
      ({
        ...{ groupId: `${n}`, progress: 0, deps: ann.group.deps },
        tip: { settings: { presenceKey: random.bytes(32), earlierKeys } },
      }) as unknown as LiveGroup
    const proverIn = (...groups: LiveGroup[]) => new Membership(new Map(groups.map((one) => [one.groupId, one])), random)
    const tags = proverIn(...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => group(n, keys(n)))).tags(binding, 'initiator')
    expect(tags).toHaveLength(256)
    for (const n of [0, 7]) {
      const known = keys(n).map((key) => proverIn(group(n, [key])).recognise(binding, 'initiator', tags).length > 0)
      expect(known).toEqual(keys(n).map((_, rank) => rank < EARLIER_KEYS - 1))
    }
  })

  it('that pad are new each time', () => {
    const twice = [...nobody.tags(binding, 'initiator'), ...nobody.tags(binding, 'initiator')]
    expect(new Set(twice.map(toHex)).size).toBe(16)
  })
})

describe('a proof', () => {
  it('tells a member who it is', () => {
    expect(proverOf(bob).verify(SPACE, binding, 'initiator', proofOf(ann))).toEqual({ groupId: SPACE, memberId: ann.group.self })
    expect(proverOf(ann).verify(SPACE, binding, 'initiator', proofOf(bob))).toEqual({ groupId: SPACE, memberId: bob.group.self })
  })

  it('is none of a group one is not in', () => {
    expect(nobody.prove(SPACE, binding, 'initiator')).toBeNull()
    expect(nobody.verify(SPACE, binding, 'initiator', proofOf(ann))).toBeNull()
  })

  it('is bound to the session, the role and the group by its tag', async () => {
    const elsewhere = await (await makeWorld('others')).found('Zoe')
    expect(proverOf(bob).verify(SPACE, otherBinding, 'initiator', proofOf(ann))).toBeNull()
    expect(proverOf(bob).verify(SPACE, binding, 'responder', proofOf(ann))).toBeNull()
    expect(proverOf(elsewhere).verify(SPACE, binding, 'initiator', proofOf(ann))).toBeNull()
  })

  it('is bound to them by its signature too: with the right tag it still proves nobody', () => {
    const prover = proverOf(ann)
    const fresh = prover.prove(SPACE, otherBinding, 'responder')
    const replayed = [prover.prove(SPACE, binding, 'responder'), prover.prove(SPACE, otherBinding, 'initiator')]
    for (const old of replayed) {
      if (fresh === null || old === null) throw new Error('a member proves')
      const mixed = { ...old, tag: fresh.tag }
      expect(proverOf(bob).verify(SPACE, otherBinding, 'responder', mixed)).toEqual({ groupId: SPACE, memberId: UNPROVEN })
    }
  })

  it.each<[string, (proof: ReturnType<typeof proofOf>) => ReturnType<typeof proofOf>]>([
    ["under another member's leaf", (p) => ({ ...p, leafIndex: p.leafIndex + 1 })],
    ['under a leaf that is not there', (p) => ({ ...p, leafIndex: 900 })],
    ['under no leaf at all', (p) => ({ ...p, leafIndex: -1 })],
    ['with a changed signature', (p) => ({ ...p, signature: p.signature.map((b, i) => (i === 0 ? b ^ 1 : b)) })],
    ['without a signature', (p) => ({ ...p, signature: new Uint8Array() })],
  ])('%s proves nobody', (_, spoil) => {
    expect(proverOf(bob).verify(SPACE, binding, 'initiator', spoil(proofOf(ann)))).toEqual({ groupId: SPACE, memberId: UNPROVEN })
  })

  it('with any other tag is no proof at all', () => {
    expect(proverOf(bob).verify(SPACE, binding, 'initiator', { ...proofOf(ann), tag: new Uint8Array(32) })).toBeNull()
    expect(proverOf(bob).verify(SPACE, binding, 'initiator', { ...proofOf(ann), tag: new Uint8Array() })).toBeNull()
  })

  it('of a newcomer proves nobody to a member who has not heard of it, and then does', async () => {
    const carol = await world.join(ann, 'Carol')
    expect(proverOf(bob).verify(SPACE, binding, 'initiator', proofOf(carol))).toEqual({ groupId: SPACE, memberId: UNPROVEN })
    await bring(ann, bob)
    expect(proverOf(bob).verify(SPACE, binding, 'initiator', proofOf(carol))).toEqual({ groupId: SPACE, memberId: carol.group.self })
  })

  it('follows the group as it is now, also after a commit', async () => {
    await ann.addChannel('music')
    await receiveObject(bob.group, lastObject(ann))
    expect(proverOf(bob).verify(SPACE, binding, 'initiator', proofOf(ann))?.memberId).toBe(ann.group.self)
  })
})

describe('after a removal, which renews the presence key', () => {
  let carol: Device
  beforeEach(async () => {
    carol = await world.join(ann, 'Carol')
    await bring(ann, bob)
    await removeMember(ann.group, carol.group.self)
  })
  /** Who each says it is to the other, in one session. */
  const meet = (a: Device, b: Device) => {
    const [one, other] = [proverOf(a), proverOf(b)]
    const session = new Uint8Array(32).fill(7)
    const known = other.recognise(session, 'initiator', one.tags(session, 'initiator'))
    const proof = other.prove(SPACE, session, 'responder')
    if (known.length === 0 || proof === null) return null
    const [recognised] = one.recognise(session, 'responder', [proof.tag])
    const back = recognised === undefined ? null : one.prove(recognised, session, 'initiator')
    return [one.verify(SPACE, session, 'responder', proof), back && other.verify(SPACE, session, 'initiator', back)].map((s) => s?.memberId)
  }

  it('a member who was away is known by the key from before, and knows the others, whoever begins', () => {
    expect(meet(ann, bob)).toEqual([bob.group.self, ann.group.self])
    expect(meet(bob, ann)).toEqual([ann.group.self, bob.group.self])
  })

  it('and by that of today once it has followed', async () => {
    await bring(ann, bob)
    const tags = proverOf(bob).tags(binding, 'initiator')
    const today = new Membership(new Map([[SPACE, ann.group]]), random)
    expect(today.recognise(binding, 'initiator', tags)).toEqual([SPACE])
    expect(today.prove(SPACE, binding, 'responder')).toEqual(proverOf(ann).prove(SPACE, binding, 'responder'))
    expect(meet(ann, bob)).toEqual([bob.group.self, ann.group.self])
  })

  it('so is who came in after it, by who was away: it knows them, and they may take commits from it', async () => {
    const dave = await world.join(ann, 'Dave')
    expect(meet(dave, bob)).toEqual([bob.group.self, UNPROVEN])
    expect(meet(bob, dave)).toEqual([UNPROVEN, bob.group.self])
    await bring(ann, bob)
    expect(meet(dave, bob)).toEqual([bob.group.self, dave.group.self])
  })

  it('and who came in on a branch that renewed the key, by those who know nothing of that branch', async () => {
    await changeRole(ann.group, bob.group.self, 'admin')
    const dave = await world.join(ann, 'Dave')
    await bring(ann, bob)
    await removeMember(ann.group, bob.group.self)
    await removeMember(bob.group, dave.group.self)
    const eve = await world.join(bob, 'Eve')
    expect(meet(ann, eve)).toEqual([UNPROVEN, ann.group.self])
    expect(meet(eve, ann)).toEqual([ann.group.self, UNPROVEN])
  })

  it('the one who was removed is recognised, so that it can be told, and proves nobody', () => {
    expect(meet(carol, ann)).toEqual([ann.group.self, UNPROVEN])
  })

  it('also after a restart', () => {
    ann.restart()
    expect(meet(ann, bob)).toEqual([bob.group.self, ann.group.self])
  })

  it('keys go when there are too many newer ones for too long', async () => {
    for (let n = 0; n <= EARLIER_KEYS; n++) {
      const guest = await world.join(ann, `guest ${n}`)
      world.clock.advance(31 * 24 * 3_600_000)
      await removeMember(ann.group, guest.group.self)
    }
    expect(meet(bob, ann)).toBeNull()
  })
})
