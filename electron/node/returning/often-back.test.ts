import { expect, it } from 'vitest'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { OftenBack } from './often-back.ts'

const [one, other] = ['one', 'other'] as GroupId[] as [GroupId, GroupId]
const MINUTE = 60_000

it('a device that is let in again and again within an hour is told so, once for so many times', () => {
  const clock = new FakeClock()
  const often = new OftenBack(clock)
  const back = (groupId = one) => {
    clock.advance(5 * MINUTE)
    return often.note(groupId)
  }
  expect([back(), back(), back(other), back(), back()]).toEqual([false, false, false, false, true])
  expect([back(), back(), back(), back()]).toEqual([false, false, false, true])
})

it('one that is let in again now and then is not', () => {
  const clock = new FakeClock()
  const often = new OftenBack(clock)
  const back = () => {
    clock.advance(21 * MINUTE)
    return often.note(one)
  }
  expect(Array.from({ length: 8 }, back)).not.toContain(true)
})
