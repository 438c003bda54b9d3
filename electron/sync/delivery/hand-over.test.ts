import { beforeEach, describe, expect, it } from 'vitest'
import type { Eid, GroupId, MemberId, MessageId, ObjectId } from '../../../shared/domain/ids.ts'
import type { HandOver, ObjectAck } from '../../ports/wire.ts'
import { bring, general, lastObject, makeWorld, objectsOf, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { groupFrontier } from '../anti-entropy/group-frontier.ts'
import { missing } from '../anti-entropy/sender-chain.ts'
import { encodeContent } from '../content/mimi-content.ts'
import { receiveObject } from '../group/receive/receive-objects.ts'
import { removeMember } from '../members/remove-member.ts'
import { deliveryOf } from './delivery-state.ts'
import { Fillings } from './fillings.ts'
import { handOver } from './hand-over.ts'
import { takeHanded } from './take-handed.ts'

let world: World
let ann: Device
let bob: Device
let carol: Device
beforeEach(async () => {
  world = await makeWorld('handed over')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
  carol = await world.join(ann, 'Carol')
  await bring(ann, bob)
})

const rowOf = ({ store }: Device, id: MessageId) => {
  const row = store.messages.get(id)
  if (row === null) throw new Error('the message is stored')
  return row
}
const stateOf = (device: Device, id: MessageId) => {
  const { objectId, failure } = rowOf(device, id)
  return deliveryOf(device.store.deliveries.of(objectId), failure)
}
const taking =
  (to: Device, from: Device) =>
  ({ contents }: HandOver): Promise<ObjectAck[]> =>
    takeHanded(to.group, from.group.self, contents)
const give = (from: Device, to: Device, ids: readonly MessageId[], by = taking(to, from)) =>
  handOver(
    from.group,
    to.group.self,
    ids.map((id) => rowOf(from, id)),
    by,
  )
const gaps = (device: Device, of: Device): number => {
  const chain = device.store.senders.get(SPACE, of.group.self)
  return chain === null ? 0 : missing(chain)
}

describe('a message that is handed over', () => {
  it('is there like any other, closes the gap it left, and is delivered; nobody else is ever brought it', async () => {
    const [first, second] = [await ann.send('for you'), await ann.send('for all')]
    await receiveObject(bob.group, lastObject(ann))
    expect(gaps(bob, ann)).toBe(1)
    const before = objectsOf(bob).length
    bob.events.length = 0
    expect(await give(ann, bob, [first])).toBe(true)
    expect(bob.texts()).toEqual(['for you', 'for all'])
    expect([gaps(bob, ann), bob.store.messages.unread(general(bob)), bob.events]).toEqual([0, 2, ['message']])
    expect(bob.store.messages.sharerOf(rowOf(bob, first).objectId)).toBe(ann.group.self)
    expect(stateOf(ann, first)).toMatchObject({ state: 'held', delivered: 1 })
    expect(stateOf(ann, second)).toMatchObject({ state: 'stored' })
    expect(objectsOf(bob)).toHaveLength(before)
  })

  it('twice, or after it came the usual way, or before, is there once', async () => {
    const id = await ann.send('hello')
    await give(ann, bob, [id])
    await give(ann, bob, [id])
    await bring(ann, bob)
    await bring(ann, carol)
    await give(ann, carol, [id])
    expect([bob.texts(), carol.texts()]).toEqual([['hello'], ['hello']])
    expect(stateOf(ann, id).state).toBe('delivered')
    bob.restart()
    expect(bob.texts()).toEqual(['hello'])
  })

  it('is still owed where either side failed to store it, and comes the next time', async () => {
    const id = await ann.send('hello')
    bob.store.failNext()
    await expect(give(ann, bob, [id])).rejects.toThrow('the disk is full')
    expect([bob.texts(), stateOf(ann, id).state]).toEqual([[], 'stored'])
    ann.store.failNext()
    await expect(give(ann, bob, [id])).rejects.toThrow('the disk is full')
    expect([bob.texts(), stateOf(ann, id).state]).toEqual([['hello'], 'stored'])
    await give(ann, bob, [id])
    expect([bob.texts(), stateOf(ann, id).state]).toEqual([['hello'], 'held'])
  })

  it('goes in parts that the protocol allows, and what was put off is said to be', async () => {
    const ids: MessageId[] = []
    for (let n = 0; n < 70; n++) ids.push(await ann.send(`${n} ${'x'.repeat(n < 66 ? 10 : 20_000)}`))
    const sizes: number[] = []
    const by = (given: HandOver) => {
      sizes.push(given.contents.length)
      return sizes.length === 2 ? Promise.resolve(given.contents.map((): ObjectAck => 'later')) : taking(bob, ann)(given)
    }
    expect(await give(ann, bob, ids, by)).toBe(false)
    expect(sizes).toEqual([64, 4, 2])
    expect(await give(ann, bob, ids)).toBe(true)
    expect(bob.texts()).toHaveLength(70)
  })

  it('is not given to somebody who was removed meanwhile', async () => {
    const id = await ann.send('hello')
    await removeMember(ann.group, carol.group.self)
    let asked = 0
    await give(ann, carol, [id], () => {
      asked++
      return Promise.resolve(['stored'])
    })
    expect(asked).toBe(0)
  })

  it('says why it stays where the other side will never take it', async () => {
    const id = await ann.send('hello')
    expect(await give(ann, bob, [id], () => Promise.resolve(['rejected']))).toBe(true)
    expect(stateOf(ann, id)).toMatchObject({ state: 'failed', reason: expect.stringContaining('could not take it') as unknown })
  })
})

describe('a gap that nothing will fill', () => {
  let before: Eid
  let lacking: MessageId
  const canRead = (eid: Eid) => eid !== before
  const fillings = (can: (eid: Eid) => boolean | undefined, theirs = groupFrontier(bob.group)) =>
    new Fillings().of(ann.group, { memberId: bob.group.self, theirs, canRead: can })
  const given = (contents: Uint8Array[]) => takeHanded(bob.group, ann.group.self, contents)

  beforeEach(async () => {
    before = ann.group.tip.row.tip
    lacking = await ann.send('first')
    await ann.addChannel('more')
    await ann.send('for all')
    const isLacking = (objectId: ObjectId) => objectId === rowOf(ann, lacking).objectId
    for (const { objectId, bytes, eid } of objectsOf(ann))
      if (!isLacking(objectId) && !bob.store.objects.has(SPACE, objectId)) await receiveObject(bob.group, { eid, bytes })
    expect([bob.texts(), gaps(bob, ann)]).toEqual([['for all'], 1])
  })
  const wasForNobody = () => ann.store.transaction((tx) => tx.deliveries.forgive(SPACE, bob.group.self))

  it('is closed by who left it, for one who could not read what was there and whom it was not for; nothing is shown', async () => {
    wasForNobody()
    const contents = fillings(canRead)
    expect(contents).toHaveLength(1)
    for (let twice = 0; twice < 2; twice++) expect(await given(contents)).toEqual(['stored'])
    expect([bob.texts(), gaps(bob, ann), fillings(canRead)]).toEqual([['for all'], 0, []])
  })

  it('is filled with what was there, for one who had it and lost it', async () => {
    ann.store.transaction((tx) => tx.deliveries.ack(rowOf(ann, lacking).objectId, bob.group.self, 1))
    expect(await given(fillings(canRead))).toEqual(['stored'])
    expect([bob.texts(), gaps(bob, ann)]).toEqual([['first', 'for all'], 0])
  })

  it('is closed where what they have was encrypted once more, after it was given to them, in an epoch that they cannot read', async () => {
    await give(ann, bob, [lacking])
    await ann.group.exclusive(() => ann.group.sendAgain(rowOf(ann, lacking)))
    const again = lastObject(ann)
    await ann.addChannel('even more')
    await ann.send('last')
    const isAgain = (objectId: ObjectId) => objectId === again.objectId
    for (const { objectId, bytes, eid } of objectsOf(ann)) if (!isAgain(objectId)) await receiveObject(bob.group, { eid, bytes })
    expect(gaps(bob, ann)).toBe(1)
    expect(await given(fillings((eid) => eid !== again.eid))).toEqual(['stored', 'stored'])
    expect([bob.texts(), gaps(bob, ann)]).toEqual([['first', 'for all', 'last'], 0])
  })

  it('is left where it is owed, where they can read what is there, and where they may come to', () => {
    expect(fillings(canRead)).toEqual([])
    wasForNobody()
    expect(fillings(() => true)).toEqual([])
    const elsewhere = { ...groupFrontier(bob.group), eid: 'ee'.repeat(16) as Eid }
    expect(fillings((eid) => (eid === before ? undefined : true), elsewhere)).toEqual([])
  })

  it('is left where nobody knows any more whom it was for', () => {
    ann.store.transaction((tx) => tx.objects.prune(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER))
    expect(fillings(canRead)).toEqual([])
  })
})

describe('somebody who hands over what is not theirs to give', () => {
  const EXTENSIONS = { seq: 1, prev: null, lamport: 5, sentAt: 5 }
  const content = (changes: Partial<Parameters<typeof encodeContent>[0]> = {}) =>
    encodeContent({
      salt: new Uint8Array(16).fill(7),
      inReplyTo: null,
      topicId: Buffer.from(general(bob), 'hex'),
      extensions: EXTENSIONS,
      text: 'mine',
      ...changes,
    })
  const take = async (author: MemberId, ...contents: Uint8Array[]) => {
    const acks = await takeHanded(bob.group, author, contents)
    return { acks, heard: bob.texts() }
  }

  it('is refused as a stranger, as this device itself, and where it is no message', async () => {
    const stranger = 'ee'.repeat(16) as MemberId
    expect(await take(stranger, content())).toEqual({ acks: ['rejected'], heard: [] })
    expect(await take(bob.group.self, content())).toEqual({ acks: ['rejected'], heard: [] })
    const note = { message: new Uint8Array(16), from: 1, to: 1 }
    const nothing = content({ text: null, read: [note] })
    const uncounted = content({ extensions: { ...EXTENSIONS, seq: 2 ** 32 } })
    expect(await take(carol.group.self, Uint8Array.of(1), nothing, uncounted)).toEqual({
      acks: ['rejected', 'rejected', 'rejected'],
      heard: [],
    })
  })

  it('writes in no channel that is not of this group, now or ever', async () => {
    const other = 'c9'.repeat(16)
    expect(await take(carol.group.self, content({ topicId: Buffer.from(other, 'hex') }))).toEqual({ acks: ['later'], heard: [] })
    const elsewhere = 'a9'.repeat(16) as GroupId
    bob.store.transaction((tx) =>
      tx.directory.replace({ groupId: elsewhere, name: 'Other', createdAt: 1, kind: 'space', parent: null }, [], []),
    )
    expect((await take(carol.group.self, content())).acks).toEqual(['stored'])
    expect(bob.store.messages.page(general(bob), 9, null).messages.map((m) => m.author)).toEqual([carol.group.self])
  })

  it('is not believed a clock that is far ahead, and takes nobody’s message away', async () => {
    const id = await ann.send('hers')
    await bring(ann, bob)
    const stolen = content({ salt: Buffer.from(id, 'hex'), extensions: { ...EXTENSIONS, lamport: 2 ** 50 } })
    expect((await take(carol.group.self, stolen)).acks).toEqual(['stored'])
    expect(rowOf(bob, id).author).toBe(ann.group.self)
    expect(bob.store.messages.newestLamport(SPACE)).toBeLessThanOrEqual(world.clock.now() + 300_000)
  })
})
