import { beforeEach, describe, expect, it } from 'vitest'
import type { MemberId } from '../../../shared/domain/ids.ts'
import type { ObjectRow } from '../../ports/store.ts'
import { bring, lastObject, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { needOf, needOfAnothers } from './which-objects.ts'
import type { Around } from './which-objects.ts'

/** SPEC.md M4. */
let world: World
let ann: Device
let bob: Device
beforeEach(async () => {
  world = await makeWorld('which objects')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob', 'admin')
})

const around = (connected: readonly Device[], haveAll = false): Around => ({
  connected: new Set<MemberId>(connected.map(({ group }) => group.self)),
  allHave: () => haveAll,
})
const newest = (): ObjectRow => {
  const row = ann.store.objects.get(lastObject(ann).objectId)
  if (row === null) throw new Error('it is stored')
  return row
}

describe('a message', () => {
  beforeEach(() => ann.send('hello'))

  it('is put where somebody lacks it who is not connected, until they have it', () => {
    expect(needOf(ann.group, newest(), around([]))).toBe('put')
    const { objectId, groupId } = newest()
    ann.store.transaction((tx) => tx.deliveries.ack(objectId, bob.group.self, 7))
    expect(ann.store.deliveries.owedTo(groupId, bob.group.self, 9)).toEqual([])
    expect(needOf(ann.group, newest(), around([]))).toBe('none')
  })

  it('is put where somebody is connected, and has not taken it after a minute', () => {
    world.clock.advance(59_999)
    expect(needOf(ann.group, newest(), around([bob]))).toBe('open')
    world.clock.advance(1)
    expect(needOf(ann.group, newest(), around([bob]))).toBe('put')
  })
})

it('a message that is owed to nobody is put where anybody is away', async () => {
  await ann.group.acknowledge()
  expect(needOf(ann.group, newest(), around([bob]))).toBe('none')
  expect(needOf(ann.group, newest(), around([]))).toBe('put')
})

it('a commit is put until everybody said that they have it', async () => {
  await ann.addChannel('music')
  expect(needOf(ann.group, newest(), around([]))).toBe('put')
  expect(needOf(ann.group, newest(), around([bob]))).toBe('open')
  world.clock.advance(60_000)
  expect(needOf(ann.group, newest(), around([bob]))).toBe('put')
  expect(needOf(ann.group, newest(), around([], true))).toBe('none')
})

describe("another's commit", () => {
  /** Of Bob's store: Ann made it. */
  const hers = (): ObjectRow => {
    const row = bob.store.objects.get(lastObject(bob).objectId)
    if (row === null) throw new Error('it is stored')
    return row
  }
  beforeEach(async () => {
    await ann.addChannel('music')
    await bring(ann, bob)
  })

  it('goes before what is put of ours, for a day, unless its author is there', () => {
    expect(needOfAnothers(bob.group, hers(), around([]))).toBe('first')
    expect(needOfAnothers(bob.group, hers(), around([ann]))).toBe('open')
    world.clock.advance(60_000)
    expect(needOfAnothers(bob.group, hers(), around([ann]))).toBe('none')
    expect(needOfAnothers(bob.group, hers(), around([]))).toBe('first')
    world.clock.advance(24 * 3_600_000)
    expect(needOfAnothers(bob.group, hers(), around([]))).toBe('none')
  })

  it('does, of a branch that is not followed as well: the one that is followed may be the second to come', async () => {
    await Promise.all([ann.addChannel('art'), bob.addChannel('books')])
    await bring(ann, bob)
    const theirs = bob.store.objects
      .headsSince(SPACE, 0, null, 100)
      .filter(({ sender, kind }) => kind === 'commit' && sender === ann.group.self)
    const rows = theirs.flatMap(({ objectId }) => bob.store.objects.get(objectId) ?? [])
    expect(rows).toHaveLength(2)
    for (const row of rows) expect(needOfAnothers(bob.group, row, around([]))).toBe('first')
  })

  it('does not if it is a message', async () => {
    await ann.send('hello')
    await bring(ann, bob)
    expect(needOfAnothers(bob.group, hers(), around([]))).toBe('none')
  })
})
