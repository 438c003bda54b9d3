import { expect, it } from 'vitest'
import type { MemberId, PeerId, SpaceId, UnmetId } from '../../shared/domain/ids.ts'
import type { PeerStatus } from '../../shared/domain/models.ts'
import type { Unmet } from '../../shared/domain/unmet.ts'
import { connectionWords, mailboxWords, missingWords, peerWords, problemWords, unmetWords } from './connection-words.ts'

const bob = { spaceId: 's1' as SpaceId, memberId: 'bob' as MemberId, name: 'Bob' }

it.each<[Partial<PeerStatus>, string]>([
  [{ state: 'ready', path: 'direct' }, 'Bob: Connected directly'],
  [{ state: 'ready', path: 'relayed' }, 'Bob: Connected through a relay'],
  [{ state: 'handshaking' }, 'Bob: Securing the connection'],
  [{ lastError: 'timed-out' }, 'Bob: Not reachable (no answer in time)'],
  [{ lastError: 'crossed' }, 'Bob: Not reachable (both ends began at once)'],
  [{ lastError: 'kept-away' }, 'Bob: Not reachable (it sent what no SpacePanda sends, and is kept away)'],
  [{ members: [], lastError: 'unreachable' }, 'Somebody: Not reachable (no way led there)'],
  [{ lastError: 'Said by a newer version.' }, 'Bob: Not reachable (Said by a newer version.)'],
])('%o is somebody of whom the status says: %s', (part, words) => {
  expect(peerWords({ members: [bob], state: 'backing-off', path: null, lastError: null, retryAt: null, ...part })).toBe(words)
})

it('says until when somebody is kept away', () => {
  const kept = { members: [bob], path: null, lastError: 'kept-away', retryAt: Date.UTC(2025, 5, 15, 12) }
  expect(peerWords({ ...kept, state: 'backing-off' })).toMatch(
    /^Bob: Not reachable \(it sent what no SpacePanda sends, and is kept away until 15 Jun 2025, \d\d:\d\d\)$/,
  )
})

it('one is one, and several are several', () => {
  const missing = { ...bob, messages: 1, asked: [] }
  expect([
    missingWords(missing),
    missingWords({ ...missing, messages: 2, asked: ['Eve', 'Dan'] }),
    missingWords({ ...missing, messages: 0 }),
  ]).toEqual([
    '1 message of Bob is missing, asked for when a member connects',
    '2 messages of Bob are missing, asking Eve, Dan',
    'Nothing of Bob is missing any more',
  ])
  const reachedBy = { nearby: true, outside: 'unknown', relays: { held: 0, of: 0 } } as const
  expect([1, 2].map((count) => connectionWords({ reachability: 'local', reachedBy, listening: ['a', 'b'].slice(0, count) })[0])).toEqual([
    'Set to be reached on this network only; listens at 1 address',
    'Set to be reached on this network only; listens at 2 addresses',
  ])
  const through = (held: number, of: number) =>
    connectionWords({ reachability: 'relays', reachedBy: { ...reachedBy, relays: { held, of } }, listening: [] })[1]
  expect([through(0, 1), through(1, 1), through(1, 2)]).toEqual([
    'Others reach it on this network',
    'Others reach it on this network, by 1 relay',
    'Others reach it on this network, by 1 of 2 relays',
  ])
})

it('says what went wrong lately, and when', () => {
  const at = new Date(2026, 10, 27, 9, 5).getTime()
  const lastErrors = ['timed-out', 'This profile seems to run on two computers.'].map((message) => ({ at, message, peerId: null }))
  expect(problemWords(lastErrors)).toEqual(['27 Nov 2026, 09:05: This profile seems to run on two computers.'])
})

it('says how each mailbox is, by the end of its id', () => {
  const mailbox = { peerId: '12D3KooWabcdef' as PeerId, state: 'reachable', lastFetchedAt: null, withheld: 0 } as const
  expect([mailbox, { ...mailbox, state: 'full' as const, withheld: 1 }].map(mailboxWords)).toEqual([
    'Mailbox …abcdef: Reachable',
    'Mailbox …abcdef: Full: takes nothing now; lacks 1 that should be there',
  ])
})

it('says what was asked in vain, where, and why', () => {
  const unmet: Unmet = {
    ...{ unmetId: '1' as UnmetId, at: 0, spaceId: '2' as SpaceId, spaceName: 'Weekend hikes', channelName: '', name: 'results' },
    kind: 'create-channel',
    why: 'This space has a channel of that name already.',
  }
  expect(unmetWords(unmet)).toBe('In Weekend hikes: the channel “results” was not made. This space has a channel of that name already.')
  expect(unmetWords({ ...unmet, channelName: 'planning', kind: 'remove', name: '', why: 'You may not.' })).toBe(
    'In “planning” of Weekend hikes: somebody was not removed. You may not.',
  )
})
