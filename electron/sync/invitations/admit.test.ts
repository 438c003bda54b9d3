import { beforeEach, describe, expect, it } from 'vitest'
import type { JoinId, GroupId, InvitationId, PeerId } from '../../../shared/domain/ids.ts'
import { createLocalIdentity, leafForGroup } from '../../identity/index.ts'
import type { JoinRequest } from '../../ports/wire.ts'
import { asking, bring, commitsOf, HOUR, lastObject, linkOf, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Asking, Device, World } from '../../testing/fixtures/group-world.ts'
import { PEER } from '../../testing/returning/returning-world.ts'
import { receiveObject } from '../group/receive/receive-objects.ts'
import { returnGrant } from '../intents/grant-name.ts'
import { removeMember } from '../members/remove-member.ts'
import { offerLeaf } from '../returning/offer.ts'
import { leafKeyOf } from '../returning/readmit.ts'
import { CARRIED_COMMITS } from '../group/carry-commits.ts'
import { admit } from './admit.ts'
import { revoke } from './invite.ts'
import type { InvitationLink } from './link.ts'

let world: World
let ann: Device
let link: InvitationLink
let bob: Asking
beforeEach(async () => {
  world = await makeWorld('admit')
  ann = await world.found('Ann')
  link = await linkOf(ann, 'member', { maxUses: 2 })
  bob = await asking(world, world.device('Bob'), link)
  ann.events.length = 0
})

const ask = (changes: Partial<JoinRequest> = {}, host = ann) => admit(host.group, { ...bob.request, ...changes }, PEER)
const uses = (device = ann) => device.group.tip.settings.invitations[0]?.uses
const welcomed = async (answer: ReturnType<typeof ask>) => {
  const settled = await answer
  if (settled.kind !== 'welcome') throw new Error(`not let in: ${settled.kind}`)
  return settled
}

describe('who asks to be let in', () => {
  it('is, with the role of the invitation, and both are in the same epoch', async () => {
    const { welcome, commits } = await welcomed(ask())
    const device = await bob.enter(welcome, commits)
    expect(device.group.tip.row).toMatchObject({ tip: ann.group.tip.row.tip, joinedEpoch: ann.group.tip.row.epoch })
    expect(ann.group.tip.settings.roles.get(bob.identity.memberId)).toBe('member')
    expect(ann.store.directory.member(SPACE, bob.identity.memberId)).toMatchObject({ name: 'Bob', role: 'member', active: true })
    expect(ann.events).toEqual(['epoch', 'object'])
    await ann.send('welcome')
    await device.send('thanks')
    await bring(ann, device)
    await bring(device, ann)
    expect([ann.texts().toSorted(), device.texts().toSorted()]).toEqual([
      ['thanks', 'welcome'],
      ['thanks', 'welcome'],
    ])
  })

  it('reads nothing from before', async () => {
    await ann.send('secret')
    const { welcome } = await welcomed(ask())
    const device = await bob.enter(welcome)
    const old = lastObject(ann)
    await bring(ann, device)
    for (const object of [old, ...commitsOf(ann)]) await receiveObject(device.group, object)
    expect(device.texts()).toEqual([])
  })

  it('again, gets the same Welcome and is added once, also after a restart', async () => {
    const first = await welcomed(ask())
    ann.restart()
    const second = await welcomed(ask())
    expect(second.welcome).toEqual(first.welcome)
    world.clock.advance(11 * 60_000)
    expect([first.isOld, second.isOld, (await welcomed(ask())).isOld]).toEqual([false, false, true])
    expect(ann.group.members()).toHaveLength(2)
    expect(uses()).toBe(1)
  })

  it('twice at the same time is added once', async () => {
    const [first, second] = await Promise.all([welcomed(ask()), welcomed(ask())])
    expect(second.welcome).toEqual(first.welcome)
    expect(ann.group.members()).toHaveLength(2)
  })

  it('is not added when that could not be stored, and is the next time', async () => {
    const before = ann.group.tip
    ann.store.failNext()
    await expect(ask()).rejects.toThrow('disk is full')
    expect(ann.group.tip).toBe(before)
    expect(ann.store.invitations.grant(SPACE, bob.request.requestId)).toBeNull()
    expect(ann.events).toEqual([])
    await welcomed(ask())
  })

  it('is told to wait by a member who has not heard of the invitation', async () => {
    expect(await ask({ invitationId: 'ee'.repeat(16) as InvitationId })).toMatchObject({ kind: 'later' })
  })

  it('is told which leaf they have where another member let them in, whose Welcome is on its way', async () => {
    const carol = await world.join(ann, 'Carol')
    await welcomed(ask())
    await bring(ann, carol)
    expect(await ask({}, carol)).toEqual({ kind: 'leaf', leafKey: bob.identity.leafPublicKey })
    expect(carol.group.members()).toHaveLength(3)
  })

  it('can be let in by any member who may, not only by the one who made the invitation', async () => {
    const carol = await world.join(ann, 'Carol')
    const { welcome } = await welcomed(ask({}, carol))
    expect(await bring(carol, ann)).toContain('stored')
    const device = await bob.enter(welcome)
    expect(device.group.tip.row.tip).toBe(ann.group.tip.row.tip)
  })
})

