import { describe, expect, it } from 'vitest'
import type { Clock } from '../../kernel/clock.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { SLEPT_MS, WATCH_MS } from '../sessions/constants.ts'
import { watchNetwork } from './network-watch.ts'

describe('the watch on the network', () => {
  it('tells of every change once, and nothing after it was stopped', () => {
    const clock = new FakeClock()
    let sees = 'home'
    let told = 0
    const stop = watchNetwork(
      clock,
      () => sees,
      () => (told += 1),
    )
    clock.advance(10 * WATCH_MS)
    expect(told).toBe(0)
    sees = 'train'
    clock.advance(WATCH_MS)
    clock.advance(10 * WATCH_MS)
    expect(told).toBe(1)
    stop()
    sees = 'work'
    clock.advance(10 * WATCH_MS)
    expect(told).toBe(1)
    expect(clock.pending).toEqual([])
  })

  it('notices that the machine slept', () => {
    const timers: (() => void)[] = []
    let now = 0
    const clock: Clock = { now: () => now, after: (_, fn) => (timers.push(fn), () => undefined) }
    let told = 0
    watchNetwork(
      clock,
      () => 'home',
      () => (told += 1),
    )
    now += WATCH_MS + SLEPT_MS
    timers.shift()?.()
    expect(told).toBe(0)
    now += WATCH_MS + SLEPT_MS + 1
    timers.shift()?.()
    expect(told).toBe(1)
  })
})
