import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../shared/domain/ids.ts'
import type { SessionStatus } from '../ports/network.ts'
import { FakeClock } from '../testing/fakes/fake-clock.ts'
import { RecentErrors } from './recent-errors.ts'

const session = (peer: string, lastError: string | null): SessionStatus => ({
  peerId: peer as PeerId,
  state: 'backing-off',
  direction: null,
  path: null,
  shared: [],
  lastError,
  retryAt: null,
})

describe('recent errors', () => {
  it('are the newest first, with their time, and not too many', () => {
    const clock = new FakeClock(1_000)
    const errors = new RecentErrors(clock)
    for (let i = 0; i < 30; i++) {
      clock.advance(1)
      errors.add(`${i}`)
    }
    expect(errors.list()).toHaveLength(20)
    expect(errors.list()[0]).toEqual({ at: 1_030, message: '29', peerId: null })
  })

  it('note the trouble of each session when it appears, and keep the last of each', () => {
    const clock = new FakeClock(1_000)
    const errors = new RecentErrors(clock)
    for (const [a, b] of [
      ['no', null],
      ['no', 'no'],
      [null, 'no'],
      ['no', 'other'],
      ['no', 'other'],
    ] as const) {
      clock.advance(1)
      errors.note([session('a', a), session('b', b)])
    }
    expect(errors.list()).toEqual([
      { at: 1_004, message: 'other', peerId: 'b' },
      { at: 1_004, message: 'no', peerId: 'a' },
    ])
  })

  it('of connections that fail again and again push out no other trouble', () => {
    const clock = new FakeClock(1_000)
    const errors = new RecentErrors(clock)
    errors.add('This profile seems to run on two computers.')
    for (let i = 0; i < 100; i++) {
      clock.advance(1)
      errors.note([session(`${i}`, null)])
      errors.note([session(`${i}`, 'no')])
    }
    expect(errors.list()).toHaveLength(21)
    expect(errors.list().at(-1)?.message).toBe('This profile seems to run on two computers.')
  })
})