describe('whom another member let in, and who gets no Welcome of theirs', () => {
  let carol: Device
  beforeEach(async () => {
    carol = await world.join(ann, 'Carol')
    await welcomed(ask())
    await bring(ann, carol)
  })
  const offer = (of = bob, leafKey = bob.identity.leafPublicKey) =>
    offerLeaf(of.deps, {
      ...{ groupId: SPACE, slot: 'c0'.repeat(16) as JoinId, leafKey, peerId: PEER },
      identity: leafForGroup(of.identity, SPACE, of.deps.random),
    })
  const leafOf = (device: Device) => leafKeyOf(device.group, bob.identity)

  it('is in with a fresh leaf, once, however often they ask', async () => {
    const made = await offer()
    const fresh = made.request
    const first = await welcomed(ask({ fresh }, carol))
    carol.restart()
    expect((await welcomed(ask({ fresh }, carol))).welcome).toEqual(first.welcome)
    expect([carol.group.members().length, leafOf(carol)]).toEqual([3, made.freshKey])
    const joined = await world.engine.join(SPACE, first.welcome, made.pairs)
    expect(joined.ok && (await world.engine.eid(joined.value))).toBe(carol.group.tip.row.tip)
    expect([first.grant, first.isOld]).toEqual([returnGrant(fresh.keyPackage), false])
    world.clock.advance(11 * 60_000)
    expect((await welcomed(ask({ fresh }, carol))).isOld).toBe(true)
  })

  it('is not given what opens the leaf that went, also by whoever has it', async () => {
    const made = await offer()
    await welcomed(ask({ fresh: made.request }, carol))
    await bring(carol, ann)
    expect(await ask()).toMatchObject({ kind: 'later' })
    expect(await ask({ fresh: made.request })).toEqual({ kind: 'leaf', leafKey: made.freshKey })
  })

  it('and brings the leaf of somebody else, or one that the claim is not for, changes nothing', async () => {
    const before = carol.group.tip
    const eve = await asking(world, world.device('Eve'), link)
    const fresh = (await offer()).request
    const wrong = [
      (await offer(eve)).request,
      { ...fresh, signature: fresh.signature.map((b, i) => (i === 0 ? b ^ 1 : b)) },
      { ...fresh, leafKey: eve.identity.leafPublicKey },
      { ...fresh, keyPackage: new Uint8Array(200).fill(1) },
    ]
    for (const each of wrong) expect(await ask({ fresh: each }, carol)).toEqual({ kind: 'refused', code: 'invitation-malformed' })
    expect(carol.group.tip).toBe(before)
  })

  it('alone may ask with the leaf: whoever was shown it, or finds it in the settings, would take the place away from them', async () => {
    const before = carol.group.tip
    const fresh = (await offer()).request
    const eve = `12D3KooW${'E'.repeat(44)}` as PeerId
    const malformed = { kind: 'refused', code: 'invitation-malformed' }
    expect(await admit(carol.group, { ...bob.request, fresh }, eve)).toEqual(malformed)
    expect(carol.group.tip).toBe(before)
  })
})

