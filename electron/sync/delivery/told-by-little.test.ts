import { expect, it, vi } from 'vitest'
import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Network } from '../../ports/network.ts'
import { makeWorld } from '../../testing/fixtures/group-world.ts'
import { groupFrontier } from '../anti-entropy/group-frontier.ts'
import { Courier } from './courier.ts'
import { Turns } from './turns.ts'

it('a comparison with who has all that is here goes through nothing, and is told as one that found no other way', async () => {
  const world = await makeWorld('told by little')
  const ann = await world.found('Ann')
  const bob = await world.join(ann, 'Bob')
  const told: boolean[] = []
  const network = { push: () => Promise.reject(new Error('nothing to bring')), frontier: async () => groupFrontier(bob.group) }
  const to = { peerId: 'peer of Bob' as PeerId, memberId: bob.group.self }
  const courier = new Courier(ann.group, network as unknown as Network, to, new Turns(ann.deps.clock), (_, apart) => told.push(apart))
  const gone = vi.spyOn(ann.store.objects, 'headsSince')
  const tree = vi.spyOn(ann.store.commits, 'of')
  courier.compare()
  await courier.idle()
  const read = tree.mock.calls.length
  courier.compare()
  await courier.idle()
  expect(told).toEqual([false, false])
  expect(gone).not.toHaveBeenCalled()
  expect(tree.mock.calls.length).toBe(read)
  vi.restoreAllMocks()
})
