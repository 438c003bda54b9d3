import { describe, expect, it } from 'vitest'
import type { GroupId, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { DeliveryRow } from '../../ports/store.ts'
import { deliveryOf } from './delivery-state.ts'

const row = (acked: boolean, i: number): DeliveryRow => ({
  objectId: 'o' as ObjectId,
  groupId: 'g' as GroupId,
  memberId: `${i}` as MemberId,
  ackedAt: acked ? 5 : null,
})

describe('the delivery of a message', () => {
  it.each([
    ['to nobody', [], 'stored', 0],
    ['that nobody has yet', [false, false], 'stored', 0],
    ['that one of two has', [true, false], 'held', 1],
    ['that all have', [true, true], 'delivered', 2],
    ['that the only one has', [true], 'delivered', 1],
  ] as const)('%s', (_, acks, state, delivered) => {
    expect(deliveryOf(acks.map(row), null)).toEqual({ state, delivered, read: 0, recipients: acks.length, reason: null })
  })

  it('that failed says why, whoever has it', () => {
    expect(deliveryOf([row(true, 1)], 'too old')).toEqual({ state: 'failed', delivered: 1, read: 0, recipients: 1, reason: 'too old' })
  })

  it('counts an acknowledgement at the beginning of time', () => {
    expect(deliveryOf([{ ...row(true, 1), ackedAt: 0 }], null).state).toBe('delivered')
  })

  it('is read once all who are there still and have it said so', () => {
    const of = (acked: boolean[], read: number[], gone: number[] = []) =>
      deliveryOf(acked.map(row), null, {
        isMember: (memberId) => !gone.map(String).includes(memberId),
        hasRead: (memberId) => read.map(String).includes(memberId),
      })
    expect(of([true, true], [0])).toMatchObject({ state: 'delivered', read: 1 })
    expect(of([true, true], [0, 1])).toMatchObject({ state: 'read', read: 2 })
    expect(of([true, true], [0], [1])).toMatchObject({ state: 'read', read: 1 })
    expect(of([true, false], [0, 1])).toMatchObject({ state: 'held', read: 1 })
    expect(of([true], [], [0])).toMatchObject({ state: 'delivered', read: 0 })
  })
})
