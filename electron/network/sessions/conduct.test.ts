import { beforeEach, describe, expect, it } from 'vitest'
import type { PeerId } from '../../../shared/domain/ids.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import type { Offence } from '../channel/offence.ts'
import {
  BAN_POINTS,
  Conduct,
  FIRST_BAN_MS,
  FORGIVEN_PER_MINUTE,
  FORGOTTEN_MS,
  LAST_BAN_MS,
  LAST_MEMBER_BAN_MS,
  MAX_OFFENDERS,
  MAX_SUSPECTS,
  OFFENCE_POINTS,
} from './conduct.ts'

const MINUTE_MS = 60_000
const eve = 'eve' as PeerId
const madeUp = (i: number): PeerId => `made up ${i}` as PeerId
const FRAMES_TO_BAN = BAN_POINTS / OFFENCE_POINTS.frame

describe('the conduct of peers', () => {
  let clock: FakeClock
  let conduct: Conduct
  beforeEach(() => {
    clock = new FakeClock()
    conduct = new Conduct(clock)
  })
  const offend = (peerId: PeerId, times: number, offence: Offence = 'frame', isMember = false): number | null => {
    let until: number | null = null
    for (let i = 0; i < times; i += 1) until = conduct.offend(peerId, offence, isMember) ?? until
    return until
  }
  /** Offends until it is kept away, and gives for how long, in milliseconds. */
  const banned = (peerId: PeerId, isMember = false): number => (offend(peerId, FRAMES_TO_BAN, 'frame', isMember) ?? 0) - clock.now()

  it('never bans for one bad frame, nor for one of each kind', () => {
    expect(offend(eve, 1)).toBeNull()
    expect(['message', 'order', 'flood'].map((kind) => conduct.offend(eve, kind as Offence, false))).toEqual([null, null, null])
    expect(conduct.keptAwayUntil(eve)).toBeNull()
  })

  it.each<[Offence, number]>([
    ['frame', 5],
    ['message', 5],
    ['order', 5],
    ['flood', 20],
  ])('bans at once for so many of %s: %i', (offence, times) => {
    expect(offend(eve, times - 1, offence)).toBeNull()
    expect(offend(eve, 1, offence)).toBe(clock.now() + FIRST_BAN_MS)
    expect(conduct.keptAwayUntil(eve)).toBe(clock.now() + FIRST_BAN_MS)
  })

  it('forgives points with time: one bad frame every other minute is never a ban, six in a minute are', () => {
    for (let i = 0; i < 1_000; i += 1) {
      expect(offend(eve, 1)).toBeNull()
      clock.advance((OFFENCE_POINTS.frame / FORGIVEN_PER_MINUTE) * MINUTE_MS)
    }
    for (let i = 0; i < 5; i += 1) {
      expect(offend(eve, 1)).toBeNull()
      clock.advance(10_000)
    }
    expect(offend(eve, 1)).not.toBeNull()
  })

  it('ends a ban when it is over, to the millisecond, with nothing left of the points', () => {
    offend(eve, FRAMES_TO_BAN)
    clock.advance(FIRST_BAN_MS - 1)
    expect(conduct.keptAwayUntil(eve)).toBe(clock.now() + 1)
    clock.advance(1)
    expect(conduct.keptAwayUntil(eve)).toBeNull()
    expect(offend(eve, FRAMES_TO_BAN - 1)).toBeNull()
    expect(conduct.keptAwayUntil(eve)).toBeNull()
  })

  it('doubles each further ban up to an hour, and up to five minutes for a member', () => {
    const lengths = (peerId: PeerId, isMember: boolean) =>
      Array.from({ length: 8 }, () => {
        const ms = banned(peerId, isMember)
        clock.advance(ms)
        return ms / MINUTE_MS
      })
    expect(lengths(eve, false)).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    expect(lengths('bob' as PeerId, true)).toEqual([1, 2, 4, 5, 5, 5, 5, 5])
    expect([LAST_BAN_MS, LAST_MEMBER_BAN_MS]).toEqual([60 * MINUTE_MS, 5 * MINUTE_MS])
  })

  it('adds nothing while the peer is kept away: what was under way when it was cut off', () => {
    const until = offend(eve, FRAMES_TO_BAN)
    expect(offend(eve, 1_000)).toBeNull()
    expect(conduct.keptAwayUntil(eve)).toBe(until)
    clock.advance(FIRST_BAN_MS)
    expect(banned(eve)).toBe(2 * FIRST_BAN_MS)
  })

  it('forgets everything after a day without an offence, and no sooner', () => {
    banned(eve)
    clock.advance(FORGOTTEN_MS - 1)
    expect(banned(eve)).toBe(2 * FIRST_BAN_MS)
    clock.advance(FORGOTTEN_MS)
    expect(banned(eve)).toBe(FIRST_BAN_MS)
  })

  it('keeps nobody away for longer because the clock was put back', () => {
    banned(eve)
    clock.putBack(FORGOTTEN_MS)
    expect(conduct.keptAwayUntil(eve)).toBeNull()
    expect(banned(eve)).toBe(2 * FIRST_BAN_MS)
  })

  it('tells peers apart', () => {
    offend(eve, FRAMES_TO_BAN)
    expect(conduct.keptAwayUntil('bob' as PeerId)).toBeNull()
  })

  describe('against peer ids that are made up', () => {
    it('keeps so many at most', () => {
      for (let i = 0; i < 3 * MAX_SUSPECTS; i += 1) offend(madeUp(i), 1)
      expect(conduct.size).toBe(MAX_SUSPECTS)
      for (let i = 0; i < MAX_OFFENDERS + 100; i += 1) banned(madeUp(i))
      expect(conduct.size).toBeLessThanOrEqual(MAX_SUSPECTS + MAX_OFFENDERS)
    })

    it('lets none of them push out who is kept away, nor how often that was', () => {
      const until = offend(eve, FRAMES_TO_BAN)
      for (let i = 0; i < 3 * MAX_SUSPECTS; i += 1) offend(madeUp(i), FRAMES_TO_BAN - 1)
      expect(conduct.keptAwayUntil(eve)).toBe(until)
      clock.advance(FIRST_BAN_MS)
      expect(banned(eve)).toBe(2 * FIRST_BAN_MS)
    })

    it('lets those with one offence push out each other, not a suspect with more', () => {
      offend(eve, FRAMES_TO_BAN - 1)
      for (let i = 0; i < 3 * MAX_SUSPECTS; i += 1) offend(madeUp(i), 1)
      expect(offend(eve, 1)).not.toBeNull()
    })

    it('lets those that were banned once push out each other, not who was more often', () => {
      clock.advance(banned(eve))
      const until = offend(eve, FRAMES_TO_BAN)
      for (let i = 0; i < MAX_OFFENDERS + 100; i += 1) banned(madeUp(i))
      expect(conduct.keptAwayUntil(eve)).toBe(until)
      expect(conduct.keptAwayUntil(madeUp(0))).toBeNull()
      expect(conduct.keptAwayUntil(madeUp(MAX_OFFENDERS + 99))).not.toBeNull()
    })
  })
})
