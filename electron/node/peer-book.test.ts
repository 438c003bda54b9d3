import { beforeEach, describe, expect, it } from 'vitest'
import type { MemberId, PeerId } from '../../shared/domain/ids.ts'
import type { Network } from '../ports/network.ts'
import { UNPROVEN } from '../sync/group/membership.ts'
import { bring, makeWorld, SPACE } from '../testing/fixtures/group-world.ts'
import type { Device } from '../testing/fixtures/group-world.ts'
import { PeerBook, writeHearsay } from './peer-book.ts'

const peer = (letter: string) => `12D3KooW${letter.repeat(44)}` as PeerId
const [ME, BOB, CAROL, EVIL] = [peer('M'), peer('B'), peer('C'), peer('E')]
const NOW = 1_000

let ann: Device
let bob: MemberId
let carol: MemberId
let book: PeerBook
let ours: string[]
beforeEach(async () => {
  const world = await makeWorld('peer book')
  ann = await world.found('Ann')
  bob = (await world.join(ann, 'Bob')).group.self
  carol = (await world.join(ann, 'Carol')).group.self
  ours = ['/ip4/10.0.0.1/tcp/1']
  book = new PeerBook(ann.store, { localPeer: ME, addresses: () => ours } as unknown as Network)
})

const seen = (peerId: PeerId, memberId: MemberId, now = NOW) => book.seen(peerId, { groupId: SPACE, memberId }, now)
const says = (from: MemberId, hints: [MemberId, PeerId, string[]][]) =>
  book.learn(
    ann.group,
    hints.map(([memberId, peerId, addresses]) => ({ memberId, peerId, addresses })),
    { memberId: from, now: NOW },
  )
const known = (memberId: MemberId) => ann.store.peers.ofGroup(SPACE).find((row) => row.memberId === memberId)

describe('what is known of where members are', () => {
  it('is hearsay until a session of our own', () => {
    says(bob, [[carol, CAROL, ['/ip4/1.1.1.1/tcp/1']]])
    expect(known(carol)).toMatchObject({ peerId: CAROL, seenAt: null })
    seen(CAROL, carol)
    expect(known(carol)).toMatchObject({ peerId: CAROL, addresses: ['/ip4/1.1.1.1/tcp/1'], seenAt: NOW })
  })

  it('is not replaced by what others say once it was seen', () => {
    seen(CAROL, carol)
    says(bob, [[carol, EVIL, ['/ip4/6.6.6.6/tcp/6']]])
    expect(known(carol)).toMatchObject({ peerId: CAROL, addresses: [] })
  })

  it('is what a member says of itself, in its own session', () => {
    seen(BOB, bob)
    says(bob, [[bob, BOB, ['/ip4/2.2.2.2/tcp/2']]])
    expect(known(bob)).toMatchObject({ addresses: ['/ip4/2.2.2.2/tcp/2'], seenAt: NOW })
  })

  it("is not what a member says of itself under another's peer id", () => {
    seen(CAROL, carol)
    seen(EVIL, bob)
    says(bob, [[bob, CAROL, ['/ip4/6.6.6.6/tcp/6']]])
    expect(known(bob)).toMatchObject({ peerId: EVIL, addresses: [] })
  })

  it('does not outlive a change of peer: addresses of the old one are dropped', () => {
    seen(BOB, bob)
    says(bob, [[bob, BOB, ['/ip4/2.2.2.2/tcp/2']]])
    seen(peer('N'), bob)
    expect(known(bob)).toMatchObject({ peerId: peer('N'), addresses: [] })
  })

  it('is nothing of strangers, of ourselves, or of somebody unproven', () => {
    says(bob, [
      ['ff'.repeat(16) as MemberId, EVIL, ['/ip4/6.6.6.6/tcp/6']],
      [ann.group.self, EVIL, ['/ip4/6.6.6.6/tcp/6']],
    ])
    seen(EVIL, UNPROVEN)
    expect(ann.store.peers.list()).toEqual([])
  })

  it('can be written in the step that joins', () => {
    const { engine } = ann.deps
    const hints = [{ memberId: bob, peerId: BOB, addresses: ['/ip4/2.2.2.2/tcp/2'] }]
    ann.store.transaction((tx) => writeHearsay(tx, SPACE, { self: ann.group.self, members: engine.members(ann.group.tip.state), hints }))
    expect(known(bob)).toMatchObject({ peerId: BOB, seenAt: null })
  })
})

