import { beforeEach, describe, expect, it } from 'vitest'
import { FakeThrottled } from '../../testing/fakes/fake-throttled.ts'
import { Valve } from './valve.ts'

describe('a valve', () => {
  let stream: FakeThrottled
  let told: boolean[]
  let valve: Valve
  beforeEach(() => {
    stream = new FakeThrottled()
    told = []
    valve = new Valve(stream, () => told.push(valve.isHeld))
  })

  it('is open again when no reason is left to hold', () => {
    valve.hold('rate')
    valve.hold('unsent')
    valve.release('rate')
    expect(stream.did).toEqual(['pause'])
    valve.release('unsent')
    valve.release('unsent')
    expect(stream.did).toEqual(['pause', 'resume'])
    expect(told).toEqual([true, true, true, false])
  })

  it('leaves alone what said all it had to say meanwhile', () => {
    valve.hold('rate')
    stream.readStatus = 'closed'
    valve.release('rate')
    expect(valve.hold('rate')).toBe(false)
    expect(stream.did).toEqual(['pause'])
  })

  it('ends what cannot go on, and throws nothing', () => {
    valve.hold('rate')
    stream.onResume = () => {
      throw new Error('the connection is gone')
    }
    valve.release('rate')
    expect(stream.did).toEqual(['pause', 'abort'])
  })

  it('holds what comes as it opens only once it is open: libp2p tells the sender to go on after that', () => {
    valve.hold('rate')
    stream.onResume = () => valve.hold('unsent')
    valve.release('rate')
    expect(stream.did).toEqual(['pause', 'resume', 'pause'])
    expect(valve.isHeld).toBe(true)
  })

  it('lets all through at its end, and holds nothing after that', () => {
    valve.hold('unsent')
    valve.end()
    expect(valve.hold('rate')).toBe(false)
    expect(stream.did).toEqual(['pause', 'resume'])
  })
})
