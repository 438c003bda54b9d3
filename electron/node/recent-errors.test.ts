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

  it('note the trouble of each session once, and again when it comes back', () => {
    const errors = new RecentErrors(new FakeClock())
    errors.note([session('a', 'no'), session('b', null)])
    errors.note([session('a', 'no'), session('b', 'no')])
    errors.note([session('a', null), session('b', 'no')])
    errors.note([session('a', 'no'), session('b', 'other')])
    expect(errors.list().map(({ peerId, message }) => `${peerId} ${message}`)).toEqual(['b other', 'a no', 'b no', 'a no'])
  })
})
