import { beforeEach, describe, expect, it } from 'vitest'
import type { Eid, PeerId } from '../../../shared/domain/ids.ts'
import type { Network } from '../../ports/network.ts'
import { utf8 } from '../../kernel/bytes.ts'
import type { Frontier, ObjectAck, ObjectPush, WireObject } from '../../ports/wire.ts'
import { bring, lastObject, makeWorld, objectsOf, SPACE } from '../../testing/fixtures/group-world.ts'
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

/** Bob brings Ann what she lacks; a test may have her answer otherwise. */
function courierToAnn(how: { frontier?: () => Frontier; ack?: ObjectAck } = {}) {
  const pushed: ObjectPush[] = []
  const network = {
    push: async (_: PeerId, push: ObjectPush) => {
      pushed.push(push)
      return Promise.all(push.objects.map(async (object) => how.ack ?? receiveObject(ann.group, object)))
    },
    frontier: async () => how.frontier?.() ?? groupFrontier(ann.group),
  }
  const to = { peerId: PEER, memberId: ann.group.self }
  const courier = new Courier(bob.group, network as unknown as Network, to, new Turns(bob.deps.clock))
  const objects = () => pushed.flatMap((push) => push.objects)
  const compared = async (): Promise<number> => {
    const before = objects().length
    courier.compare()
    await courier.idle()
    return objects().length - before
  }
  return { objects, compared }
}

/** The next message of hers is counted like one that is known already. */
function countAgain(mallory: Device): void {
  mallory.store.transaction((tx) => tx.groups.put({ ...mallory.group.tip.row, sentSeq: 0 }))
  mallory.restart()
}

/**
 * Ann is on her own branch, Bob on Carol's, because he saw Mallory there. She counts what she writes there as something that Ann has of her
 * already, so by their counts neither lacks anything.
 */
async function parted(): Promise<{ carol: Device; mallory: Device; spoilt: WireObject }> {
  const carol = await world.join(ann, 'Carol', 'admin')
  const mallory = await world.join(ann, 'Mallory')
  for (const one of [bob, carol]) await bring(ann, one)
  await mallory.send('to Ann')
  for (const one of [ann, bob]) await bring(mallory, one)
  countAgain(mallory)
  await carol.addChannel('by Carol')
  const commitOfCarol = lastObject(carol)
  await ann.addChannel('by Ann')
  for (const one of [bob, mallory]) await bring(carol, one)
  const { state, row } = mallory.group.tip
  const { message } = await world.engine.encrypt(state, utf8('no content'), new Uint8Array())
  await mallory.send('to Bob')
  await receiveObject(bob.group, lastObject(mallory))
  await bring(ann, bob)
  await receiveObject(ann.group, commitOfCarol)
  for (const one of [ann, bob]) await reconsider(one.group)
  return { carol, mallory, spoilt: { eid: row.tip, bytes: message } }
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

  it('do so once where it changes nothing, and go on with whoever was seen since, whatever either commits meanwhile', async () => {
    const { carol, mallory } = await parted()
    const { compared } = courierToAnn()
    expect([await compared(), await compared(), await compared(), await compared()]).toEqual([0, 1, 0, 0])
    expect(world.clock.pending).toEqual([])
    await ann.addChannel('hers goes on')
    await carol.addChannel('the other, too')
    for (const one of [bob, mallory]) await bring(carol, one)
    countAgain(mallory)
    await mallory.send('in the next epoch')
    await receiveObject(bob.group, lastObject(mallory))
    await compared()
    await bring(ann, bob)
    const { tip } = bob.group.tip.row
    await compared()
    expect(ann.store.witnesses.has(SPACE, tip, mallory.group.self)).toBe(true)
  })

  it('show nothing that the other cannot read, wait for nothing then, and show it once it can', async () => {
    const { spoilt } = await parted()
    const { tip } = ann.group.tip.row
    let canRead = false
    const frontier = (): Frontier => ({ ...groupFrontier(ann.group), ...(!canRead && { roots: [tip], known: [tip] }) })
    const { compared, objects } = courierToAnn({ frontier, ack: 'stored' })
    for (let i = 0; i < 4; i++) await compared()
    expect(objects().filter(({ eid }) => eid === spoilt.eid)).toEqual([])
    expect(world.clock.pending).toEqual([])
    canRead = true
    for (let i = 0; i < 2; i++) await compared()
    expect(objects().filter(({ eid }) => eid === spoilt.eid)).toHaveLength(1)
  })

  it('give up showing what is never taken', async () => {
    await parted()
    const { compared, objects } = courierToAnn({ ack: 'later' })
    for (let i = 0; i < 12; i++) await compared()
    expect(objects()).toHaveLength(5)
    expect(world.clock.pending).toEqual([])
  })

  it('take the one that can be read of two messages under one key', async () => {
    const { spoilt } = await parted()
    expect(await receiveObject(ann.group, spoilt)).toBe('rejected')
    const { compared } = courierToAnn()
    for (let i = 0; i < 2; i++) await compared()
    await reconsider(ann.group)
    expect(ann.group.tip.row.tip).toBe(bob.group.tip.row.tip)
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
    const fork = sinceParting(commits, one as Eid, other as Eid)
    return fork && { parting: String(fork.parting), epochs: [...fork.epochs].map(String).sort() }
  }

  it('are those of all branches that come out of there', () => {
    expect(between('a2', 'b2')).toEqual({ parting: 'fork', epochs: ['a1', 'a2', 'b1', 'b2', 'c1'] })
    expect(between('c1', 'b2')).toEqual({ parting: 'b1', epochs: ['b2', 'c1'] })
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
