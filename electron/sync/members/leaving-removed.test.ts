import { beforeEach, expect, it } from 'vitest'
import { bring, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { keptClaims } from '../intents/left-claims.ts'
import { settleIntents } from '../intents/settle-intents.ts'
import { invitationPublicKey } from '../invitations/keys.ts'
import { signLeave } from './leave-claim.ts'
import { makeLeaveOffer, readLeaveOffer } from './leave-offer.ts'
import { seeOff } from './leave.ts'
import { removeMember } from './remove-member.ts'

/** SPEC.md I5. Bob removes Carol, who tells Finn that she leaves, and hears that she is out. Ann removes Bob, and most are with her. */
let ann: Device
let bob: Device
let carol: Device
let finn: Device
let others: Device[]

beforeEach(async () => {
  const world = await makeWorld('leaving removed')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob', 'admin')
  carol = await world.join(ann, 'Carol')
  finn = await world.join(ann, 'Finn')
  others = [await world.join(ann, 'Erin'), await world.join(ann, 'Gus')]
  for (const device of [bob, carol, finn, ...others]) await bring(ann, device)
  await removeMember(bob.group, carol.group.self)
  await bring(bob, finn)
})

async function leaves() {
  await makeLeaveOffer(carol.group)
  const offer = readLeaveOffer(carol.store, carol.group)
  if (offer === null) throw new Error('an offer was made')
  return offer.request
}

async function followAnn(): Promise<void> {
  await removeMember(ann.group, bob.group.self)
  for (const one of others) {
    await bring(ann, one)
    await one.send('here')
  }
  for (const one of [ann, ...others]) await bring(one, finn)
  await reconsider(finn.group)
  expect(finn.group.members().map((m) => m.name)).toContain('Carol')
  await settleIntents(finn.group)
}

it('who left where it was removed is seen off where that removal fell', async () => {
  const claim = await leaves()
  expect(await seeOff(finn.group, claim)).toEqual({ kind: 'done' })
  expect(await seeOff(finn.group, claim)).toEqual({ kind: 'done' })
  expect(keptClaims(finn.group)).toEqual([claim])
  await followAnn()
  expect(finn.group.members().map((m) => m.name)).not.toContain('Carol')
})

it('what it said is put out of the way by nobody who signs with a key of their own, and nobody is seen off by that', async () => {
  const claim = await leaves()
  const seed = new Uint8Array(32).fill(6)
  const leafKey = invitationPublicKey(seed)
  const forged = { ...claim, leafKey, signature: signLeave(seed, { groupId: SPACE, leafKey }) }
  expect(await seeOff(finn.group, forged)).toEqual({ kind: 'done' })
  expect(keptClaims(finn.group)).toEqual([])
  await seeOff(finn.group, claim)
  await seeOff(finn.group, forged)
  expect(keptClaims(finn.group)).toEqual([claim])
  await followAnn()
  expect(finn.group.members().map((m) => m.name)).not.toContain('Carol')
})
