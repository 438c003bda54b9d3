import { beforeEach, describe, expect, it } from 'vitest'
import type { MemberId, PeerId } from '../../../shared/domain/ids.ts'
import { toCbor } from '../../kernel/cbor.ts'
import type { Network } from '../../ports/network.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import { bring, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { fakeRecord, openFakeRecord } from '../../testing/fakes/fake-record.ts'
import { PeerBook, writeHearsay, type Heard } from './peer-book.ts'

const peer = (letter: string) => `12D3KooW${letter.repeat(44)}` as PeerId
const [ME, BOB, CAROL, EVIL] = [peer('M'), peer('B'), peer('C'), peer('E')]
const NOW = 1_000

let ann: Device
let bob: MemberId
let carol: MemberId
let book: PeerBook
let ours: string[]
/** Each record is newer than the one before. */
let said: number
let lookedFor: PeerId[]
beforeEach(async () => {
  const world = await makeWorld('peer book')
  ann = await world.found('Ann')
  bob = (await world.join(ann, 'Bob')).group.self
  carol = (await world.join(ann, 'Carol')).group.self
  ours = ['/ip4/10.0.0.1/tcp/1']
  said = 0
  lookedFor = []
  const setWanted = (peers: readonly PeerAddress[]) => (lookedFor = peers.map(({ peerId }) => peerId))
  const record = async () => fakeRecord(ME, ours)
  const openRecord = async (bytes: Uint8Array) => openFakeRecord(bytes)
  book = new PeerBook(ann.store, { localPeer: ME, addresses: () => ours, record, openRecord, setWanted } as unknown as Network)
})

const heard = (memberId: MemberId, peerId: PeerId, addresses: string[], seq = (said += 1)): Heard => ({
  ...{ memberId, peerId, addresses, seq },
  record: fakeRecord(peerId, addresses, seq),
})
const seen = (peerId: PeerId, memberId: MemberId, now = NOW) => book.seen(peerId, { groupId: SPACE, memberId }, now)
const says = (from: MemberId, hints: [MemberId, PeerId, string[]][]) =>
  book.learn(
    ann.group,
    hints.map(([memberId, peerId, addresses]) => heard(memberId, peerId, addresses)),
    { memberId: from, now: NOW },
  )
const known = (memberId: MemberId) => ann.store.peers.ofGroup(SPACE).find((row) => row.memberId === memberId)

describe('what is known of where members are', () => {
  it('goes with the space, and what is still being said of it then is not kept: nobody is looked for there any more', () => {
    ann.store.transaction((tx) => {
      while (tx.groups.forget(SPACE, 100)) continue
    })
    says(bob, [[carol, CAROL, ['/ip4/1.1.1.1/tcp/1']]])
    seen(BOB, bob)
    expect([ann.store.peers.list(), book.wanted()]).toEqual([[], []])
  })

  it('is hearsay until a session of our own', () => {
    says(bob, [[carol, CAROL, ['/ip4/1.1.1.1/tcp/1']]])
    expect(known(carol)).toMatchObject({ peerId: CAROL, seenAt: null })
    expect(lookedFor).toEqual([CAROL])
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
    const told = [heard(bob, BOB, ['/ip4/2.2.2.2/tcp/2'])]
    ann.store.transaction((tx) =>
      writeHearsay(tx, SPACE, { self: ann.group.self, members: engine.members(ann.group.tip.state), heard: told }),
    )
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
      tx.peers.put({
        groupId: 'bb'.repeat(16) as never,
        memberId: bob,
        peerId: BOB,
        addresses: ['/b', '/d'],
        seq: 0,
        record: null,
        seenAt: NOW,
      }),
    )
    expect(book.wanted()).toEqual([{ peerId: BOB, addresses: ['/a', '/b', '/d'] }])
  })

  it('tries what was seen before what was heard, so that noise crowds out nothing', () => {
    const noise = Array.from({ length: 16 }, (_, i) => `/noise/${i}`)
    seen(CAROL, carol)
    says(carol, [[carol, CAROL, ['/good']]])
    // Bob says that he, too, is Carol's peer.
    ann.store.transaction((tx) =>
      tx.peers.put({ groupId: SPACE, memberId: bob, peerId: CAROL, addresses: noise, seq: 0, record: null, seenAt: null }),
    )
    const [wanted] = book.wanted()
    expect(wanted?.addresses[0]).toBe('/good')
    expect(wanted?.addresses).toHaveLength(16)
  })
})

