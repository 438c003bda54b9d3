import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../../shared/domain/ids.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { IDLE_MS } from './constants.ts'
import { LinkKeeper } from './link-keeper.ts'
import type { Link } from './transport.ts'

describe('a link that nobody uses', () => {
  const watched = (carries: () => boolean) => {
    const clock = new FakeClock()
    const closed: string[] = []
    const link: Link = {
      ...{ id: 'L', peerId: 'peer' as PeerId, relayed: false, near: true, carriesOthers: carries },
      openStream: () => Promise.reject(new Error('no stream')),
      onClose: () => undefined,
      close: () => void closed.push('L'),
    }
    new LinkKeeper(clock, () => false).watch(link)
    return { clock, closed }
  }

  it('is closed after a while', () => {
    const { clock, closed } = watched(() => false)
    clock.advance(IDLE_MS)
    expect(closed).toEqual(['L'])
  })

  it('is kept while others go by it, or a place on a relay depends on it', () => {
    let carries = true
    const { clock, closed } = watched(() => carries)
    clock.advance(IDLE_MS)
    clock.advance(IDLE_MS)
    expect(closed).toEqual([])
    carries = false
    clock.advance(IDLE_MS)
    expect(closed).toEqual(['L'])
  })
})
