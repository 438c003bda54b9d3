import { expect, it } from 'vitest'
import { bring, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import { returnBy } from '../../testing/returning/returning-world.ts'
import { markAstray } from '../returning/astray.ts'
import { seeOff } from './leave.ts'
import { makeLeaveOffer, readLeaveOffer } from './leave-offer.ts'

it('who wants to leave, and gets a fresh leaf before anybody heard of it, says so with that one', async () => {
  const world = await makeWorld('leave fresh')
  const ann = await world.found('Ann')
  const bob = await world.join(ann, 'Bob', 'admin')
  const carol = await world.join(ann, 'Carol')
  for (const one of [bob, carol]) await bring(ann, one)
  await makeLeaveOffer(carol.group)
  const before = readLeaveOffer(carol.store, carol.group)
  await markAstray(carol.group)
  await returnBy(carol, ann)
  const offer = readLeaveOffer(carol.store, carol.group)
  expect(offer?.since).toBe(before?.since)
  expect(before === null ? null : await seeOff(ann.group, before.request)).toMatchObject({ kind: 'later' })
  expect(offer === null ? null : await seeOff(ann.group, offer.request)).toEqual({ kind: 'done' })
  expect(carol.group.groupId).toBe(SPACE)
})