describe('what we tell other members', () => {
  it('is ourselves first, then current members as they signed it, and nothing that nobody signed', async () => {
    seen(BOB, bob)
    seen(CAROL, carol)
    const told = heard(bob, BOB, ['/ip4/2.2.2.2/tcp/2'])
    book.learn(ann.group, [told], { memberId: bob, now: NOW })
    const gone = { groupId: SPACE, memberId: 'ff'.repeat(16) as MemberId, peerId: EVIL, addresses: [], seq: 1, record: Uint8Array.of(1) }
    ann.store.transaction((tx) => tx.peers.put({ ...gone, seenAt: NOW }))
    expect(await book.hints(ann.group)).toEqual([
      { memberId: ann.group.self, record: fakeRecord(ME, ours) },
      { memberId: bob, record: told.record },
    ])
  })
})

describe('a signed record', () => {
  const [first, second] = [['/ip4/1.1.1.1/tcp/1'], ['/ip4/2.2.2.2/tcp/2']]

  it('is taken from others where it is newer, also of a peer that was seen, and passed on', async () => {
    seen(CAROL, carol)
    book.learn(ann.group, [heard(carol, CAROL, first, 5)], { memberId: bob, now: NOW })
    expect(known(carol)).toMatchObject({ addresses: first, seq: 5, seenAt: NOW })
    book.learn(ann.group, [heard(carol, CAROL, second, 5), heard(carol, CAROL, second, 4)], { memberId: bob, now: NOW })
    expect(known(carol)).toMatchObject({ addresses: first, seq: 5 })
    book.learn(ann.group, [heard(carol, CAROL, second, 6)], { memberId: bob, now: NOW })
    expect(known(carol)).toMatchObject({ addresses: second, seq: 6, seenAt: NOW })
    expect((await book.hints(ann.group))[1]).toEqual({ memberId: carol, record: fakeRecord(CAROL, second, 6) })
  })

  it('of the peer itself is taken in any case: its clock may have been put back', () => {
    seen(CAROL, carol)
    book.learn(ann.group, [heard(carol, CAROL, first, 50)], { memberId: carol, now: NOW })
    book.learn(ann.group, [heard(carol, CAROL, second, 7)], { memberId: carol, now: NOW })
    expect(known(carol)).toMatchObject({ addresses: second, seq: 7 })
  })

  it('is opened once, and one that does not open is left out', async () => {
    const { memberId, record } = heard(bob, BOB, first, 3)
    const forged = { memberId: carol, record: Uint8Array.of(0xff) }
    const opened = await book.open([{ memberId, record }, forged], SPACE)
    expect(opened).toEqual([{ memberId, peerId: BOB, addresses: first, seq: 3, record }])
    book.learn(ann.group, opened, { memberId: carol, now: NOW })
    expect(await book.open([{ memberId, record }], SPACE)).toEqual([])
  })
})

describe('whom an invitation names', () => {
  const meet = (memberId: MemberId, peerId: PeerId, at: number, addresses = ['/ip4/3.3.3.3/tcp/3']) =>
    ann.store.transaction((tx) => tx.peers.put({ groupId: SPACE, memberId, peerId, addresses, seq: 0, record: null, seenAt: at }))

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

  describe('by relays', () => {
    const relay = (n: number) => `/ip4/198.51.100.${n}/tcp/4001/p2p/12D3KooW${String(n).repeat(44)}`
    const chosen = (relays: string[], reachability = 'relays') =>
      ann.store.transaction((tx) => tx.settings.set('reach', toCbor({ reachability, relays, invitedRelays: [], bootstrap: [] })))
    const named = () => book.linkPeers(SPACE)[0]?.addresses

    it('of which one may have no place for us just now: those where there is one come first, two in all', () => {
      ours = ['/ip4/10.0.0.1/tcp/1', `${relay(2)}/p2p-circuit/p2p/${ME}`]
      chosen([relay(1), relay(2), relay(3)])
      expect(named()).toEqual(['/ip4/10.0.0.1/tcp/1', `${relay(2)}/p2p-circuit`, `${relay(1)}/p2p-circuit`])
      ours = ['/ip4/10.0.0.1/tcp/1']
      expect(named()).toEqual(['/ip4/10.0.0.1/tcp/1', `${relay(1)}/p2p-circuit`, `${relay(2)}/p2p-circuit`])
    })

    it('but none where only this network is to know of us, or nothing runs', () => {
      ours = ['/ip4/10.0.0.1/tcp/1']
      chosen([relay(1)], 'local')
      expect(named()).toEqual(ours)
      ours = []
      chosen([relay(1)])
      expect(named()).toEqual([])
    })
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
  const other = new PeerBook(yan.store, { localPeer: ME, addresses: () => [], setWanted: () => undefined } as unknown as Network)
  const xi = await world.join(zoe, 'Xi')
  const hint = heard(xi.group.self, BOB, [])
  other.learn(yan.group, [hint], { memberId: zoe.group.self, now: NOW })
  expect(yan.store.peers.list()).toEqual([])
  await bring(zoe, yan)
  other.learn(yan.group, [hint], { memberId: zoe.group.self, now: NOW })
  expect(yan.store.peers.list()).toHaveLength(1)
})
