import { beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { USUAL_LIMITS } from './relay-limits.ts'
import { RelayTraffic, type Throttled } from './relay-traffic.ts'

/** Throws where one of libp2p does (`AbstractMessageStream`). */
class FakeStream implements Throttled {
  status = 'open'
  readStatus = 'readable'
  readonly did: string[] = []
  pause(): void {
    this.#checkOpen()
    this.readStatus = 'paused'
    this.did.push('pause')
  }
  resume(): void {
    this.#checkOpen()
    this.readStatus = 'readable'
    this.did.push('resume')
  }
  #checkOpen(): void {
    if (this.readStatus === 'closed') throw new Error('Cannot pause or resume a stream that is closed')
  }
  abort(): void {
    this.did.push('abort')
    this.status = 'aborted'
    this.readStatus = 'closed'
  }
}

describe('what passes a relay', () => {
  const limits = { ...USUAL_LIMITS, peerBytesPerSecond: 100, peerBurstBytes: 1_000, totalBytesPerSecond: 300, totalBurstBytes: 2_500 }
  let clock: FakeClock
  let traffic: RelayTraffic
  let stream: FakeStream
  beforeEach(() => {
    clock = new FakeClock()
    traffic = new RelayTraffic(clock, limits)
    stream = new FakeStream()
  })

  it('passes at once up to a brim that fills again', () => {
    traffic.passed('a', stream, 1_000)
    clock.advance(10_000)
    traffic.passed('a', stream, 1_000)
    expect(stream.did).toEqual([])
    expect([traffic.bytes, traffic.throttled]).toEqual([2_000, 0])
  })

  it('has whoever sends more wait for as long as the rate says', () => {
    traffic.passed('a', stream, 1_200)
    expect(stream.did).toEqual(['pause'])
    clock.advance(1_999)
    expect(stream.did).toEqual(['pause'])
    clock.advance(1)
    expect(stream.did).toEqual(['pause', 'resume'])
  })

  it('leaves alone what said all it had to say while it waited', () => {
    traffic.passed('a', stream, 1_200)
    stream.readStatus = 'closed'
    clock.advance(2_000)
    traffic.passed('a', stream, 1_200)
    expect(stream.did).toEqual(['pause'])
  })

  it('ends what cannot go on, and goes on itself', () => {
    traffic.passed('a', stream, 1_200)
    stream.resume = () => {
      throw new Error('the connection is gone')
    }
    clock.advance(2_000)
    expect(stream.did).toEqual(['pause', 'abort'])
  })

  it('has all wait when they are too much together', () => {
    for (const peer of ['a', 'b']) traffic.passed(peer, new FakeStream(), 1_000)
    traffic.passed('c', stream, 800)
    expect(stream.did).toEqual(['pause'])
    clock.advance(1_000)
    expect(stream.did).toEqual(['pause', 'resume'])
  })

  it('has nobody wait for the clock to catch up that was put back', () => {
    traffic.passed('a', stream, 500)
    clock.advance(-60_000)
    traffic.passed('a', stream, 500)
    expect(stream.did).toEqual([])
    clock.advance(10_000)
    traffic.passed('a', stream, 1_000)
    expect(stream.did).toEqual([])
  })

  it('ends what goes on all the same', () => {
    for (let i = 0; i < 4; i += 1) traffic.passed('a', stream, 1_000)
    expect(stream.did).toEqual(['pause', 'abort'])
    const before = stream.did.length
    clock.advance(100_000)
    expect(stream.did).toHaveLength(before)
  })
})
