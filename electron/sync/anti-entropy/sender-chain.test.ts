import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Eid, GroupId, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { GroupRow, SenderRow } from '../../ports/store.ts'
import { idOf } from '../../testing/fixtures/space-settings.ts'
import { beginningOf } from './era.ts'
import { advance, isHeldBy, missing, ownChain } from './sender-chain.ts'
import type { ChainLink } from './sender-chain.ts'

const groupId = idOf<GroupId>(1)
const memberId = idOf<MemberId>(2)
/** The epoch in which message `seq` was sent, and what it says of the one before. */
const link = (seq: number, epochOf: (seq: number) => number): ChainLink => ({
  groupId,
  memberId,
  objectId: `${seq}`.padStart(64, '0') as ObjectId,
  seq,
  prev: seq === 1 ? null : { epoch: epochOf(seq - 1) },
})
const always = () => 0
const take = (links: readonly ChainLink[], joined = 0): SenderRow | null =>
  links.reduce<SenderRow | null>((row, next) => advance(row, next, joined), null)
const state = (row: SenderRow | null) => row && { seq: row.seq, ahead: row.ahead }
/** Every number of runs that are kept as from, to, from, to… */
const spelled = (ahead: readonly number[]): number[] =>
  ahead.flatMap((from, i) => (i % 2 === 0 ? Array.from({ length: (ahead[i + 1] ?? from) - from + 1 }, (_, n) => from + n) : []))

describe('what is here of a sender', () => {
  it('is all there exactly if each of it is', () => {
    const some = fc.uniqueArray(fc.integer({ min: 1, max: 9 }))
    const rowOf = (seqs: readonly number[]) => take(seqs.map((seq) => link(seq, always))) ?? { seq: 0, ahead: [] }
    fc.assert(
      fc.property(some, some, (here, there) => {
        expect(isHeldBy(rowOf(there), rowOf(here))).toBe(here.every((seq) => there.includes(seq)))
      }),
    )
  })

  it('comes to the same whatever the order and however often each arrives', () => {
    const some = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1 })
    const arrivals = some.chain((seqs) =>
      fc.tuple(fc.shuffledSubarray(seqs, { minLength: seqs.length }), fc.array(fc.constantFrom(...seqs)), fc.constant(seqs)),
    )
    fc.assert(
      fc.property(arrivals, ([order, again, seqs]) => {
        const sorted = seqs.toSorted((a, b) => a - b)
        const complete = sorted.findIndex((seq, i) => seq !== i + 1)
        const seq = complete === -1 ? sorted.length : complete
        const links = [...order, ...again].map((n) => link(n, always))
        const row = take(links)
        expect(row?.seq).toBe(seq)
        expect(spelled(row?.ahead ?? [])).toEqual(sorted.slice(seq))
      }),
    )
  })

  it('begins for a newcomer at the first message it can read, in whatever order the later ones come', () => {
    // Messages 1 to 3 are of epochs before the newcomer joined in epoch 5, so it never receives them.
    const epochOf = (seq: number) => (seq <= 3 ? 4 : seq <= 6 ? 5 : 6)
    fc.assert(
      fc.property(fc.shuffledSubarray([4, 5, 6, 7, 8], { minLength: 5 }), (order) => {
        const row = take(
          order.map((seq) => link(seq, epochOf)),
          5,
        )
        expect(state(row)).toEqual({ seq: 8, ahead: [] })
      }),
    )
  })

  it('counts nothing as complete for a newcomer before that first one is here', () => {
    const epochOf = (seq: number) => (seq <= 3 ? 4 : 5)
    const row = take([link(6, epochOf), link(5, epochOf)], 5)
    expect(state(row)).toEqual({ seq: 0, ahead: [5, 6] })
  })

  it('keeps a gap open when a later message says its predecessor is long gone', () => {
    // The sender pruned its own number 4, and tells epoch 0 for want of the true one.
    const pruned: ChainLink = { ...link(5, always), prev: { epoch: 0 } }
    expect(state(take([link(1, () => 2), link(2, () => 2), pruned], 2))).toEqual({ seq: 2, ahead: [5, 5] })
  })

  it('takes no more room for thousands that follow one that never comes', () => {
    const row = take(Array.from({ length: 5_000 }, (_, i) => link(i + 2, always)))
    expect(state(row)).toEqual({ seq: 0, ahead: [2, 5_001] })
  })

  it('names the newest object that completed it, and leaves its input alone', () => {
    const before: SenderRow = Object.freeze({ groupId, memberId, seq: 1, ahead: [], lastObject: link(1, always).objectId })
    expect(advance(before, link(2, always), 0)).toEqual({ ...before, seq: 2, lastObject: link(2, always).objectId })
    expect(advance(before, link(1, always), 0)).toEqual(before)
  })
})

