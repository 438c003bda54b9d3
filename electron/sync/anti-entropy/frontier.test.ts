import { describe, expect, it } from 'vitest'
import type { Eid, GroupId, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { GroupRow, ObjectRow, SenderRow } from '../../ports/store.ts'
import type { Frontier } from '../../ports/wire.ts'
import { encodeFrontier, decodeFrontier } from '../../network/protocols/frontier/frontier.ts'
import { idOf } from '../../testing/fixtures/space-settings.ts'
import { beginningOf } from './era.ts'
import { bareFrontier, frontierOf, lacks, lacksNoMessage } from './frontier.ts'

const groupId = idOf<GroupId>(1)
const self = idOf<MemberId>(2)
const [ann, bob] = [idOf<MemberId>(3), idOf<MemberId>(4)]
const group: GroupRow = {
  groupId,
  tip: idOf<Eid>(5),
  epoch: 7,
  joinedEpoch: 3,
  selfMemberId: self,
  sentSeq: 9,
  sentObject: null,
  returning: false,
  createdAt: 0,
}
const sender = (memberId: MemberId, seq: number, ahead: number[] = []): SenderRow => ({ groupId, memberId, seq, ahead, lastObject: null })

const here = (...known: Eid[]) => ({ roots: known.slice(-1), known })

describe('our frontier', () => {
  it('tells what is complete of each sender, and of ourselves what we sent', () => {
    expect(frontierOf(group, [sender(ann, 4, [6, 6]), sender(self, 2)], here(group.tip))).toEqual({
      ...here(group.tip),
      groupId,
      eid: group.tip,
      epoch: 7,
      joinedEpoch: 3,
      senders: [
        { memberId: self, seq: 9 },
        { memberId: ann, seq: 4, ahead: [6, 6] },
      ],
    })
  })

  it('stays within what may travel in a very large group, and never leaves ourselves out', () => {
    const many = Array.from({ length: 400 }, (_, i) => sender(i.toString(16).padStart(32, '0') as MemberId, 1))
    const ours = frontierOf(group, many, here())
    expect(decodeFrontier(encodeFrontier(ours))).toEqual(ours)
    expect(ours.senders).toContainEqual({ memberId: self, seq: 9 })
  })

  it('names a bounded number of runs, the newest of each sender first', () => {
    const runs = Array.from({ length: 40 }, (_, i) => 2 * i + 2)
    const many = Array.from({ length: 300 }, (_, i) => sender(i.toString(16).padStart(32, '0') as MemberId, 1, runs))
    const ours = frontierOf(group, many, here())
    expect(decodeFrontier(encodeFrontier(ours))).toEqual(ours)
    expect(ours.senders.flatMap((s) => s.ahead ?? [])).toHaveLength(128)
    expect(ours.senders[1]?.ahead).toEqual(runs.slice(-16))
  })

  it('of one that came back tells what it counted since, beside what it had or got back of before', () => {
    const [first, last] = [beginningOf(6) + 1, beginningOf(6) + 3]
    const back = { ...group, sentSeq: last }
    expect(frontierOf(back, [sender(self, 5, [8, 9])], here()).senders).toEqual([{ memberId: self, seq: 5, ahead: [8, 9, first, last] }])
    expect(frontierOf({ ...back, sentSeq: first - 1 }, [sender(self, 5)], here()).senders).toEqual([{ memberId: self, seq: 5 }])
  })

  it('names the epochs it is told to', () => {
    expect(frontierOf(group, [], here(group.tip, idOf<Eid>(9)))).toMatchObject(here(group.tip, idOf<Eid>(9)))
  })

  it('shows somebody unknown where we stand and nothing of who wrote what', () => {
    expect(bareFrontier(group, here(group.tip))).toEqual({
      groupId,
      eid: group.tip,
      epoch: 7,
      joinedEpoch: 7,
      ...here(group.tip),
      senders: [],
    })
  })
})

const object = (changes: Partial<ObjectRow>): ObjectRow => ({
  objectId: 'f'.repeat(64) as ObjectId,
  groupId,
  kind: 'message',
  eid: idOf<Eid>(5),
  epoch: 7,
  sender: ann,
  senderSeq: 1,
  bytes: new Uint8Array(),
  storedAt: 0,
  ...changes,
})
const commit = (epoch: number) => object({ kind: 'commit', senderSeq: null, epoch })

describe('what another lacks', () => {
  const senders = [
    { memberId: bob, seq: 50 },
    { memberId: ann, seq: 3, ahead: [6, 8] },
  ]
  const theirs: Frontier = { groupId, eid: idOf<Eid>(6), epoch: 5, joinedEpoch: 4, ...here(), senders }
  const lacking = lacks(theirs, { held: null, readable: null, apart: false })

  it.each<[string, ObjectRow, boolean]>([
    ['the commit that leads out of its epoch', commit(5), true],
    ['a later commit', commit(6), true],
    ['a commit it followed', commit(4), false],
    ['a message after the last it has', object({ senderSeq: 4 }), true],
    ['the last message it has', object({ senderSeq: 3 }), false],
    ['the first message of a sender it has nothing of', object({ sender: self, senderSeq: 1 }), true],
    ['a message of the epoch it joined in', object({ epoch: 4, senderSeq: 4 }), true],
    ['a message from before it joined, which it could not read', object({ epoch: 3, senderSeq: 4 }), false],
    ['a message it has although one before it is missing', object({ senderSeq: 7 }), false],
    ['a message after those', object({ senderSeq: 9 }), true],
    ['a message of its own', object({ sender: bob, senderSeq: 50 }), false],
    ['a message of its own that it has lost', object({ sender: bob, senderSeq: 51 }), true],
    ['its own commit after a rollback', { ...commit(6), sender: bob }, true],
  ])('%s', (_, row, expected) => {
    expect(lacking(row)).toBe(expected)
  })
})

describe('of one who is in an epoch that is not known here', () => {
  const theirs: Frontier = { groupId, eid: idOf<Eid>(6), epoch: 5, joinedEpoch: 4, ...here(), senders: [] }

  it('no number says which commits it lacks, also those that are only carried here: it may be on another branch since long ago', () => {
    expect([commit(2), commit(4), commit(5)].map(lacks(theirs, { held: null, readable: null, apart: true }))).toEqual([true, true, true])
  })

  it('nor does it where both know epochs of before: what is carried may be of a time in which this device was out', () => {
    const [known, carried] = [
      { ...commit(4), objectId: '1'.repeat(64) as ObjectId },
      { ...commit(4), objectId: '2'.repeat(64) as ObjectId },
    ]
    const held = new Map([[known.objectId, true]])
    expect([known, carried].map(lacks(theirs, { held, readable: null, apart: true }))).toEqual([false, true])
  })
})

describe('commits that are edges of our tree', () => {
  const theirs: Frontier = { groupId, eid: idOf<Eid>(6), epoch: 5, joinedEpoch: 4, ...here(), senders: [] }
  const edge = (n: number, epoch: number) => ({ ...commit(epoch), objectId: String(n).repeat(64) as ObjectId })

  it('are lacking or not whatever their number says', () => {
    const held = new Map([
      [edge(1, 2).objectId, false],
      [edge(2, 9).objectId, true],
    ])
    expect([edge(1, 2), edge(2, 9), edge(3, 4), edge(4, 5)].map(lacks(theirs, { held, readable: null, apart: false }))).toEqual([
      true,
      false,
      false,
      true,
    ])
  })

  it('and all else of an epoch that the other cannot read is kept from it', () => {
    const [readable, other] = [idOf<Eid>(5), idOf<Eid>(8)]
    const ours = {
      apart: false,
      held: new Map([[edge(1, 5).objectId, false]]),
      readable: new Map([
        [readable, true],
        [other, false],
      ]),
    }
    const objects = [edge(1, 5), { ...edge(1, 5), eid: other }, object({ senderSeq: 4 }), object({ senderSeq: 4, eid: other })]
    expect(objects.map(lacks(theirs, ours))).toEqual([true, false, true, false])
  })
})

describe('who has every message that is here', () => {
  const theirs = (...senders: [MemberId, number, number[]?][]): Frontier => ({
    ...frontierOf(group, [], here()),
    senders: senders.map(([memberId, seq, ahead]) => ({ memberId, seq, ...(ahead && { ahead }) })),
  })
  const senders = [sender(ann, 4, [6, 6]), sender(bob, 0)]

  it('has them of each sender, and ours', () => {
    expect(lacksNoMessage(theirs([self, 9], [ann, 4, [6, 8]]), group, senders)).toBe(true)
    expect(lacksNoMessage(theirs([self, 12], [ann, 6], [bob, 1]), group, senders)).toBe(true)
  })

  it('is nobody who lacks one, of whomever', () => {
    for (const frontier of [
      theirs([self, 8], [ann, 6]),
      theirs([ann, 6]),
      theirs([self, 9]),
      theirs([self, 9], [ann, 4]),
      theirs([self, 9], [ann, 3, [6, 6]]),
      theirs([self, 9], [ann, 2, [4, 6]]),
    ])
      expect(lacksNoMessage(frontier, group, senders)).toBe(false)
  })
})
