import { expect, it } from 'vitest'
import type { AwaitedPerson, PersonLink, Queued } from '../../shared/domain/connection-people.ts'
import type { ChannelId, MemberId, SpaceId } from '../../shared/domain/ids.ts'
import { linkWords, placeWords, queuedWords } from './people-words.ts'

const at = new Date(2026, 10, 27, 9, 5).getTime()
const away: PersonLink = { kind: 'unreachable', state: 'backing-off', lastError: 'unreachable', retryAt: null }
const person = (name: string, part: Partial<AwaitedPerson> = {}): AwaitedPerson => ({
  ...{ memberId: name as MemberId, name, link: away, lastSeenAt: null, messages: 2, inMailbox: 0 },
  ...part,
})
const queued = (part: Partial<Queued>): Queued => ({
  ...{ channelId: 'c' as ChannelId, messages: 2, lookedAt: 2, people: [], morePeople: 0, held: null },
  ...part,
})
const friends = { membersOf: 's' as SpaceId, spaceId: 's' as SpaceId, spaceName: 'Friends', channelName: '', connected: 1, of: 2 }

it.each<[PersonLink, string]>([
  [{ kind: 'connected', path: 'relayed' }, 'Connected through a relay'],
  [{ kind: 'connected', path: null }, 'Connected'],
  [{ kind: 'connecting', state: 'handshaking' }, 'Securing the connection'],
  [away, 'Not reachable (no way led there)'],
  [{ ...away, lastError: null, retryAt: at }, 'Not reachable, next try 27 Nov 2026, 09:05'],
  [{ kind: 'no-address' }, 'Not connected: no address of theirs is known'],
])('%o is somebody of whom the status says: %s', (link, words) => {
  expect(linkWords(link)).toBe(words)
})

it('says who of a place is connected, and when the others were', () => {
  const people = [person('Bob', { link: { kind: 'connected', path: 'direct' }, lastSeenAt: at }), person('Dave', { lastSeenAt: at })]
  expect(placeWords({ ...friends, people })).toEqual([
    'Friends: 1 of 2 connected',
    '  Bob: Connected directly',
    '  Dave: Not reachable (no way led there); last connected 27 Nov 2026, 09:05',
  ])
  expect(placeWords({ ...friends, channelName: 'plans', connected: 0, of: 0, people: [] })).toEqual([
    '#plans of Friends: nobody else is here',
  ])
  const crowd = placeWords({ ...friends, of: 60, people: Array.from({ length: 50 }, (_, i) => person(`P${i}`)) })
  expect([crowd.length, crowd.at(-1)]).toEqual([22, '  and 40 more'])
})

it('says for whom something waits, and why', () => {
  const people = [
    person('Bob', { inMailbox: 2 }),
    person('Carol', { link: { kind: 'connected', path: 'direct' }, messages: 1 }),
    person('Eve', { inMailbox: 1 }),
  ]
  expect(queuedWords(queued({ people, morePeople: 3, held: 'returning' }), '#general of Friends')).toEqual([
    '2 waiting in #general of Friends',
    '  This device has to be let in with fresh keys first',
    '  for Bob: Not reachable (no way led there); left for them in a mailbox',
    '  for Carol (1 of them): Connected, but has not confirmed it yet',
    '  for Eve: Not reachable (no way led there); 1 left for them in a mailbox',
    '  and 3 more',
  ])
})

it('says of much that not all of it was looked at', () => {
  const words = queuedWords(queued({ messages: 90, lookedAt: 20, people: [person('Bob', { messages: 20, inMailbox: 20 })] }), '#general')
  expect(words).toEqual([
    '90 waiting in #general (the newest 20 were looked at)',
    '  for Bob: Not reachable (no way led there); 20 left for them in a mailbox',
  ])
})
