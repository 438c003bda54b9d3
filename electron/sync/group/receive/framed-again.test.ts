import { beforeEach, expect, it } from 'vitest'
import { bring, lastObject, makeWorld, SPACE, writtenBy } from '../../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../../testing/fixtures/group-world.ts'
import { framedAgain } from '../../../testing/mls/framed-again.ts'
import { reconsider } from '../../fork-resolution/reconsider.ts'
import { receiveObject, receiveObjects } from './receive-objects.ts'

let world: World
let ann: Device
let bob: Device
let mallory: Device
beforeEach(async () => {
  world = await makeWorld('framed again')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob', 'admin')
  mallory = await world.join(ann, 'Mallory')
  await bring(ann, bob)
})

const commitsOf = ({ store }: Device) => store.commits.of(SPACE).length

it('T9: a commit that another member framed once more is the same one, in whatever order the two come', async () => {
  await ann.addChannel('music')
  const first = lastObject(ann)
  const again = await framedAgain(mallory, first)
  const [hers, his] = [commitsOf(mallory), commitsOf(bob)]
  expect(await receiveObject(mallory.group, again)).toBe('stored')
  expect(commitsOf(mallory)).toBe(hers)
  expect(await receiveObject(bob.group, again)).toBe('stored')
  expect(await receiveObject(bob.group, first)).toBe('stored')
  expect(commitsOf(bob)).toBe(his + 1)
  expect(bob.group.tip.row.tip).toBe(ann.group.tip.row.tip)
})

it('T9: nothing that comes with both is lost', async () => {
  await ann.addChannel('music')
  const first = lastObject(ann)
  const again = await framedAgain(mallory, first)
  await ann.send('after it')
  const [said] = writtenBy(ann).slice(-1)
  if (said === undefined) throw new Error('nothing was said')
  expect(await receiveObjects(bob.group, [again, first, said])).toEqual(['stored', 'stored', 'stored'])
  expect(bob.texts()).toEqual(['after it'])
  await ann.send('and more')
  await bring(ann, bob)
  expect(bob.texts()).toEqual(['after it', 'and more'])
})

it('T9: nor on a branch that lies beside', async () => {
  await ann.addChannel('music')
  const first = lastObject(ann)
  const again = await framedAgain(mallory, first)
  await bob.addChannel('sports')
  expect(await receiveObject(bob.group, first)).toBe('stored')
  expect(await receiveObject(bob.group, again)).toBe('stored')
  await bring(bob, ann)
  for (const device of [ann, bob]) await reconsider(device.group)
  expect(bob.group.tip.row.tip).toBe(ann.group.tip.row.tip)
})
