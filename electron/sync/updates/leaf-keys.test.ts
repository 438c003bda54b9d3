import { beforeEach, describe, expect, it } from 'vitest'
import type { PeerId } from '../../../shared/domain/ids.ts'
import { bring, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { makeCommit, plainData } from '../group/change-group.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { markAstray } from '../returning/astray.ts'
import { comeBack } from '../returning/come-back.ts'
import { makeOffer } from '../returning/offer.ts'
import { readmit } from '../returning/readmit.ts'
import { dropLeafKeys, keySince } from './leaf-keys.ts'

const HOUR = 3_600_000

let world: World
let ann: Device
let bob: Device
let start: number
beforeEach(async () => {
  world = await makeWorld('leaf keys')
  start = world.clock.now()
  ann = await world.found('Ann')
  world.clock.advance(HOUR)
  bob = await world.join(ann, 'Bob')
})

const renew = ({ group }: Device) => group.exclusive(() => makeCommit(group, { authenticatedData: plainData(group) }, () => undefined))
const hours = ({ group, store, deps }: Device): number => (keySince(store, deps.engine, group.tip) - start) / HOUR

describe('U1: the age of our key in a group', () => {
  it('counts from when the device came in, and from each commit of its own', async () => {
    expect([hours(ann), hours(bob)]).toEqual([1, 1])
    world.clock.advance(HOUR)
    await ann.addChannel('music')
    await bring(ann, bob)
    expect([hours(ann), hours(bob)]).toEqual([2, 1])
  })

  it('goes on through messages, and through a restart', async () => {
    world.clock.advance(HOUR)
    await bob.send('hello')
    await ann.send('hello, too')
    for (const device of [ann, bob]) {
      device.restart()
      expect(hours(device)).toBe(1)
    }
  })

  it('is that of the key from before, where a commit lost, and stays so through a restart (U6)', async () => {
    world.clock.advance(HOUR)
    await ann.addChannel('from Ann')
    await renew(bob)
    expect([hours(ann), hours(bob)]).toEqual([2, 2])
    await bring(ann, bob)
    await bring(bob, ann)
    for (const { group } of [ann, bob]) await reconsider(group)
    expect(ann.group.tip.row.tip).toBe(bob.group.tip.row.tip)
    expect([hours(ann), hours(bob)].toSorted()).toEqual([1, 2])
    const after = hours(bob)
    bob.restart()
    expect(hours(bob)).toBe(after)
  })

  it('counts from a fresh leaf where the device was let in again', async () => {
    const { engine } = bob.deps
    const peerId = 'bob' as PeerId
    await markAstray(bob.group)
    world.clock.advance(HOUR)
    const { state } = bob.group.tip
    const offer = await makeOffer(bob.group, engine.leafKey(state, engine.self(state).leafIndex) ?? expect.fail(), peerId)
    const answer = await readmit(ann.group, offer.request)
    if (answer.kind !== 'welcome') throw new Error(`not let in: ${answer.kind}`)
    expect(hours(bob)).toBe(1)
    expect(await comeBack(bob.group, offer, answer)).toBe('back')
    expect([hours(ann), hours(bob)]).toEqual([2, 2])
  })

  it('is that of the group here where nothing was noted, as before there were updates', async () => {
    bob.store.transaction((tx) => dropLeafKeys(tx, SPACE))
    world.clock.advance(HOUR)
    expect(hours(bob)).toBe(1)
    await ann.addChannel('music')
    await bring(ann, bob)
    expect(hours(bob)).toBe(1)
  })

  it('is that of the group here where what was noted is damaged', () => {
    bob.store.transaction((tx) => tx.settings.set(`leaf-keys/${SPACE}`, new Uint8Array([1, 2])))
    expect(hours(bob)).toBe(1)
  })
})
