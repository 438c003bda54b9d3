import { beforeEach, expect, it } from 'vitest'
import { GUEST_PEER, asking, bring, linkOf, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Asking, Device, World } from '../../testing/fixtures/group-world.ts'
import type { Eid } from '../../../shared/domain/ids.ts'
import { rehome } from '../delivery/rehome.ts'
import { settleIntents } from '../intents/settle-intents.ts'
import { admit } from '../invitations/admit.ts'
import { signClaim } from '../invitations/keys.ts'
import type { InvitationLink } from '../invitations/link.ts'
import { removeMember } from '../members/remove-member.ts'
import type { JoinRequest } from '../../ports/wire.ts'
import { reconsider } from './reconsider.ts'

/** SPEC.md D7. Bob lets Dave in and writes, while Ann changes the space and more follow her: so Dave is no member. */
let world: World
let ann: Device
let bob: Device
let dave: Asking
let others: Device[]

/** Dave asks by another link, as who he is. */
async function askAgain({ groupId, invitationId, seed }: InvitationLink): Promise<JoinRequest> {
  const { engine, random } = dave.deps
  const { memberId, deviceId } = dave.identity
  const requestId = random.id<string>()
  const { publicPackage } = await engine.keyPackage(SPACE, dave.identity)
  const signature = signClaim(seed, { groupId, invitationId, requestId, memberId, deviceId })
  return { groupId, invitationId, requestId, keyPackages: [publicPackage], signature }
}

const owedByBob = (): string[] => {
  const [message] = bob.group.tip.settings.channels.flatMap(({ channelId }) => bob.store.messages.page(channelId, 50, null).messages)
  const rows = message ? bob.store.deliveries.of(message.objectId) : []
  return rows.map(({ memberId }) => bob.store.directory.member(SPACE, memberId)?.name ?? '?').toSorted()
}

beforeEach(async () => {
  world = await makeWorld('came by lost')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob', 'admin')
  others = [await world.join(ann, 'Erin'), await world.join(ann, 'Finn')]
  await bring(ann, bob)
  for (const other of others) await bring(ann, other)
  const link = await linkOf(bob, 'member')
  for (const other of [ann, ...others]) await bring(bob, other)
  dave = await asking(world, world.device('Dave'), link)
  expect(await admit(bob.group, dave.request, GUEST_PEER.peerId)).toMatchObject({ kind: 'welcome' })
  await bob.send('for Dave, too')
  expect(owedByBob()).toEqual(['Ann', 'Dave', 'Erin', 'Finn'])
  await ann.addChannel('by Ann')
  for (const other of others) {
    await bring(ann, other)
    await other.send('here')
  }
  for (const one of [ann, ...others]) await bring(one, bob)
})

it('nobody is waited for who is no member on the branch that is followed, until they are let in there', async () => {
  bob.events.length = 0
  expect(await reconsider(bob.group)).toEqual({ kind: 'switched' })
  expect(owedByBob()).toEqual(['Ann', 'Erin', 'Finn'])
  expect(bob.events).toContain('delivery')
  await settleIntents(bob.group)
  expect(bob.group.members().map(({ name }) => name)).toContain('Dave')
  expect(owedByBob()).toEqual(['Ann', 'Dave', 'Erin', 'Finn'])
})

it('what others were given meanwhile where they are is owed to them all the same', async () => {
  await reconsider(bob.group)
  const isKnown = (eid: Eid): boolean => ann.store.mls.epoch(SPACE, eid) !== null
  const readable = new Map(bob.store.mls.epochs(SPACE).map(({ eid }) => [eid, isKnown(eid)]))
  const { tip } = bob.group.tip.row
  expect(await rehome(bob.group, ann.group.self, { readable, held: null, apart: false }, tip)).toEqual([])
  expect(owedByBob()).toEqual(['Ann', 'Erin', 'Finn'])
  await settleIntents(bob.group)
  expect(owedByBob()).toEqual(['Ann', 'Dave', 'Erin', 'Finn'])
})

it('nor is it forgotten for a removal before that: they came back since', async () => {
  await reconsider(bob.group)
  await settleIntents(bob.group)
  await bob.send('to be forgiven')
  await removeMember(bob.group, dave.identity.memberId)
  for (const one of [ann, ...others]) await bring(bob, one)
  expect(await admit(bob.group, await askAgain(await linkOf(bob, 'member')), GUEST_PEER.peerId)).toMatchObject({ kind: 'welcome' })
  await bob.send('for Dave again')
  expect(owedByBob()).toEqual(['Ann', 'Dave', 'Erin', 'Finn'])
  await ann.addChannel('by Ann, too')
  for (const other of others) {
    await bring(ann, other)
    await other.send('here, too')
  }
  for (const one of [ann, ...others]) await bring(one, bob)
  expect(await reconsider(bob.group)).toEqual({ kind: 'switched' })
  expect(owedByBob()).toEqual(['Ann', 'Erin', 'Finn'])
  await settleIntents(bob.group)
  expect(owedByBob()).toEqual(['Ann', 'Dave', 'Erin', 'Finn'])
})
