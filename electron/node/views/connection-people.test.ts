import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Space } from '../../../shared/domain/models.ts'
import { away, back, channelOf, eventually, groupOf, heard, inTime, joinBy, makeTown, say, selfOf } from '../../testing/fixtures/town.ts'
import type { Resident, Town } from '../../testing/fixtures/town.ts'
import { noteReceipts } from '../../sync/mailbox/put-notes.ts'
import { linkReader } from './person-links.ts'

let town: Town
let ann: Resident
let bob: Resident
let carol: Resident
let space: Space
beforeEach(async () => {
  town = await makeTown('people')
  ;[ann, bob, carol] = [await town.arrive('Ann'), await town.arrive('Bob'), await town.arrive('Carol')]
  space = await ann.api['spaces.create']({ name: 'Friends' })
  await joinBy(ann, space, bob)
  await joinBy(ann, space, carol)
  await eventually(() => linksAt(ann), { Bob: 'connected', Carol: 'connected' })
})
afterEach(() => town.end())

const placeAt = ({ messenger }: Resident) => messenger.connection().places[0]
const linksAt = (resident: Resident) => Object.fromEntries((placeAt(resident)?.people ?? []).map(({ name, link }) => [name, link.kind]))
const waitingAt = ({ messenger }: Resident) =>
  messenger
    .connection()
    .queued.map(({ messages, people }) => [messages, people.map(({ name, messages: lacks, link }) => [name, lacks, link.kind])])

describe('what waits', () => {
  it('waits for whoever is off, and says so; no more when they come', async () => {
    expect(ann.messenger.connection().queued).toEqual([])
    await away(town, bob)
    await say(ann, 'one')
    await say(ann, 'two')
    await eventually(() => waitingAt(ann), [[2, [['Bob', 2, 'unreachable']]]])
    expect(ann.messenger.connection().queued).toEqual([
      {
        ...{ channelId: channelOf(ann), messages: 2, lookedAt: 2, morePeople: 0, held: null },
        people: [
          {
            ...{ memberId: selfOf(bob), name: 'Bob', lastSeenAt: expect.any(Number) as number, messages: 2, inMailbox: 0 },
            link: { kind: 'unreachable', state: 'backing-off', lastError: 'unreachable', retryAt: null },
          },
        ],
      },
    ])
    await back(town, bob)
    await eventually(() => heard(bob), ['one', 'two'])
    await eventually(() => waitingAt(ann), [])
  })

  it('is told as soon as it waits, also where nobody is there to confirm anything', async () => {
    await away(town, bob, carol)
    await inTime(town, () => linksAt(ann), { Bob: 'unreachable', Carol: 'unreachable' })
    for (let i = 0; i < 5; i++) {
      town.clock.advance(500)
      await new Promise((resolve) => setImmediate(resolve))
    }
    ann.events.length = 0
    await say(ann, 'one')
    const told = () => ann.events.some((e) => e.event === 'connection.changed' && e.data.queued[0]?.messages === 1)
    await inTime(town, told, true)
  })

  it('says of each how many they lack, where that differs', async () => {
    await away(town, bob)
    await say(ann, 'one')
    await eventually(() => waitingAt(ann), [[1, [['Bob', 1, 'unreachable']]]])
    await away(town, carol)
    await say(ann, 'two')
    await eventually(
      () => waitingAt(ann),
      [
        [
          2,
          [
            ['Bob', 2, 'unreachable'],
            ['Carol', 1, 'unreachable'],
          ],
        ],
      ],
    )
  })

  it('looks at the newest alone where much waits', async () => {
    await away(town, bob)
    for (let i = 1; i <= 25; i++) await say(ann, `${i}`)
    await eventually(() => waitingAt(ann), [[25, [['Bob', 20, 'unreachable']]]])
    expect(ann.messenger.connection().queued[0]?.lookedAt).toBe(20)
  })

  it('waits for somebody whose address nobody knows', async () => {
    await away(town, bob)
    await say(ann, 'one')
    for (const row of ann.store.peers.list())
      ann.store.transaction((tx) => tx.peers.put({ ...row, seq: row.seq + 1, addresses: [], record: null }))
    await eventually(() => waitingAt(ann), [[1, [['Bob', 1, 'no-address']]]])
  })

  it('is counted apart where a mailbox keeps it that they ask', async () => {
    await away(town, bob)
    await say(ann, 'one')
    await say(ann, 'two')
    await eventually(() => waitingAt(ann), [[2, [['Bob', 2, 'unreachable']]]])
    const [newest] = ann.store.deliveries.awaited(1, 1)
    if (newest === undefined) throw new Error('something waits')
    const mailbox = town.hub.newPeerId()
    const none = new Uint8Array(32)
    const receipt = { mailbox, tag: none, hash: none, storedAt: 0, keptUntil: 1, signature: none }
    ann.store.transaction((tx) => noteReceipts(tx, groupOf(ann), 0, [[newest.objectId, receipt]]))
    const kept = () => ann.messenger.connection().queued[0]?.people[0]?.inMailbox
    expect(kept()).toBe(0)
    for (const row of ann.store.peers.list())
      ann.store.transaction((tx) =>
        tx.peers.put({ ...row, seq: row.seq + 1, addresses: [`/ip4/192.0.2.1/tcp/1/p2p/${mailbox}/p2p-circuit`] }),
      )
    expect(kept()).toBe(1)
  })

  it('is held back by this device itself while it is being let in again', async () => {
    await away(town, bob)
    await say(ann, 'one')
    const row = ann.store.groups.get(groupOf(ann))
    if (row === null) throw new Error('there is a group')
    ann.store.transaction((tx) => tx.groups.put({ ...row, returning: true }))
    expect(ann.messenger.connection().queued[0]?.held).toBe('returning')
  })
})

describe('who is online', () => {
  it('is said for each space and private channel: first who is connected', async () => {
    await away(town, bob)
    const channel = await ann.api['channels.create']({ spaceId: space.spaceId, name: 'plans', kind: 'private', members: [selfOf(carol)] })
    await inTime(town, () => ann.messenger.connection().places[1]?.connected, 1)
    const view = ann.messenger
      .connection()
      .places.map(({ spaceName, channelName, connected, of, people }) => [
        ...[spaceName, channelName, connected, of],
        people.map(({ name, link }) => `${name} ${link.kind}`),
      ])
    expect(view).toEqual([
      ['Friends', '', 1, 2, ['Carol connected', 'Bob unreachable']],
      ['Friends', 'plans', 1, 1, ['Carol connected']],
    ])
    expect(ann.messenger.connection().places[1]?.membersOf).toBe(channel.membersOf)
    expect(placeAt(ann)?.people[0]?.link).toEqual({ kind: 'connected', path: 'direct' })
  })

  it('is nobody where this profile is out', async () => {
    await ann.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(bob) })
    await inTime(town, () => bob.messenger.connection().places, [])
  })

  it('tells those who only are connected from those who have proven that they belong', () => {
    const sessions = ann.messenger.network.sessions().map((session) => ({ ...session, shared: [] }))
    expect(linkReader(ann.store, sessions).of(groupOf(ann), selfOf(bob)).link).toEqual({ kind: 'unproven' })
    const busy = sessions.map((session) => ({ ...session, state: 'proving' as const }))
    expect(linkReader(ann.store, busy).of(groupOf(ann), selfOf(bob)).link).toEqual({ kind: 'connecting', state: 'proving' })
    expect(linkReader(ann.store, []).of(groupOf(ann), selfOf(bob)).link).toEqual({ kind: 'not-tried' })
  })
})
