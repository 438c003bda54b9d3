import { beforeEach, describe, expect, it } from 'vitest'
import type { GroupId } from '../../../shared/domain/ids.ts'
import type { Courier } from '../../sync/delivery/courier.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { seededRandom } from '../../testing/mls/seeded.ts'
import { PassingOn } from './passing-on.ts'

const groupId = 'a0'.repeat(16) as GroupId

let clock: FakeClock
let passing: PassingOn
let compared: number[]
let answerMs: number
beforeEach(() => {
  clock = new FakeClock()
  answerMs = 0
  passing = new PassingOn(clock, seededRandom('passing on'), () => answerMs)
  compared = []
})

/** Couriers that note that they were asked to compare, and do nothing else. The first few were compared with meanwhile. */
const crowd = (size: number, notBehind = 0) => {
  const couriers: unknown = Array.from({ length: size }, (_, n) => ({ isBehind: n >= notBehind, compare: () => void compared.push(n) }))
  return () => couriers as Courier[]
}

describe('what came from others', () => {
  it('is told to nobody where its sender alone is connected', () => {
    passing.soon(groupId, crowd(1))
    clock.advance(60_000)
    expect(compared).toEqual([])
  })

  it('is told to all of a few, once for all that came meanwhile', () => {
    for (let n = 0; n < 5; n++) passing.soon(groupId, crowd(4))
    clock.advance(1_499)
    expect(compared).toEqual([])
    clock.advance(1)
    expect(compared.toSorted()).toEqual([0, 1, 2, 3])
    clock.advance(60_000)
    expect(compared).toHaveLength(4)
  })

  it('is told to four of many, other ones each time, and to all of them once in a while', () => {
    const couriers = crowd(24)
    const rounds: number[][] = []
    for (let round = 0; round < 13; round++) {
      passing.soon(groupId, couriers)
      clock.advance(1_500)
      rounds.push(compared.splice(0))
    }
    for (const told of rounds) expect(new Set(told).size).toBe(4)
    expect(new Set(rounds.flat()).size).toBeGreaterThan(12)
    clock.advance(500)
    expect(new Set(compared).size).toBe(24)
  })

  it('is told to none with whom it was compared meanwhile', () => {
    passing.soon(groupId, crowd(24, 22))
    clock.advance(1_500)
    expect(compared.splice(0).toSorted()).toEqual([22, 23])
    clock.advance(20_000)
    expect(compared.toSorted()).toEqual([22, 23])
  })

  it('is told later where answers take long, but not ever later', () => {
    for (const [takes, told] of [
      [100, 1_500],
      [1_000, 5_000],
      [60_000, 9_000],
    ] as const) {
      answerMs = takes
      passing.soon(groupId, crowd(4))
      clock.advance(told - 1)
      expect(compared).toEqual([])
      clock.advance(1)
      expect(compared.splice(0)).toHaveLength(4)
    }
    passing.soon(groupId, crowd(5))
    clock.advance(119_999)
    expect(compared.splice(0)).toHaveLength(4)
    clock.advance(1)
    expect(compared).toHaveLength(5)
  })

  it('is forgotten with its group, and when it is over', () => {
    const other = 'b0'.repeat(16) as GroupId
    for (const group of [groupId, other]) passing.soon(group, crowd(9))
    passing.forget(groupId)
    clock.advance(1_500)
    expect(compared).toHaveLength(4)
    passing.stop()
    clock.advance(60_000)
    expect(compared).toHaveLength(4)
  })
})
