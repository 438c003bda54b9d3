import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hears, joinBy, reaches, say, textsOf, until, type TestNode } from '../story/test-node.ts'
import { addressOf, choose, hasPlaces, RelayTown } from './relay-town.ts'

describe('two people who can reach nothing but relays', { timeout: 60_000 }, () => {
  let town: RelayTown
  let alice: TestNode
  let bob: TestNode

  beforeEach(async () => {
    town = new RelayTown()
    alice = await town.newcomer('Alice')
    bob = await town.newcomer('Bob')
  })
  afterEach(() => town.dispose())

  const found = () => alice.api['spaces.create']({ name: 'Friends' })
  const paths = async (node: TestNode) => (await node.api['connection.status']({})).peers.map(({ path }) => path)

  it('join by an invitation alone, talk, and count the relay it named as theirs', async () => {
    const relay = await town.relay()
    await choose(alice, relay)
    expect((await joinBy(alice, await found(), bob)).state.kind).toBe('done')
    expect((await bob.api['reach.get']({})).invitedRelays).toEqual([addressOf(relay)])
    await reaches(alice, await say(alice, 'hello Bob'), 'delivered')
    await reaches(bob, await say(bob, 'hello Alice'), 'delivered')
    expect(await textsOf(bob)).toEqual(['hello Bob', 'hello Alice'])
    expect([await paths(alice), await paths(bob)]).toEqual([['relayed'], ['relayed']])
    await hasPlaces(bob, 1)
    await until(bob, 'it is known to keep no mailbox', async () =>
      (await bob.api['connection.status']({})).mailboxes.some(({ state }) => state === 'none') ? true : null,
    )
  })

  it('go on by the second relay when the first dies, and lose no word', async () => {
    const [first, second] = [await town.relay(), await town.relay()]
    await choose(alice, first, second)
    await joinBy(alice, await found(), bob)
    await hasPlaces(bob, 2)
    await reaches(alice, await say(alice, 'before'), 'delivered')
    await town.halt(first.counts().circuits > 0 ? first : second)
    const fromAlice = await say(alice, 'from Alice')
    await say(bob, 'from Bob')
    await hears(bob, 'from Alice')
    await hears(alice, 'from Bob')
    expect((await textsOf(alice)).toSorted()).toEqual(['before', 'from Alice', 'from Bob'])
    expect((await textsOf(bob)).toSorted()).toEqual(['before', 'from Alice', 'from Bob'])
    await reaches(alice, fromAlice, 'delivered')
  })

  it('find each other again by the relay after both restarted', async () => {
    const relay = await town.relay()
    await choose(alice, relay)
    await joinBy(alice, await found(), bob)
    await hasPlaces(bob, 1)
    await reaches(alice, await say(alice, 'before'), 'delivered')
    alice = await town.restart(alice)
    bob = await town.restart(bob)
    await reaches(bob, await say(bob, 'after'), 'delivered')
  })

  it('are never there at the same time, and what one wrote is brought to the other by the mailbox of the relay', async () => {
    const relay = await town.relayWithMailbox()
    await choose(alice, relay)
    await joinBy(alice, await found(), bob)
    await reaches(alice, await say(alice, 'while both are here'), 'delivered')
    await bob.stop()
    const written = await reaches(alice, await say(alice, 'while Bob is away'), 'held')
    expect(written.delivery).toMatchObject({ state: 'held', delivered: 0 })
    await alice.stop()
    bob = await town.restart(bob)
    await hears(bob, 'while Bob is away')
    expect((await bob.api['connection.status']({})).mailboxes).toMatchObject([{ state: 'reachable', withheld: 0 }])
    await reaches(bob, await say(bob, 'while Alice is away'), 'held')
    await bob.stop()
    alice = await town.restart(alice)
    await hears(alice, 'while Alice is away')
    expect((await alice.api['messages.get']({ messageId: written.messageId })).delivery.state).not.toBe('failed')
  })

  it('meet no more once one of them chooses the local network alone, and again when it chooses relays', async () => {
    const relay = await town.relay()
    await choose(alice, relay)
    await joinBy(alice, await found(), bob)
    await reaches(alice, await say(alice, 'before'), 'delivered')
    const reach = await bob.api['reach.get']({})
    await bob.api['reach.set']({ ...reach, reachability: 'local' })
    expect(await bob.api['connection.status']({})).toMatchObject({ reachability: 'local' })
    await until(alice, 'Bob gone', async () => ((await paths(alice)).includes('relayed') ? null : true))
    expect((await bob.api['connection.status']({})).listening.filter((address) => address.includes('p2p-circuit'))).toEqual([])
    const meanwhile = await say(alice, 'meanwhile')
    await bob.api['reach.set']({ ...reach, reachability: 'relays' })
    await reaches(alice, meanwhile, 'delivered')
  })
})

describe('by whom one is found', () => {
  let town: RelayTown
  let node: TestNode
  beforeEach(async () => {
    town = new RelayTown()
    node = await town.newcomer('Alice')
  })
  afterEach(() => town.dispose())

  const key = '12D3KooWSLNDGRsMY8E9ZisKhTi7pj82yMoERGQEpfhYSf2Be9wx'
  const good = `/ip4/203.0.113.7/tcp/4001/p2p/${key}`
  const usual = { reachability: 'relays', relays: [], invitedRelays: [], bootstrap: [] }

  it('is the local network and relays of invitations, unless something else is chosen', async () => {
    expect(await node.api['reach.get']({})).toEqual(usual)
  })

  it.each([
    ['nonsense', /looks like this/],
    ['/ip4/203.0.113.7/tcp/4001', /by which key/],
    [`/ip4/203.0.113.7/tcp/4001/p2p/${key}x`, /by which key/],
    [`/ip4/203.0.113.7/udp/4001/p2p/${key}`, /looks like this/],
    [`/ip4/203.0.113.7/tcp/0/p2p/${key}`, /looks like this/],
    [`/dns4/relay.example.org/tcp/4001/p2p/${key}`, /looking up a name/],
    [`${good}/p2p-circuit/p2p/${key}`, /before \/p2p-circuit/],
  ])('is changed by nothing that is no relay: %s', async (address, words) => {
    const change = { reachability: 'public' as const, relays: [good, address], invitedRelays: [], bootstrap: [] }
    const refused: unknown = await node.api['reach.set'](change).catch((thrown: unknown) => thrown)
    expect(refused).toMatchObject({ code: 'invalid' })
    expect(String(refused)).toMatch(words)
    expect(await node.api['reach.get']({})).toEqual(usual)
  })

  it('takes a relay over WebSocket, and none twice', async () => {
    const relays = [good.replace('4001', '443/ws'), good]
    await expect(node.api['reach.set']({ ...usual, reachability: 'relays', relays })).rejects.toMatchObject({ code: 'invalid' })
    expect(await node.api['reach.set']({ ...usual, reachability: 'local', relays: relays.slice(0, 1) })).toMatchObject({
      relays: [`/ip4/203.0.113.7/tcp/443/ws/p2p/${key}`],
    })
  })
})
