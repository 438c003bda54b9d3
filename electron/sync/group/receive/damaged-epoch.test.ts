import { expect, it } from 'vitest'
import { bring, lastObject, makeWorld } from '../../../testing/fixtures/group-world.ts'
import { receiveObjects } from './receive-objects.ts'

it('what cannot be read for damage here holds up nothing else of its push', async () => {
  const world = await makeWorld('damaged epoch')
  const ann = await world.found('Ann')
  const bob = await world.join(ann, 'Bob')
  const damaged = ann.group.tip.row.tip
  await bob.send('of an epoch that is damaged at Ann')
  const late = lastObject(bob)
  await ann.addChannel('music')
  await bring(ann, bob)
  await bob.send('of the epoch of today')
  const { ratchetTree } = ann.store.mls
  Object.assign(ann.store.mls, { ratchetTree: (...of: Parameters<typeof ratchetTree>) => (of[1] === damaged ? null : ratchetTree(...of)) })
  expect(await receiveObjects(ann.group, [late, lastObject(bob)])).toEqual(['rejected', 'stored'])
  expect(ann.texts()).toEqual(['of the epoch of today'])
})
