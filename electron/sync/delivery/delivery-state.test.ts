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
    expect(deliveryOf(acks.map(row), null)).toEqual({ state, delivered, recipients: acks.length, reason: null })
  })

  it('that failed says why, whoever has it', () => {
    expect(deliveryOf([row(true, 1)], 'too old')).toEqual({ state: 'failed', delivered: 1, recipients: 1, reason: 'too old' })
  })

  it('counts an acknowledgement at the beginning of time', () => {
    expect(deliveryOf([{ ...row(true, 1), ackedAt: 0 }], null).state).toBe('delivered')
  })
})
