import { beforeEach, describe, expect, it } from 'vitest'
import type { Eid, ObjectId } from '../../../shared/domain/ids.ts'
import { bring, lastObject, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { receiveObject } from '../group/receive/receive-objects.ts'
import { groupFrontier } from './group-frontier.ts'
import { hasAll } from './has-all.ts'

let world: World
let ann: Device
let bob: Device
beforeEach(async () => {
  world = await makeWorld('has-all')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
})

const frontierOf = ({ group }: Device) => groupFrontier(group)
/** What Ann finds of Bob, and Bob of Ann. */
const both = () => [hasAll(ann.group, bob.group.self, frontierOf(bob)), hasAll(bob.group, ann.group.self, frontierOf(ann))]
const heldByBob = (objectId: ObjectId) => ann.store.transaction((tx) => tx.deliveries.ack(objectId, bob.group.self, 1))

describe('who says what they have certainly has all that is here', () => {
  it('where both have the same, and one that came later', async () => {
    expect(both()).toEqual([true, true])
    await ann.send('hello')
    await bring(ann, bob)
    heldByBob(lastObject(ann).objectId)
    await ann.addChannel('music')
    await bring(ann, bob)
    await world.join(ann, 'Carol')
    await bring(ann, bob)
    expect(both()).toEqual([true, true])
  })

  it('not while they lack a message', async () => {
    await ann.send('hello')
    expect(both()).toEqual([false, true])
  })

  it('not while it is not known that they have what they are owed, though they say so', async () => {
    await ann.send('hello')
    await bring(ann, bob)
    expect(both()).toEqual([false, true])
    heldByBob(lastObject(ann).objectId)
    expect(both()).toEqual([true, true])
  })

  it('not while they are elsewhere', async () => {
    await ann.addChannel('music')
    expect(both()).toEqual([false, false])
  })

  it('not while they lack a branch that lost, nor where it is not followed yet', async () => {
    const carol = await world.join(ann, 'Carol', 'admin')
    await bring(ann, bob)
    await ann.addChannel('ours')
    await carol.addChannel('theirs')
    await bring(ann, bob)
    expect(both()).toEqual([true, true])
    await receiveObject(ann.group, lastObject(carol))
    expect(both()[0]).toBe(false)
    await bring(ann, bob)
    expect(hasAll(ann.group, bob.group.self, frontierOf(bob))).toBe(frontierOf(bob).eid === ann.group.tip.row.tip)
  })

  it('not while they lack a commit that nobody here can follow, as one that removes this device is (T6)', () => {
    const { groupId, tip } = ann.group
    const row = { objectId: 'ab'.repeat(32) as ObjectId, groupId, parent: tip.row.tip, child: 'cd'.repeat(16) as Eid }
    ann.store.transaction((tx) => tx.commits.put({ ...row, author: bob.group.self, authorLeaf: 1, removes: [ann.group.self] }))
    expect(hasAll(ann.group, bob.group.self, frontierOf(bob))).toBe(false)
  })

  it('not where they came in more than once: what was between may be lacking', () => {
    const again = { ...frontierOf(bob), roots: [...frontierOf(bob).roots, ...frontierOf(ann).roots] }
    expect(again.roots).toHaveLength(2)
    expect(hasAll(ann.group, bob.group.self, again)).toBe(false)
  })
})

describe('what is here', () => {
  it('is read once for as long as nothing is written, and again after that', async () => {
    const before = frontierOf(ann)
    expect(frontierOf(ann)).toBe(before)
    await ann.send('hello')
    expect(frontierOf(ann)).not.toBe(before)
    expect(frontierOf(ann).senders).toEqual([{ memberId: ann.group.self, seq: 1 }])
  })

  it('is of the tip as it is, also where it was asked for while that was being stored', () => {
    const { group } = ann
    const { tip } = group
    group.commitTip({ ...tip, row: { ...tip.row, sentSeq: 5 } }, () => void frontierOf(ann))
    expect(frontierOf(ann).senders[0]?.seq).toBe(5)
  })

  it('is not what a write said that was undone', () => {
    const { store, group } = ann
    const before = frontierOf(ann)
    const doomed = () =>
      store.transaction((tx) => {
        tx.senders.put({ groupId: SPACE, memberId: bob.group.self, seq: 7, ahead: [], lastObject: null })
        expect(groupFrontier(group).senders).toContainEqual({ memberId: bob.group.self, seq: 7 })
        throw new Error('planned')
      })
    expect(doomed).toThrow('planned')
    expect(frontierOf(ann)).toEqual(before)
  })
})
