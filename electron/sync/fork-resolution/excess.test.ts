import { expect, it } from 'vitest'
import { bring, lastObject, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import { KEPT_EPOCHS } from '../group/group-deps.ts'
import { receiveObject } from '../group/receive/receive-objects.ts'
import { renameSpace } from '../members/change-space.ts'
import { changeRole } from '../members/change-role.ts'
import { reconsider } from './reconsider.ts'

it('of what a member commits beside, again and again, no more is kept than the horizon once the choice was made (T7)', async () => {
  const world = await makeWorld('excess')
  const ann = await world.found('Ann')
  const bob = await world.join(ann, 'Bob')
  await changeRole(ann.group, bob.group.self, 'admin')
  await bring(ann, bob)
  await ann.addChannel('the one that is followed')
  const followed = ann.group.tip.row.tip
  const epochs = () => ann.store.mls.epochs(SPACE).length
  const ever = KEPT_EPOCHS.atMost + KEPT_EPOCHS.aside
  while (epochs() <= ever) {
    await renameSpace(bob.group, `number ${epochs()}`)
    expect(await receiveObject(ann.group, lastObject(bob))).toBe('stored')
  }
  expect(await reconsider(ann.group)).toEqual({ kind: 'same' })
  expect(ann.group.tip.row.tip).toBe(followed)
  expect(epochs()).toBeLessThan(KEPT_EPOCHS.aside + 10)
  expect(ann.store.commits.of(SPACE).length).toBeLessThan(KEPT_EPOCHS.aside + 10)
})
