import { beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { FakeThrottled } from '../../testing/fakes/fake-throttled.ts'
import { USUAL_LIMITS } from './relay-limits.ts'
import { RelayTraffic } from './relay-traffic.ts'
import { Valve } from './valve.ts'

describe('what passes a relay', () => {
  const limits = { ...USUAL_LIMITS, peerBytesPerSecond: 100, peerBurstBytes: 1_000, totalBytesPerSecond: 300, totalBurstBytes: 2_500 }
  let clock: FakeClock
  let traffic: RelayTraffic
  let stream: FakeThrottled
  let valve: Valve
  const valveOf = (each: FakeThrottled): Valve => new Valve(each, () => undefined)
  beforeEach(() => {
    clock = new FakeClock()
    traffic = new RelayTraffic(clock, limits)
    stream = new FakeThrottled()
    valve = valveOf(stream)
  })

  it('passes at once up to a brim that fills again', () => {
    traffic.passed('a', valve, 1_000)
    clock.advance(10_000)
    traffic.passed('a', valve, 1_000)
    expect(stream.did).toEqual([])
    expect([traffic.bytes, traffic.throttled]).toEqual([2_000, 0])
  })

  it('has whoever sends more wait for as long as the rate says', () => {
    traffic.passed('a', valve, 1_200)
    expect(stream.did).toEqual(['pause'])
    clock.advance(1_999)
    expect(stream.did).toEqual(['pause'])
    clock.advance(1)
    expect(stream.did).toEqual(['pause', 'resume'])
  })

  it('has all wait when they are too much together', () => {
    for (const peer of ['a', 'b']) traffic.passed(peer, valveOf(new FakeThrottled()), 1_000)
    traffic.passed('c', valve, 800)
    expect(stream.did).toEqual(['pause'])
    clock.advance(1_000)
    expect(stream.did).toEqual(['pause', 'resume'])
  })

  it('has nobody wait for the clock to catch up that was put back', () => {
    traffic.passed('a', valve, 500)
    clock.advance(-60_000)
    traffic.passed('a', valve, 500)
    expect(stream.did).toEqual([])
    clock.advance(10_000)
    traffic.passed('a', valve, 1_000)
    expect(stream.did).toEqual([])
  })

  it('ends what goes on all the same', () => {
    for (let i = 0; i < 4; i += 1) traffic.passed('a', valve, 1_000)
    expect(stream.did).toEqual(['pause', 'abort'])
    const before = stream.did.length
    clock.advance(100_000)
    expect(stream.did).toHaveLength(before)
  })
})
