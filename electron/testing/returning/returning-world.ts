import type { PeerId } from '../../../shared/domain/ids.ts'
import type { ReturnAnswer } from '../../ports/wire.ts'
import { comeBack } from '../../sync/returning/come-back.ts'
import type { Way } from '../../sync/returning/come-back.ts'
import { makeOffer, readOffer } from '../../sync/returning/offer.ts'
import type { ReturnOffer } from '../../sync/returning/offer.ts'
import { readmit } from '../../sync/returning/readmit.ts'
import { receiveObjects } from '../../sync/group/receive/receive-objects.ts'
import { compareEpochs } from '../../sync/anti-entropy/known-epochs.ts'
import { groupFrontier } from '../../sync/anti-entropy/group-frontier.ts'
import { lacks } from '../../sync/anti-entropy/frontier.ts'
import { makeWorld, SPACE } from '../fixtures/group-world.ts'
import type { Device, World } from '../fixtures/group-world.ts'
import { Emissions } from '../mls/emissions.ts'
import { rewindableStore } from './old-copies.ts'
import type { RewindableStore } from './old-copies.ts'

/** A group world over real databases that can be put back, in which everything that is given out is noted. */
export interface ReturningWorld extends World {
  emissions: Emissions
  storeOf(device: Device): RewindableStore
  copy(device: Device): Uint8Array
  /** The device starts from an older copy. */
  putBack(device: Device, copy: Uint8Array): void
}

export async function makeReturningWorld(seed: string, folder: string): Promise<ReturningWorld> {
  const stores = new Map<string, RewindableStore>()
  const world = await makeWorld(seed, (name) => {
    const store = rewindableStore(folder, name)
    stores.set(name, store)
    return store
  })
  const storeOf = ({ name }: Device): RewindableStore => {
    const store = stores.get(name)
    if (store === undefined) throw new Error('everybody has a store')
    return store
  }
  return {
    ...world,
    emissions: new Emissions(world.engine),
    storeOf,
    copy: (device) => storeOf(device).copy(),
    putBack(device, copy) {
      storeOf(device).putBack(copy)
      device.restart()
    },
  }
}

export const PEER = `12D3KooW${'B'.repeat(44)}` as PeerId

/** What a device that returns asks with; made on first use. */
export async function offerOf(device: Device, leafKey?: Uint8Array, peer = PEER): Promise<ReturnOffer> {
  const { engine, store } = device.deps
  const { state } = device.group.tip
  const ours = leafKey ?? engine.leafKey(state, engine.self(state).leafIndex)
  if (ours === null) throw new Error('a device has a leaf')
  const known = leafKey === undefined ? readOffer(store, SPACE, peer) : null
  return known ?? makeOffer(device.group, ours, peer)
}

export async function ask(device: Device, host: Device): Promise<ReturnAnswer> {
  return readmit(host.group, (await offerOf(device)).request)
}

/** The whole way back, by one member. */
export async function returnBy(device: Device, host: Device, way: Way = {}): Promise<void> {
  const offer = await offerOf(device)
  const answer = await readmit(host.group, offer.request)
  if (answer.kind !== 'welcome') throw new Error(`not let in: ${answer.kind}`)
  if ((await comeBack(device.group, offer, answer, way)) !== 'back') throw new Error('the welcome does not open')
}

/** Both tell each other what they have, and bring what the other lacks, until nothing changes. Everything that goes over is noted. */
export async function meet(world: ReturningWorld, a: Device, b: Device): Promise<void> {
  for (let pass = 0; pass < 6; pass++) {
    const stored = [await give(world, a, b), await give(world, b, a)]
    if (stored.every((count) => count === 0)) return
  }
  throw new Error('they never come to an end')
}

async function give(world: ReturningWorld, from: Device, to: Device): Promise<number> {
  const theirs = groupFrontier(to.group)
  const missing = lacks(theirs, compareEpochs(from.store, SPACE, theirs))
  const objects = from.store.objects.since(SPACE, 0, null, 1_000).filter(missing)
  for (const object of objects) await world.emissions.note(from.store, object)
  const before = objects.filter(({ objectId }) => to.store.objects.has(SPACE, objectId)).length
  const acks = await receiveObjects(to.group, objects)
  return acks.filter((ack) => ack === 'stored').length - before
}