describe('a sender that came back from an older copy', () => {
  const start = beginningOf(8)
  /** Its first message since names the last one it still knew of: number 2, of epoch 4. */
  const back = (n: number): ChainLink => ({ ...link(start + n, always), prev: { epoch: n === 1 ? 4 : 8 } })

  it('counts on from elsewhere, and what it lost before stays wanted', () => {
    const row = take([link(1, () => 4), link(2, () => 4), back(1), back(2)])
    expect(state(row)).toEqual({ seq: 2, ahead: [start + 1, start + 2] })
    expect(row && missing(row)).toBe(0)
    const found =
      row &&
      advance(
        row,
        link(3, () => 4),
        0,
      )
    expect(state(found)).toEqual({ seq: 3, ahead: [start + 1, start + 2] })
  })

  it('comes to the same whatever the order and however often each arrives', () => {
    const links = [link(1, () => 4), link(2, () => 4), link(3, () => 4), back(1), back(2), back(3)]
    fc.assert(
      fc.property(fc.shuffledSubarray(links, { minLength: 6 }), fc.array(fc.constantFrom(...links)), (order, again) => {
        expect(state(take([...order, ...again]))).toEqual({ seq: 3, ahead: [start + 1, start + 3] })
      }),
    )
  })

  it('is read by a newcomer from the first message of its time, and nothing before is missed', () => {
    const joined = 9
    const links = [4, 5, 6].map((n): ChainLink => ({ ...link(start + n, always), prev: { epoch: n === 4 ? 8 : 9 } }))
    fc.assert(
      fc.property(fc.shuffledSubarray(links, { minLength: 3 }), (order) => {
        const row = take(order, joined)
        expect(state(row)).toEqual({ seq: 0, ahead: [start + 1, start + 6] })
        expect(row && missing(row)).toBe(0)
      }),
    )
  })

  it('keeps a gap open when a later message says its predecessor is long gone', () => {
    const pruned: ChainLink = { ...back(5), prev: { epoch: 0 } }
    const row = take([back(1), pruned], 3)
    expect(state(row)).toEqual({ seq: 0, ahead: [start + 1, start + 1, start + 5, start + 5] })
    expect(row && missing(row)).toBe(3)
  })

  it('may do so again', () => {
    const again = beginningOf(20)
    const row = take([link(1, always), back(1), { ...link(again + 2, always), prev: { epoch: 20 } }])
    expect(state(row)).toEqual({ seq: 1, ahead: [start + 1, start + 1, again + 2, again + 2] })
    expect(row && missing(row)).toBe(1)
  })
})

describe('our own chain', () => {
  const own = (sentSeq: number): GroupRow => ({
    ...{ groupId, tip: idOf<Eid>(5), epoch: 9, joinedEpoch: 0, selfMemberId: memberId, sentSeq, sentObject: null },
    ...{ returning: false, createdAt: 0 },
  })
  const stored = (seq: number, ahead: number[] = []): SenderRow => ({ groupId, memberId, seq, ahead, lastObject: null })
  const start = beginningOf(8)

  it.each<[string, number, SenderRow | null, number, number[]]>([
    ['what was sent', 5, null, 5, []],
    ['nothing yet', 0, null, 0, []],
    ['and what others brought back of it', 5, stored(7, [9, 9]), 7, [9, 9]],
    ['where those brought less than this device has', 8, stored(3, [9, 9]), 9, []],
    ['back again, nothing sent since', start, stored(5), 5, []],
    ['back again', start + 2, stored(5, [7, 7]), 5, [7, 7, start + 1, start + 2]],
  ])('is %s', (_, sentSeq, row, seq, ahead) => {
    expect(state(ownChain(own(sentSeq), row))).toEqual({ seq, ahead })
  })
})

describe('missing', () => {
  it.each<[number, number[], number]>([
    [0, [], 0],
    [5, [], 0],
    [5, [7, 7], 1],
    [0, [3, 3], 2],
    [5, [7, 8, 12, 12], 4],
  ])('after %i with %j ahead: %i', (seq, ahead, expected) => {
    expect(missing({ groupId, memberId, seq, ahead, lastObject: null })).toBe(expected)
  })

  it('is what lies between the first and the last that is known, less what is here', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (seqs) => {
        const row = take(seqs.map((seq) => link(seq, always)))
        expect(row && missing(row)).toBe(Math.max(...seqs) - seqs.length)
      }),
    )
  })
})
