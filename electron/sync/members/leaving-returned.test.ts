import { beforeEach, expect, it } from 'vitest'
import { bring, makeWorld } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { returnBy } from '../../testing/returning/returning-world.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { lostIntents, settleIntents } from '../intents/settle-intents.ts'
import { seeOff } from './leave.ts'
import { makeLeaveOffer, readLeaveOffer } from './leave-offer.ts'

/** SPEC.md I5. Dave comes back by Bob with a fresh leaf and leaves by it, on a branch that loses: where the others are, its older leaf is in. */
let ann: Device
let bob: Device
let carol: Device
let others: Device[]

const isIn = ({ group }: Device) => group.members().some((m) => m.name === 'Dave')

beforeEach(async () => {
  const world = await makeWorld('leaving returned')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob', 'admin')
  carol = await world.join(ann, 'Carol')
  const dave = await world.join(ann, 'Dave')
  others = [await world.join(ann, 'Erin'), await world.join(ann, 'Finn')]
  for (const device of [bob, carol, dave, ...others]) await bring(ann, device)
  dave.group.markReturning()
  await returnBy(dave, bob)
  await makeLeaveOffer(dave.group)
  const offer = readLeaveOffer(dave.store, dave.group)
  if (offer === null) throw new Error('an offer was made')
  expect(await seeOff(bob.group, offer.request)).toEqual({ kind: 'done' })
  await ann.addChannel('by Ann')
  for (const other of others) {
    await bring(ann, other)
    await other.send('here')
  }
  for (const device of [bob, carol]) for (const one of [ann, ...others]) await bring(one, device)
  await reconsider(bob.group)
  expect([ann, bob, carol].map(isIn)).toEqual([true, true, true])
})

it('is removed by whoever saw it off, if they may', async () => {
  await settleIntents(bob.group)
  expect(isIn(bob)).toBe(false)
  expect(lostIntents(bob.group)).toEqual([])
  await bring(bob, ann)
  await settleIntents(ann.group, { forOthers: true })
  expect([isIn(ann), lostIntents(ann.group)]).toEqual([false, []])
})

it('is removed by somebody else who may where that one is away, and by nobody who may not', async () => {
  for (const device of [ann, carol]) {
    await bring(bob, device)
    expect(await settleIntents(device.group)).toBe(true)
    expect(isIn(device)).toBe(true)
  }
  await settleIntents(carol.group, { forOthers: true })
  expect([isIn(carol), carol.events.includes('failed')]).toEqual([true, false])
  await settleIntents(ann.group, { forOthers: true })
  expect(isIn(ann)).toBe(false)
  await bring(ann, carol)
  expect(isIn(carol)).toBe(false)
})