describe('whom to stay connected to', () => {
  it('is everybody once, with all their addresses, but not ourselves', () => {
    seen(BOB, bob)
    says(bob, [
      [bob, BOB, ['/a', '/b']],
      [carol, ME, ['/c']],
    ])
    ann.store.transaction((tx) =>
      tx.peers.put({ groupId: 'bb'.repeat(16) as never, memberId: bob, peerId: BOB, addresses: ['/b', '/d'], seenAt: NOW }),
    )
    expect(book.wanted()).toEqual([{ peerId: BOB, addresses: ['/a', '/b', '/d'] }])
  })

  it('tries what was seen before what was heard, so that noise crowds out nothing', () => {
    const noise = Array.from({ length: 16 }, (_, i) => `/noise/${i}`)
    seen(CAROL, carol)
    says(carol, [[carol, CAROL, ['/good']]])
    // Bob says that he, too, is Carol's peer.
    ann.store.transaction((tx) => tx.peers.put({ groupId: SPACE, memberId: bob, peerId: CAROL, addresses: noise, seenAt: null }))
    const [wanted] = book.wanted()
    expect(wanted?.addresses[0]).toBe('/good')
    expect(wanted?.addresses).toHaveLength(16)
  })
})

describe('what we tell other members', () => {
  it('is ourselves first, then current members only', async () => {
    seen(BOB, bob)
    ann.store.transaction((tx) =>
      tx.peers.put({ groupId: SPACE, memberId: 'ff'.repeat(16) as MemberId, peerId: EVIL, addresses: [], seenAt: NOW }),
    )
    expect(book.hints(ann.group)).toEqual([
      { memberId: ann.group.self, peerId: ME, addresses: ours },
      { memberId: bob, peerId: BOB, addresses: [] },
    ])
  })

  it('is no more than fits', () => {
    ours = Array.from({ length: 30 }, (_, i) => `/ip4/10.0.0.${i}/tcp/1`)
    expect(book.hints(ann.group)[0]?.addresses).toHaveLength(16)
  })
})

describe('whom an invitation names', () => {
  const meet = (memberId: MemberId, peerId: PeerId, at: number, addresses = ['/ip4/3.3.3.3/tcp/3']) =>
    ann.store.transaction((tx) => tx.peers.put({ groupId: SPACE, memberId, peerId, addresses, seenAt: at }))

  it('is ourselves first, then who was seen most lately and can be addressed', () => {
    meet(bob, BOB, 1)
    meet(carol, CAROL, 2)
    expect(book.linkPeers(SPACE).map((p) => p.peerId)).toEqual([ME, CAROL, BOB])
    meet(carol, CAROL, 3, [])
    expect(book.linkPeers(SPACE).map((p) => p.peerId)).toEqual([ME, BOB])
  })

  it('is nobody who is known by hearsay only', () => {
    says(bob, [[carol, CAROL, ['/ip4/1.1.1.1/tcp/1']]])
    expect(book.linkPeers(SPACE).map((p) => p.peerId)).toEqual([ME])
  })

  it('is nobody who is not a member any more', () => {
    meet(bob, BOB, 1)
    ann.store.transaction((tx) => {
      const space = tx.directory.space(SPACE)
      if (space) tx.directory.replace(space, [], [])
    })
    expect(book.linkPeers(SPACE).map((p) => p.peerId)).toEqual([ME])
  })

  it('names this machine alone only after what others can dial', () => {
    ours = ['/ip4/127.0.0.1/tcp/1', '/ip4/192.168.100.100/tcp/40000']
    expect(book.linkPeers(SPACE)[0]?.addresses).toEqual(ours.toReversed())
  })

  it('has the shortest addresses, without the peer id it stands beside, each once', () => {
    const id = `/p2p/${ME}`
    ours = [
      `/ip4/10.0.0.1/udp/1/webrtc-direct/certhash/uEiA${id}`,
      `/ip4/10.0.0.1/tcp/1${id}`,
      `/ip4/10.0.0.1/tcp/1`,
      ...Array.from({ length: 9 }, (_, i) => `/ip6/fe80::${i}/tcp/4000`),
    ]
    const addresses = book.linkPeers(SPACE)[0]?.addresses ?? []
    expect(addresses[0]).toBe('/ip4/10.0.0.1/tcp/1')
    expect(addresses).toHaveLength(3)
    expect(new Set(addresses).size).toBe(3)
    expect(addresses.join()).not.toContain('p2p')
  })
})

it('follows the group as it is now', async () => {
  const world = await makeWorld('peer book 2')
  const zoe = await world.found('Zoe')
  const yan = await world.join(zoe, 'Yan')
  const other = new PeerBook(yan.store, { localPeer: ME, addresses: () => [] } as unknown as Network)
  const xi = await world.join(zoe, 'Xi')
  const hint = { memberId: xi.group.self, peerId: BOB, addresses: [] }
  other.learn(yan.group, [hint], { memberId: zoe.group.self, now: NOW })
  expect(yan.store.peers.list()).toEqual([])
  await bring(zoe, yan)
  other.learn(yan.group, [hint], { memberId: zoe.group.self, now: NOW })
  expect(yan.store.peers.list()).toHaveLength(1)
})
