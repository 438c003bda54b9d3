import { beforeEach, describe, expect, it } from 'vitest'
import { GUEST_PEER, asking, bring, linkOf, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Asking, Device, World } from '../../testing/fixtures/group-world.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { admit } from '../invitations/admit.ts'
import { lostIntents, settleIntents } from '../intents/settle-intents.ts'
import { changeRole } from './change-role.ts'
import { seeOff } from './leave.ts'
import { makeLeaveOffer, readLeaveOffer } from './leave-offer.ts'
import { removeMember } from './remove-member.ts'
import { removalsOf } from './removed.ts'

/** SPEC.md I5. Bob lets Dave in, while Ann changes the space and more follow her: so Dave is no member, until Bob lets him in again. */
let world: World
let ann: Device
let bob: Device
let carol: Device
let others: Device[]
let dave: Device
let guest: Asking

const names = ({ group }: Device) => group.members().map((m) => m.name)
const isIn = (device: Device) => names(device).includes('Dave')

async function offer(device: Device) {
  await makeLeaveOffer(device.group)
  const made = readLeaveOffer(device.store, device.group)
  if (made === null) throw new Error('an offer was made')
  return made.request
}

async function followAnn(device: Device): Promise<void> {
  for (const one of [ann, ...others]) await bring(one, device)
  await reconsider(device.group)
  expect(isIn(device)).toBe(false)
}

beforeEach(async () => {
  world = await makeWorld('leaving lost')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob', 'admin')
  carol = await world.join(ann, 'Carol')
  others = [await world.join(ann, 'Erin'), await world.join(ann, 'Finn')]
  for (const device of [bob, carol, ...others]) await bring(ann, device)
  guest = await asking(world, world.device('Dave'), await linkOf(bob, 'member'))
  const answer = await admit(bob.group, guest.request, GUEST_PEER.peerId)
  if (answer.kind !== 'welcome') throw new Error('let in')
  dave = await guest.enter(answer.welcome, answer.commits)
  await bring(bob, carol)
  expect(isIn(carol)).toBe(true)
  await ann.addChannel('by Ann')
  for (const other of others) {
    await bring(ann, other)
    await other.send('here')
  }
})

it('somebody who was let in and removed, by commits that lost, is not let in again, also by somebody who may remove nobody any more', async () => {
  await changeRole(ann.group, bob.group.self, 'member')
  await removeMember(bob.group, dave.group.self)
  await followAnn(bob)
  await settleIntents(bob.group)
  expect(isIn(bob)).toBe(false)
  expect(lostIntents(bob.group)).toEqual([])
  expect(await admit(bob.group, guest.request, GUEST_PEER.peerId)).toEqual({ kind: 'refused', code: 'removed' })
  await removeMember(ann.group, bob.group.self)
  expect(removalsOf(bob.group, dave.group.self)).toHaveLength(1)
  await bring(bob, ann)
  expect(removalsOf(ann.group, dave.group.self)).toEqual([])
})

describe('somebody who leaves while the commit that let them in is lost', () => {
  it('is not let in again by whoever they told', async () => {
    await followAnn(bob)
    const request = await offer(dave)
    expect(await seeOff(bob.group, request)).toEqual({ kind: 'done' })
    expect(await seeOff(bob.group, request)).toEqual({ kind: 'done' })
    await settleIntents(bob.group)
    expect(isIn(bob)).toBe(false)
    expect(lostIntents(bob.group)).toEqual([])
    expect(bob.store.intents.list(SPACE).flatMap(({ failure }) => failure ?? [])).toEqual([
      'A newcomer left before it could be let in again.',
    ])
  })

  it('is seen off by whoever they told, where another lets them in again who did not know', async () => {
    await followAnn(carol)
    expect(await seeOff(carol.group, await offer(dave))).toEqual({ kind: 'done' })
    await settleIntents(carol.group)
    await followAnn(bob)
    await settleIntents(bob.group)
    expect(isIn(bob)).toBe(true)
    await bring(bob, carol)
    expect(isIn(carol)).toBe(true)
    await settleIntents(carol.group)
    expect(isIn(carol)).toBe(false)
    await bring(carol, bob)
    await settleIntents(bob.group)
    expect(isIn(bob)).toBe(false)
  })

  it('is believed only with a leaf that they had', async () => {
    await followAnn(carol)
    const [request, another] = [await offer(dave), await offer(bob)]
    const forged = { ...another, memberId: request.memberId }
    await seeOff(carol.group, forged)
    expect(carol.store.intents.list(SPACE)).toEqual([])
    await followAnn(bob)
    await settleIntents(bob.group)
    await bring(bob, carol)
    await settleIntents(carol.group)
    expect(isIn(carol)).toBe(true)
  })
})
