import type { PersonLink } from '../../shared/domain/connection-people.ts'
import type { Connection, Space } from '../../shared/domain/models.ts'
import { makeAwaited, makeConnection, makePlace, makeQueued, makeSpace, NOON } from './make.ts'

/** People and what waits for them, as the panel of the connection shows it in scenarios. */

const unreached = (lastError: string): PersonLink => ({ kind: 'unreachable', state: 'backing-off', lastError, retryAt: NOON + 42_000 })
const relayed: PersonLink = { kind: 'connected', path: 'relayed' }

/** Somebody in every state, and three messages that wait for some of them. */
export function troubledPeople(space: Space): Pick<Connection, 'places' | 'queued'> {
  const people = [
    makeAwaited('Bob', { link: relayed }),
    makeAwaited('Mira Lindqvist', { link: unreached('timed-out'), lastSeenAt: NOON - 86_400_000 }),
    makeAwaited('Tomasz', { link: { kind: 'connecting', state: 'dialing' } }),
    makeAwaited('نورا الحسن', { link: unreached('refused') }),
    makeAwaited('The Most Honourable Bartholomew Featherstonehaugh-Cholmondeley', { link: { kind: 'no-address' } }),
  ]
  const waiting = [
    makeAwaited('Bob', { link: relayed }),
    makeAwaited('Mira Lindqvist', { link: unreached('timed-out'), messages: 3, inMailbox: 2 }),
    makeAwaited('نورا الحسن', { link: { kind: 'no-address' }, messages: 3 }),
  ]
  const queued = space.channels.slice(0, 1).map(({ channelId }) => makeQueued(channelId, 3, { people: waiting, morePeople: 2 }))
  return { places: [makePlace(space, people)], queued }
}

/** Ten spaces of eighty people, and much that waits in the first of them. */
export function crowdedConnection(space: Space): Connection {
  const crowd = Array.from({ length: 50 }, (_, i) =>
    makeAwaited(`Person ${i}`, { link: i < 9 ? { kind: 'connected', path: 'direct' } : { kind: 'not-tried' } }),
  )
  const more = Array.from({ length: 9 }, (_, i) =>
    makeSpace(`Everybody who lives in street ${i + 1}, and all of their friends from far away`),
  )
  const people = crowd.slice(-20)
  const queued = space.channels.slice(0, 1).map(({ channelId }) => makeQueued(channelId, 240, { lookedAt: 20, people, morePeople: 30 }))
  return makeConnection({ places: [space, ...more].map((each) => makePlace(each, crowd, { of: 80 })), queued })
}
