import { beforeEach, expect, it } from 'vitest'
import { bring, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { returnBy } from '../../testing/returning/returning-world.ts'
import { isBeside } from './read-tree.ts'

/** SPEC.md R2. Carol comes to Ann's branch by a fresh leaf, and is brought Bob's, which leads out of what it knew before. */
let ann: Device
let bob: Device
let carol: Device

const isBesideCarol = ({ group }: Device): boolean =>
  isBeside(carol.store, SPACE, carol.group.tip.row.tip, { eid: group.tip.row.tip, epoch: group.tip.row.epoch })

beforeEach(async () => {
  const world = await makeWorld('beside')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob', 'admin')
  carol = await world.join(ann, 'Carol')
  for (const device of [bob, carol]) await bring(ann, device)
  await ann.addChannel('by Ann')
  await bob.addChannel('by Bob')
  carol.group.markReturning()
  await returnBy(carol, ann)
  await bring(bob, carol)
})

it('a branch that goes on beside where it came in is one that it can neither choose nor refuse', async () => {
  // Older than where it came in: it may have led there.
  expect(isBesideCarol(bob)).toBe(false)
  for (const name of ['more', 'and more']) await bob.addChannel(name)
  await bring(bob, carol)
  expect(isBesideCarol(bob)).toBe(true)
})

it('what follows from where it came in is none, nor is where it is', async () => {
  expect([isBesideCarol(ann), isBesideCarol(carol)]).toEqual([false, false])
  await ann.addChannel('another')
  await bring(ann, carol)
  expect([isBesideCarol(ann), isBesideCarol(carol)]).toEqual([false, false])
})
