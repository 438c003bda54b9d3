import { beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { Pass } from './pass.ts'

/** SPEC.md F1. */
describe('a pass', () => {
  let clock: FakeClock
  let closed: number[]
  let pass: Pass
  let began: number
  beforeEach(() => {
    clock = new FakeClock()
    began = clock.now()
    closed = []
    pass = new Pass(clock, () => closed.push(clock.now() - began))
  })
  const every = (ms: number, times: number): void => {
    for (let n = 0; n < times; n++) {
      pass.input()
      clock.advance(ms)
    }
  }

  it('closes one second after the last input', () => {
    every(700, 3)
    clock.advance(10_000)
    expect(closed).toEqual([2_400])
    expect(pass.isOpen).toBe(false)
  })

  it('closes five seconds after the first input at the latest, whoever goes on sending, and the next begins anew', () => {
    every(500, 21)
    expect(closed).toEqual([5_000, 10_000])
    expect(pass.isOpen).toBe(true)
    clock.advance(10_000)
    expect(closed).toEqual([5_000, 10_000, 11_000])
  })

  it('is over where it closes: an input from there opens another', () => {
    const again = new Pass(clock, () => {
      closed.push(clock.now() - began)
      if (closed.length === 1) again.input()
    })
    again.input()
    clock.advance(1_500)
    expect(again.isOpen).toBe(true)
    clock.advance(1_500)
    expect(closed).toEqual([1_000, 2_000])
  })

  it('makes no choice once it is stopped, and leaves no timer', () => {
    pass.input()
    pass.stop()
    expect(pass.isOpen).toBe(false)
    expect(clock.pending).toEqual([])
  })
})
