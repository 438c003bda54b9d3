import { beforeEach, describe, expect, it } from 'vitest'
import type { Eid, PeerId } from '../../../shared/domain/ids.ts'
import type { Network } from '../../ports/network.ts'
import type { ObjectPush } from '../../ports/wire.ts'
import { bring, lastObject, makeWorld, objectsOf } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { groupFrontier } from '../anti-entropy/group-frontier.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { receiveObject } from '../group/receive/receive-objects.ts'
import { Courier } from './courier.ts'
import { sinceParting } from './sightings.ts'
import { Turns } from './turns.ts'

const PEER = 'peer of Ann' as PeerId

let world: World
let ann: Device
let bob: Device
beforeEach(async () => {
  world = await makeWorld('sightings')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
})

/** Bob brings Ann what she lacks. Answers what he gave her. */
function courierToAnn() {
  const pushed: ObjectPush[] = []
  const network = {
    push: async (_: PeerId, push: ObjectPush) => {
      pushed.push(push)
      return Promise.all(push.objects.map((object) => receiveObject(ann.group, object)))
    },
    frontier: async () => groupFrontier(ann.group),
  }
  const to = { peerId: PEER, memberId: ann.group.self }
  const courier = new Courier(bob.group, network as unknown as Network, to, new Turns(bob.deps.clock))
  const compared = async (): Promise<number> => {
    const before = pushed.flatMap(({ objects }) => objects).length
    courier.compare()
    await courier.idle()
    return pushed.flatMap(({ objects }) => objects).length - before
  }
  return { courier, compared }
}

/**
 * Ann is on her own branch, Bob on Carol's, because he saw Mallory there. She counts what she writes there as something that Ann has of her
 * already, so by their counts neither lacks anything.
 */
async function parted(): Promise<void> {
  const carol = await world.join(ann, 'Carol', 'admin')
  const mallory = await world.join(ann, 'Mallory')
  for (const one of [bob, carol]) await bring(ann, one)
  await mallory.send('to Ann')
  for (const one of [ann, bob]) await bring(mallory, one)
  mallory.store.transaction((tx) => tx.groups.put({ ...mallory.group.tip.row, sentSeq: 0 }))
  mallory.restart()
  await carol.addChannel('by Carol')
  const commitOfCarol = lastObject(carol)
  await ann.addChannel('by Ann')
  for (const one of [bob, mallory]) await bring(carol, one)
  await mallory.send('to Bob')
  await receiveObject(bob.group, lastObject(mallory))
  await bring(ann, bob)
  await receiveObject(ann.group, commitOfCarol)
  for (const one of [ann, bob]) await reconsider(one.group)
}

describe('two who know the same commits and saw others there', () => {
  it('show each other whom they saw, whatever was counted, and come to the same', async () => {
    await parted()
    expect(ann.group.tip.row.tip).not.toBe(bob.group.tip.row.tip)
    const { compared } = courierToAnn()
    expect(await compared()).toBe(0)
    expect(world.clock.pending).toEqual([2_000])
    expect(await compared()).toBe(1)
    await reconsider(ann.group)
    expect(ann.group.tip.row.tip).toBe(bob.group.tip.row.tip)
    expect(await compared()).toBe(0)
  })

  it('do so once where it changes nothing', async () => {
    await parted()
    const { compared } = courierToAnn()
    expect([await compared(), await compared(), await compared(), await compared()]).toEqual([0, 1, 0, 0])
    expect(world.clock.pending).toEqual([])
  })

  it('try again what could not be taken then', async () => {
    await parted()
    const here = objectsOf(ann).length
    const { compared } = courierToAnn()
    await compared()
    ann.store.failNext()
    expect(await compared()).toBe(1)
    expect(objectsOf(ann)).toHaveLength(here)
    expect(await compared()).toBe(1)
    expect(objectsOf(ann)).toHaveLength(here + 1)
  })
})

describe('the epochs since two parted', () => {
  const row = (parent: string, child: string) => ({ parent: parent as Eid, child: child as Eid })
  const commits = [
    row('root', 'fork'),
    row('fork', 'a1'),
    row('a1', 'a2'),
    row('fork', 'b1'),
    row('b1', 'c1'),
    row('b1', 'b2'),
    row('x', 'y'),
  ]
  const between = (one: string, other: string) => {
    const epochs = sinceParting(commits, one as Eid, other as Eid)
    return epochs && [...epochs].map(String).sort()
  }

  it('are those of all branches that come out of there', () => {
    expect(between('a2', 'b2')).toEqual(['a1', 'a2', 'b1', 'b2', 'c1'])
    expect(between('c1', 'b2')).toEqual(['b2', 'c1'])
  })

  it.each([
    ['root', 'a2'],
    ['a2', 'root'],
    ['a2', 'a2'],
    ['a2', 'y'],
    ['x', 'a2'],
  ])('are none where %s and %s did not part', (one, other) => {
    expect(between(one, other)).toBeNull()
  })

  it('are found in a circle, too', () => {
    expect(sinceParting([row('a', 'b'), row('b', 'a'), row('c', 'd'), row('d', 'c')], 'a' as Eid, 'c' as Eid)).toBeNull()
  })
})
