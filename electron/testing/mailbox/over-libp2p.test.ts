import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { groupOfSpace } from '../../../shared/domain/ids.ts'
import type { Eid, GroupId } from '../../../shared/domain/ids.ts'
import { createGroupEngine, X25519_SUITE } from '../../crypto/mls/index.ts'
import { systemClock } from '../../kernel/clock.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import { createNetwork, generateTransportKey, mountMailbox, publicKeyOf } from '../../network/create-network.ts'
import type { Libp2pNetwork } from '../../network/create-network.ts'
import { createNode, NEAR_ONLY } from '../../network/libp2p/node.ts'
import type { Node } from '../../network/libp2p/node.ts'
import { toPrivateKey } from '../../network/libp2p/transport-key.ts'
import { mailboxRpc } from '../../network/protocols/mailbox/mailbox-rpc.ts'
import { Messenger } from '../../node/messenger.ts'
import { readProfile, writeNewProfile } from '../../node/profile/profile-record.ts'
import { MARK_BYTES } from '../../ports/mailbox.ts'
import type { NetworkHandlers } from '../../ports/network.ts'
import type { Store } from '../../ports/store.ts'
import { receiptsOf } from '../../sync/mailbox/put-notes.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import { openMailbox } from '../../relay/mailbox/open-mailbox.ts'
import type { OpenMailbox } from '../../relay/mailbox/open-mailbox.ts'
import { dayKeys, dayOf } from '../../sync/mailbox/day-keys.ts'
import { seal, sealedHash } from '../../sync/mailbox/seal.ts'
import { isReceipt, makeGet, makePut } from '../../sync/mailbox/statements.ts'
import { createPerson } from '../contracts/network/harness.ts'
import { createMemoryStore } from '../fakes/memory-store.ts'
import { apiOf } from '../fixtures/town.ts'

const options = () => ({
  key: generateTransportKey(systemRandom),
  ...{ loopbackOnly: true, mdns: false, webrtc: false, tcpPort: 0, endpoint: null },
})
const deps = (handlers: NetworkHandlers) => ({ handlers, clock: systemClock, random: systemRandom, logger: silentLogger })

