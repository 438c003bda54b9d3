import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { PeerRate } from './peer-rate.ts'

describe('the rate of what each peer asks', () => {
  it('is limited for each, in a window that slides', () => {
    const clock = new FakeClock()
    const rate = new PeerRate(clock, { most: 1, windowMs: 1_000 })
    expect([rate.admit('one'), rate.admit('one'), rate.admit('other')]).toEqual([true, false, true])
    clock.advance(999)
    expect(rate.admit('one')).toBe(false)
    clock.advance(1)
    expect(rate.admit('one')).toBe(true)
  })

  it('begins anew where the clock was put back', () => {
    const clock = new FakeClock()
    const rate = new PeerRate(clock, { most: 1, windowMs: 1_000 })
    rate.admit('one')
    clock.advance(-1)
    expect(rate.admit('one')).toBe(true)
  })
})
