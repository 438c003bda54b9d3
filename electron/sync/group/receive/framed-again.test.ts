import { beforeEach, expect, it } from 'vitest'
import { fromHex } from '../../../kernel/bytes.ts'
import { toCbor } from '../../../kernel/cbor.ts'
import { bring, lastObject, makeWorld, SPACE, writtenBy } from '../../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../../testing/fixtures/group-world.ts'
import { framedAgain } from '../../../testing/mls/framed-again.ts'
import type { WireObject } from '../../../ports/wire.ts'
import { objectIdOf } from '../object-id.ts'
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

/** Mallory makes it out of what she has, and follows the commit herself. */
async function madeBy({ group }: Device, commit: WireObject): Promise<WireObject> {
  const again = await framedAgain(world.engine, group.tip.state, commit)
  if (again === null) throw new Error('it could not be opened')
  expect(objectIdOf(again.bytes)).not.toBe(objectIdOf(commit.bytes))
  expect(await receiveObject(group, commit)).toBe('stored')
  return again
}

const commitsOf = ({ store }: Device) => store.commits.of(SPACE).length

it('T9: a commit that another member framed once more is the same one, in whatever order the two come', async () => {
  await ann.addChannel('music')
  const first = lastObject(ann)
  const again = await madeBy(mallory, first)
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
  const again = await madeBy(mallory, first)
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
  const again = await madeBy(mallory, first)
  await bob.addChannel('sports')
  expect(await receiveObject(bob.group, first)).toBe('stored')
  expect(await receiveObject(bob.group, again)).toBe('stored')
  await bring(bob, ann)
  for (const device of [ann, bob]) await reconsider(device.group)
  expect(bob.group.tip.row.tip).toBe(ann.group.tip.row.tip)
})

it('C8: two commits by one leaf are chosen between alike by who has them as other objects', async () => {
  const { row, state } = mallory.group.tip
  const made = async (): Promise<WireObject> => {
    const commit = await world.engine.commit(state, { authenticatedData: toCbor([1, fromHex(row.tip)]) })
    if (!commit.ok) throw new Error(commit.error.detail)
    return { eid: row.tip, bytes: commit.value.commit }
  }
  const [one, other] = [await made(), await made()]
  const isFirst = ({ bytes }: WireObject): boolean => objectIdOf(bytes) < objectIdOf(other.bytes)
  const framings = await Promise.all(Array.from({ length: 40 }, (_, nth) => framedAgain(world.engine, state, one, nth + 1)))
  const again = framings.find((framing) => framing !== null && isFirst(framing) !== isFirst(one))
  if (again == null) throw new Error('one of forty lies on the other side')
  expect(await receiveObjects(ann.group, [one, other])).toEqual(['stored', 'stored'])
  expect(await receiveObjects(bob.group, [again, other])).toEqual(['stored', 'stored'])
  for (const device of [ann, bob]) await reconsider(device.group)
  expect(bob.group.tip.row.tip).toBe(ann.group.tip.row.tip)
})