describe('a mailbox over libp2p', () => {
  let root: string
  let node: Node
  let mailbox: OpenMailbox
  let peer: PeerAddress
  let unmount: () => Promise<void>
  let ending: (() => Promise<void>)[]
  const key = generateTransportKey(systemRandom)

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'spacepanda-mailbox-'))
    ending = []
    node = await createNode({
      ...{
        privateKey: await toPrivateKey(key),
        listen: ['/ip4/127.0.0.1/tcp/0'],
        gater: {},
        onSeen: null,
        webrtc: null,
        reaching: NEAR_ONLY,
        sorter: () => 0,
      },
    })
    await open()
    await node.start()
    peer = { peerId: mailbox.peerId, addresses: node.getMultiaddrs().map(String) }
  })
  afterEach(async () => {
    for (const end of ending.reverse()) await end()
    await close()
    await node.stop()
    rmSync(root, { recursive: true, force: true })
  })
  const open = async () => {
    mailbox = await openMailbox({ key, file: join(root, 'mailbox.db'), clock: systemClock, logger: silentLogger })
    unmount = await mountMailbox(node, mailbox.protocol)
  }
  const close = async () => {
    await unmount()
    mailbox.stop()
  }
  const never = new AbortController().signal
  const keys = dayKeys(systemRandom.id<GroupId>(), systemRandom.bytes(32), dayOf(systemClock.now()))
  const object = (size: number) => seal(keys, { eid: systemRandom.id<Eid>(), bytes: systemRandom.bytes(size) })

  async function visitor(): Promise<Libp2pNetwork> {
    const made: Libp2pNetwork[] = []
    const create = async (handlers: NetworkHandlers) => {
      const network = await createNetwork(deps(handlers), options())
      made.push(network)
      await network.start()
      return network
    }
    await createPerson({ create, dispose: () => Promise.resolve() }, [])
    const [network] = made
    if (network === undefined) throw new Error('a person has a network')
    ending.push(() => network.stop())
    return network
  }

  it('takes, gives and keeps through a restart what a visitor without any session brings', async () => {
    const network = await visitor()
    const objects = [object(100), object(3_000)]
    const put = () => makePut(keys, peer.peerId, objects, systemClock.now())
    const answer = await network.mailbox(peer, put(), never)
    const [receipt] = answer.kind === 'stored' ? answer.receipts : []
    const [first = new Uint8Array()] = objects
    if (receipt === undefined) throw new Error('there is a receipt')
    const mailboxKey = publicKeyOf(peer.peerId) ?? new Uint8Array()
    expect(isReceipt(mailboxKey, { ...receipt, tag: keys.tag, hash: sealedHash(first) }, receipt.signature)).toBe(true)
    await close()
    await expect(network.mailbox(peer, put(), never)).rejects.toMatchObject({ code: 'not-found' })
    await open()
    const page = await network.mailbox(peer, makeGet(keys, peer.peerId, 0, systemClock.now()), never)
    const nextMark = page.kind === 'page' ? page.nextMark : null
    expect(nextMark).toHaveLength(MARK_BYTES)
    expect(page).toEqual({ kind: 'page', objects, next: 2, more: false, mark: null, nextMark })
    expect(network.sessions()).toEqual([])
    expect(mailbox.metrics()).toMatchObject({ keptObjects: 2, keptTags: 1 })
  })

  it('carries the largest object there is', async () => {
    const network = await visitor()
    const large = object(2 * 1024 * 1024)
    const answer = await network.mailbox(peer, makePut(keys, peer.peerId, [large], systemClock.now()), never)
    expect(answer.kind).toBe('stored')
    const page = await network.mailbox(peer, makeGet(keys, peer.peerId, 0, systemClock.now()), never)
    expect(page.kind === 'page' && page.objects.map(({ length }) => length)).toEqual([large.length])
  })

  it('ends the stream of who sends what is no request, and goes on', async () => {
    const network = await visitor()
    const attacker = await createNode({
      ...{
        privateKey: await toPrivateKey(generateTransportKey(systemRandom)),
        listen: [],
        gater: {},
        onSeen: null,
        webrtc: null,
        reaching: NEAR_ONLY,
        sorter: () => 0,
      },
    })
    ending.push(async () => attacker.stop())
    await attacker.start()
    const connection = await attacker.dial(node.getMultiaddrs())
    const frame = (body: Uint8Array) => Uint8Array.from([0, 0, 0, 5 + body.length, 1, 0, 0, 0, 7, ...body])
    for (const bytes of [new Uint8Array(16).fill(0xff), frame(new Uint8Array([0xa0])), frame(systemRandom.bytes(200))]) {
      const stream = await connection.newStream(mailboxRpc.id)
      const ended = new Promise((resolve) => stream.addEventListener('close', resolve, { once: true }))
      stream.send(bytes)
      await ended
      expect(stream.status).not.toBe('open')
    }
    expect((await network.mailbox(peer, makeGet(keys, peer.peerId, 0, systemClock.now()), never)).kind).toBe('page')
  })

  it('brings a message from Alice, who is gone, to Bob, who was not there', async () => {
    const engine = await createGroupEngine({ clock: systemClock, random: systemRandom, logger: silentLogger, suiteId: X25519_SUITE })
    const stores: Record<string, Store> = { Alice: createMemoryStore(), Bob: createMemoryStore() }
    const come = async (name: string) => {
      const store = stores[name] ?? createMemoryStore()
      const messenger = await Messenger.open({
        ...{ store, engine, clock: systemClock, random: systemRandom, logger: silentLogger, emit: () => undefined },
        mailboxes: { mailboxesOf: () => [peer], publicKeyOf },
        createNetwork: async (handlers) => ({ network: await createNetwork(deps(handlers), options()), started: () => undefined }),
      })
      const record = readProfile(store) ?? writeNewProfile(store, name, systemRandom)
      await messenger.start()
      let stopped: Promise<void> | null = null
      const stop = () => (stopped ??= messenger.stop())
      ending.push(stop)
      return { store, api: apiOf({ messenger, record, store }, systemClock, () => undefined), stop }
    }
    const soon = (what: () => unknown, expected: unknown) => expect.poll(what, { interval: 50, timeout: 15_000 }).toEqual(expected)
    const [alice, bob] = [await come('Alice'), await come('Bob')]
    const { spaceId } = await alice.api['spaces.create']({ name: 'Friends' })
    const invitation = await alice.api['invitations.create']({ spaceId, role: 'member', maxUses: null, expiresInMs: 3_600_000 })
    await bob.api['joins.start']({ link: invitation.link ?? '' })
    await soon(async () => (await bob.api['spaces.list']({})).length, 1)
    await bob.stop()
    const channelId = alice.store.directory.channels(groupOfSpace(spaceId))[0]?.channelId
    if (channelId === undefined) throw new Error('a space has a channel')
    const { messageId } = await alice.api['messages.send']({ channelId, text: 'for later', replyTo: null })
    const objectId = alice.store.messages.get(messageId)?.objectId ?? expect.fail()
    await soon(() => receiptsOf(alice.store, objectId).length, 1)
    // This one is no relay: that Bob asks it nobody told Alice.
    expect((await alice.api['messages.get']({ messageId })).delivery.state).toBe('stored')
    await alice.stop()
    const again = await come('Bob')
    await soon(() => again.store.messages.page(channelId, 10, null).messages.map(({ text }) => text), ['for later'])
  }, 60_000)
})