describe('who asks is refused', () => {
  const counts = async (answer: ReturnType<typeof ask>, code: string) => {
    const before = ann.group.tip
    expect(await answer).toEqual({ kind: 'refused', code })
    expect(ann.group.tip).toBe(before)
    expect(ann.events).toEqual([])
  }

  it.each<[string, () => Partial<JoinRequest> | Promise<Partial<JoinRequest>>]>([
    ['without a key package', () => ({ keyPackages: [] })],
    ['with noise for a key package', () => ({ keyPackages: [new Uint8Array(200).fill(1)] })],
    ['with a changed signature', () => ({ signature: bob.request.signature.map((b, i) => (i === 0 ? b ^ 1 : b)) })],
    ['with the signature of another request', () => ({ requestId: 'ee'.repeat(16) })],
    [
      'with the key package of somebody else, whom the signature does not name',
      async () => ({
        keyPackages: [(await world.engine.keyPackage(SPACE, createLocalIdentity(SPACE, 'Eve', bob.deps.random))).publicPackage],
      }),
    ],
    [
      'with a key package made for another group',
      async () => {
        const other = 'bb'.repeat(16) as GroupId
        return { keyPackages: [(await world.engine.keyPackage(other, createLocalIdentity(other, 'Bob', bob.deps.random))).publicPackage] }
      },
    ],
  ])('%s', async (_, changes) => {
    await counts(ask(await changes()), 'invitation-malformed')
  })

  it('after the invitation expired', async () => {
    world.clock.advance(HOUR + 1)
    await counts(ask(), 'invitation-expired')
  })

  it('after it was revoked', async () => {
    await revoke(ann.group, link.invitationId)
    ann.events.length = 0
    await counts(ask(), 'invitation-revoked')
  })

  it('after it was used as often as it allows', async () => {
    for (const name of ['Carol', 'Dave']) await welcomed(admit(ann.group, (await asking(world, world.device(name), link)).request, PEER))
    ann.events.length = 0
    await counts(ask(), 'invitation-used-up')
  })

  it('by somebody who may not let anyone in', async () => {
    const guest = await world.join(ann, 'Gus', 'guest')
    expect(await ask({}, guest)).toEqual({ kind: 'refused', code: 'not-permitted' })
    expect(guest.events).toEqual([])
  })

  it('with the number of a request that was granted, but not what was signed with it', async () => {
    await welcomed(ask())
    const eve = await asking(world, world.device('Eve'), link)
    ann.events.length = 0
    await counts(ask({ keyPackages: eve.request.keyPackages }), 'invitation-malformed')
    await counts(ask({ signature: eve.request.signature }), 'invitation-malformed')
  })

  it('where the Welcome was granted, and its newcomer was removed since', async () => {
    await welcomed(ask())
    await removeMember(ann.group, bob.identity.memberId)
    ann.events.length = 0
    await counts(ask(), 'removed')
  })

  it('but not when the Welcome was granted before: it was only the answer that got lost', async () => {
    const { welcome } = await welcomed(ask())
    world.clock.advance(HOUR + 1)
    expect((await welcomed(ask())).welcome).toEqual(welcome)
  })
})

describe('the commits a newcomer carries', () => {
  it('teach a member who was away to know the newcomer', async () => {
    const carol = await world.join(ann, 'Carol')
    await ann.addChannel('music')
    const { welcome, commits } = await welcomed(ask())
    const device = await bob.enter(welcome, commits)
    expect(carol.group.members()).toHaveLength(2)
    const acks = []
    for (const { eid, bytes } of device.store.objects.since(SPACE, 0, null, 100))
      acks.push(await receiveObject(carol.group, { eid, bytes }))
    expect(acks).not.toContain('unknown-epoch')
    expect(carol.group.tip.row.tip).toBe(device.group.tip.row.tip)
  })

  it('are none of the time after the newcomer joined, which it must follow itself', async () => {
    const { welcome } = await welcomed(ask())
    await ann.addChannel('music')
    const again = await welcomed(ask())
    expect(again.commits.length).toBeGreaterThan(2)
    const device = await bob.enter(welcome, again.commits)
    expect(await receiveObject(device.group, lastObject(ann))).toBe('stored')
    expect(device.group.tip.row.tip).toBe(ann.group.tip.row.tip)
    expect(device.group.tip.settings.channels).toHaveLength(2)
  })

  it('are dropped where they are none: of another group, messages, noise', async () => {
    const { welcome } = await welcomed(ask())
    const other = await makeWorld('elsewhere')
    const stranger = await other.found('Zoe')
    await ann.send('x')
    const noise = { eid: ann.group.tip.row.tip, bytes: new Uint8Array(64) }
    await stranger.addChannel('x')
    const device = await bob.enter(welcome, [noise, lastObject(ann)])
    expect(device.store.objects.since(SPACE, 0, null, 100)).toEqual([])
    expect(await receiveObject(device.group, lastObject(ann))).toBe('stored')
  })

  it('stay few and small however long the group has lived', async () => {
    for (let i = 0; i < CARRIED_COMMITS + 4; i++) await ann.addChannel(`c${i}`)
    const { commits } = await welcomed(ask())
    expect(commits).toHaveLength(CARRIED_COMMITS)
    expect(commits.at(-1)?.bytes).toEqual(lastObject(ann).bytes)
    expect(commits.reduce((sum, c) => sum + c.bytes.length, 0)).toBeLessThanOrEqual(512 * 1024)
  })
})
