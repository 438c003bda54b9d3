import { beforeEach, describe, expect, it } from 'vitest'
import { bring, lastObject, makeWorld, SPACE, writtenBy } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { receiveObject } from '../group/receive/receive-objects.ts'
import { acknowledgeEpoch } from './acknowledge.ts'
import { standingsAt } from './read-tree.ts'

/** SPEC.md F4; when it is done is told by `node/fork-watch.test.ts`. */
let world: World
let ann: Device
let bob: Device
beforeEach(async () => {
  world = await makeWorld('acknowledging')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
})

const said = (device: Device): number => writtenBy(device).length
const isSeenBy = (device: Device, whom: Device): boolean => device.store.witnesses.has(SPACE, device.group.tip.row.tip, whom.group.self)

describe('whoever follows a new epoch', () => {
  beforeEach(async () => {
    await ann.addChannel('music')
    await bring(ann, bob)
  })

  it('says so once, and is seen there by the others, who are shown nothing', async () => {
    await acknowledgeEpoch(bob.group)
    await acknowledgeEpoch(bob.group)
    expect(said(bob)).toBe(1)
    expect(isSeenBy(ann, bob)).toBe(false)
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
    expect(isSeenBy(ann, bob)).toBe(true)
    expect(ann.texts()).toEqual([])
  })

  it('says nothing where it was heard there anyway', async () => {
    await bob.send('heard')
    await acknowledgeEpoch(bob.group)
    expect(said(bob)).toBe(1)
  })

  it('says nothing where it made the commit that led there', async () => {
    await acknowledgeEpoch(ann.group)
    expect(said(ann)).toBe(0)
  })
})

it('of many only the sixteen of lowest rank say so', async () => {
  const all = [ann, bob]
  while (all.length < 19) all.push(await world.join(ann, `Guest ${all.length}`))
  for (const device of all.slice(1)) await bring(ann, device)
  for (const device of all) await acknowledgeEpoch(device.group)
  const standings = await standingsAt(ann.store, world.engine, SPACE, ann.group.tip.row.tip)
  const ranked = [...(standings ?? [])].toSorted(([, a], [, b]) => Buffer.compare(a.rank, b.rank)).map(([memberId]) => memberId)
  expect(ranked).toHaveLength(19)
  // Ann made the commit that led there, and is seen by that.
  const lowest = ranked.slice(0, 16).filter((memberId) => memberId !== ann.group.self)
  const spoke = all.filter((device) => said(device) > 0).map(({ group }) => group.self)
  expect(spoke.toSorted()).toEqual(lowest.toSorted())
})
