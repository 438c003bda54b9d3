import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { Connection } from '@libp2p/interface'
import type { NodeAddress } from '@libp2p/interface-internal'
import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { Serial } from '../../kernel/serial.ts'
import { NEARBY, UNREACHED, type Reach, type Reached, type RelayProbe } from '../../ports/network.ts'
import type { PeerAddress, PeerRecord } from '../../ports/wire.ts'
import { DialError, type Link, type ProtocolIds, type Transport, type TransportEvents } from '../sessions/transport.ts'
import { announced, isNear, likelyFirst, listenAddresses, localHosts, MAX_ADDRESSES, proxied, type DialRules } from './addresses.ts'
import { toLink } from './connection-link.ts'
import { dialDirect, dialPeer, lookUp } from './dial.ts'
import { decodeEndpoint, encodeEndpoint, type Endpoint } from './endpoint.ts'
import { FarServices } from './far-services.ts'
import { freeTcpPort, freeUdpPort } from './free-port.ts'
import { createGater } from './gater.ts'
import { KNOWN_PEER_TAG_VALUE, MAX_RELAYS, MAX_STREAMS_PER_PROTOCOL } from './limits.ts'
import { isKept } from './mux-ports.ts'
import { watchNetwork } from './network-watch.ts'
import type { Node, ReachingParts } from './node.ts'
import { cameFromOutside, openedBy, outsideOf } from './outside.ts'
import { readRelayAddress, relayOf, stunServers, viaRelay, type RelayAddress } from './relay-address.ts'
import { RelayKeeper } from './relay-keeper.ts'
import { probeRelay } from './relay-probe.ts'
import { openRecord, sealRecord } from './signed-record.ts'
import { toByteDuplex } from './stream-duplex.ts'
import { toPrivateKey } from './transport-key.ts'
import { loadWebRTC, webRTCDirect, webRTCIntroduced } from './webrtc.ts'

export interface TransportOptions {
  key: Redacted<Uint8Array>
  /** Listen and announce on 127.0.0.1 only. Multicast reaches the whole network, so there is no mDNS then. */
  loopbackOnly: boolean
  mdns: boolean
  webrtc: boolean
  /** Dial only these TCP ports of this machine, each by way of another: proxies, for tests of real processes. */
  via?: (tcpPort: number) => number | null
  /** 0: the one of `endpoint`, else any. One that is taken gives way to any. */
  tcpPort: number
  /** What `endpoint()` gave last time, so that our addresses stay the same; null at the first start. */
  endpoint: Redacted<Uint8Array> | null
  /** By whom to be found; the local network alone unless given. */
  reach?: Reach
}

export interface TransportDeps {
  clock: Clock
  random: Random
  logger: Logger
  localPeer: PeerId
  protocols: ProtocolIds
}

interface Running {
  node: Node
  events: TransportEvents
  /** Null where nobody relays. */
  keeper: RelayKeeper | null
  far: FarServices | null
  unwatch: () => void
  /** Everything that libp2p knows of addresses of ours, whether or not anybody tried them. */
  known: () => NodeAddress[]
  /** Somebody came straight from outside since the network was another. */
  met: boolean
}

const KNOWN_PEER_TAG = 'spacepanda-known'

/** libp2p behind the port that sessions stand on. */
export class Libp2pTransport implements Transport {
  readonly localPeer: PeerId
  readonly #deps: TransportDeps
  readonly #options: TransportOptions
  readonly #lifecycle = new Serial()
  #running: Running | null = null
  #endpoint: Endpoint
  #signed: { text: string; seq: number; record: Uint8Array } | null = null
  #reach: Reach

  constructor(deps: TransportDeps, options: TransportOptions) {
    this.#deps = deps
    this.#options = options
    this.localPeer = deps.localPeer
    this.#reach = options.reach ?? NEARBY
    this.#endpoint = (options.endpoint && decodeEndpoint(options.endpoint)) ?? { tcpPort: 0, webrtc: null }
  }

  start(events: TransportEvents): Promise<void> {
    return this.#lifecycle.run(() => this.#start(events))
  }

  stop(): Promise<void> {
    return this.#lifecycle.run(() => this.#stop())
  }

  addresses(): string[] {
    if (this.#running === null) return []
    const { node, keeper, known } = this.#running
    const own = announced(localHosts(this.#options.loopbackOnly), this.#endpoint, this.localPeer)
    if (keeper === null) return own
    const relayed = relayedAddresses(keeper, this.localPeer)
    // What others saw us at and could dial, and what a router opened for us: whether that leads here shows when somebody comes.
    const opened = isFar(this.#reach) ? openedBy(known()).map((address) => `${address}/p2p/${this.localPeer}`) : []
    const seen = new Set([...node.getMultiaddrs().map(String), ...opened])
    const found = [...seen].filter((address) => !own.includes(address) && !address.includes('/p2p-circuit'))
    return [...[...own, ...found].slice(0, MAX_ADDRESSES - relayed.length), ...relayed]
  }

  async record(): Promise<Uint8Array | null> {
    if (this.#running === null) return null
    const addresses = this.addresses()
    const text = addresses.join()
    if (this.#signed?.text === text) return this.#signed.record
    const seq = Math.max(this.#deps.clock.now(), (this.#signed?.seq ?? 0) + 1)
    const record = await sealRecord(await toPrivateKey(this.#options.key), addresses, seq)
    this.#signed = { text, seq, record }
    return record
  }

  openRecord(record: Uint8Array): Promise<PeerRecord | null> {
    return openRecord(record)
  }

  setReach(reach: Reach): Promise<void> {
    return this.#lifecycle.run(async () => {
      const before = this.#reach
      this.#reach = reach
      if (this.#running === null) return
      const { events, keeper, far } = this.#running
      const isSameNode = before.level === reach.level && before.bootstrap.join() === reach.bootstrap.join()
      if (isSameNode) {
        keeper?.keep(relaysOf(reach))
        far?.want(isFar(reach))
        return
      }
      await this.#stop()
      await this.#start(events)
      events.onNetworkChange()
    })
  }

  endpoint(): Redacted<Uint8Array> {
    return encodeEndpoint(this.#endpoint)
  }

  async dial(peer: PeerAddress, signal: AbortSignal): Promise<Link> {
    if (this.#running === null) throw new DialError('unreachable')
    const { node } = this.#running
    const options = { rules: this.#rules(), signal }
    try {
      return this.#toLink(await dialPeer(node, this.#deps.clock, this.#rerouted(peer), options))
    } catch (thrown) {
      const addresses = this.#reach.level === 'public' && !signal.aborted ? await lookUp(node, peer.peerId, signal) : []
      if (addresses.length === 0) throw thrown
      return this.#toLink(await dialPeer(node, this.#deps.clock, this.#rerouted({ ...peer, addresses }), options))
    }
  }

  async dialDirect(peer: PeerAddress, signal: AbortSignal): Promise<Link | null> {
    if (this.#running === null) return null
    const connection = await dialDirect(this.#running.node, this.#rerouted(peer), {
      rules: this.#rules(),
      webrtc: this.#endpoint.webrtc !== null,
      signal,
    })
    return connection && this.#toLink(connection)
  }

  cut(peerId: PeerId): void {
    // At once: whoever is cut off need not read what it was sent.
    for (const connection of this.#running?.node.getConnections(peerIdFromString(peerId)) ?? []) connection.abort(new Error('kept away'))
  }

  reached(): Omit<Reached, 'nearby'> {
    const { loopbackOnly } = this.#options
    const own = { ...UNREACHED, confined: loopbackOnly, networks: localHosts(loopbackOnly).length - 1 }
    if (this.#running === null) return own
    const { known, met, keeper } = this.#running
    return {
      ...own,
      outside: this.#reach.level === 'local' ? 'unknown' : outsideOf(known(), met),
      relays: keeper?.places().map(({ relayId, held }) => ({ peerId: relayId as PeerId, held })) ?? [],
    }
  }

  async probeRelay(address: string, signal: AbortSignal): Promise<RelayProbe> {
    const { keeper, node } = this.#running ?? {}
    const relay = readRelayAddress(address)
    if (node === undefined || keeper == null || typeof relay === 'string') return { kind: 'no-answer', why: 'no-way' }
    const way = {
      goTo: (bounded: AbortSignal) => keeper.goTo(relay, bounded),
      ping: (bounded: AbortSignal) => node.services.ping.ping(peerIdFromString(relay.relayId), { signal: bounded }),
      reserve: () => keeper.place(relay),
    }
    return probeRelay(way, signal)
  }

  setKnown(peerId: PeerId, known: boolean): void {
    const tags = { [KNOWN_PEER_TAG]: known ? { value: KNOWN_PEER_TAG_VALUE } : undefined }
    this.#running?.node.peerStore.merge(peerIdFromString(peerId), { tags }).catch(() => {
      this.#deps.logger.warn('tag-failed')
    })
  }

  async #stop(): Promise<void> {
    this.#running?.unwatch()
    await this.#running?.node.stop()
    this.#running = null
  }

  async #start(events: TransportEvents): Promise<void> {
    const { loopbackOnly } = this.#options
    const mdns = this.#options.mdns && !loopbackOnly
    const webrtc = this.#options.webrtc ? await loadWebRTC(this.#deps.logger) : null
    this.#endpoint = await this.#chooseEndpoint(webrtc !== null)
    const certificate = this.#endpoint.webrtc?.certificate
    const { keeper, far, parts } = await this.#reaching(events, webrtc)
    let known = (): NodeAddress[] => []
    const isKnown = (peerId: string): boolean => events.isKnown(peerId as PeerId)
    const { createNode } = await loadNode()
    const node: Node = await createNode({
      isKnown,
      privateKey: await toPrivateKey(this.#options.key),
      listen: listenAddresses(loopbackOnly, this.#endpoint),
      gater: createGater({
        connections: () => node.getConnections(),
        isKnown,
        isKeptAway: (peerId) => events.isKeptAway(peerId as PeerId),
      }),
      onSeen: mdns
        ? ({ id, multiaddrs }) => events.onDiscovered({ peerId: id.toString() as PeerId, addresses: multiaddrs.map(String) })
        : null,
      webrtc: webrtc !== null && certificate !== undefined ? webRTCDirect(webrtc, certificate) : null,
      reaching: {
        ...parts,
        services: { ...parts.services, known: ({ addressManager }) => (known = () => addressManager.getAddressesWithMetadata()) },
      },
      announce: () => relayedAddresses(keeper, this.localPeer).map((address) => multiaddr(address)),
      sorter: (a, b) => likelyFirst(localHosts(loopbackOnly))(a, b),
    })
    const look = (): string => JSON.stringify(localHosts(loopbackOnly))
    const onChange = (): void => {
      if (this.#running !== null) this.#running.met = false
      keeper?.retry()
      events.onNetworkChange()
    }
    this.#running = { node, events, keeper, far, unwatch: watchNetwork(this.#deps.clock, look, onChange), known: () => known(), met: false }
    await this.#listen(node, events)
    await node.start()
    keeper?.keep(relaysOf(this.#reach))
    this.#deps.logger.info('network-started', { webrtc: this.#endpoint.webrtc !== null, mdns, level: this.#reach.level })
  }

  /** The parts that reach further are loaded only where they are wanted. */
  async #reaching(events: TransportEvents, webrtc: Awaited<ReturnType<typeof loadWebRTC>>): Promise<Reaching> {
    const { level, bootstrap } = this.#reach
    if (level === 'local') return { keeper: null, far: null, parts: (await loadNode()).NEAR_ONLY }
    const { reachingParts } = await import('./reaching.ts')
    const { loopbackOnly } = this.#options
    const { clock, random, logger } = this.#deps
    const reroute = (address: string): string | null => this.#reroute(address)
    const keeper = new RelayKeeper({ clock, random, logger, reroute, changed: () => this.#onRelaysChanged(events) })
    const introduced = webrtc && webRTCIntroduced(webrtc, () => stunServers([...this.#introducing(), ...keeper.all()]))
    const opened = (): void => events.onReachedChange()
    const far = new FarServices(async () => (await import('./far-factories.ts')).farFactories(loopbackOnly, opened), {
      wanted: isFar(this.#reach),
      logger,
    })
    return { keeper, far, parts: await reachingParts({ level, bootstrap, keeper, far, loopbackOnly, webrtc: introduced }) }
  }

  /** What libp2p tells those we are connected with is renewed too: by it the table learns where we are, and who punches holes. */
  #onRelaysChanged(events: TransportEvents): void {
    const { node } = this.#running ?? {}
    const multiaddrs = node?.getMultiaddrs().map((address) => address.decapsulate(`/p2p/${this.localPeer}`)) ?? []
    node?.peerStore.patch(node.peerId, { multiaddrs }).catch(() => this.#deps.logger.warn('announce-failed'))
    events.onNetworkChange()
  }

  #onMet(events: TransportEvents): void {
    if (this.#running === null || this.#running.met) return
    this.#running.met = true
    events.onReachedChange()
  }

  /** Relays that carry a connection of ours now: one that is to be made straight is among them, and its other end knows them too. */
  #introducing(): RelayAddress[] {
    const open = this.#running?.node.getConnections() ?? []
    return open.filter(({ direct }) => !direct).flatMap(({ remoteAddr }) => relayOf(remoteAddr.toString()) ?? [])
  }

  #rules(): DialRules {
    return { nearOnly: this.#reach.level === 'local', hosts: localHosts(this.#options.loopbackOnly) }
  }

  #reroute(address: string): string | null {
    const { via } = this.#options
    return via === undefined ? address : proxied(address, via)
  }

  #rerouted(peer: PeerAddress): PeerAddress {
    return { ...peer, addresses: peer.addresses.flatMap((address) => this.#reroute(address) ?? []) }
  }

  #toLink(connection: Connection): Link {
    return toLink(connection, {
      isRelay: (peerId) => this.#running?.keeper?.keeps(peerId) === true,
      isNear: (address) => isNear(address, localHosts(this.#options.loopbackOnly)),
    })
  }

  async #chooseEndpoint(withWebRTC: boolean): Promise<Endpoint> {
    const host = this.#options.loopbackOnly ? '127.0.0.1' : '0.0.0.0'
    const before = this.#endpoint
    const tcpPort = await freeTcpPort(host, this.#options.tcpPort || before.tcpPort)
    if (!withWebRTC) return { tcpPort, webrtc: null }
    const { createCertificate } = await import('./certificate.ts')
    const certificate = before.webrtc?.certificate ?? (await createCertificate(this.#deps.clock.now(), this.#deps.random))
    const wanted = before.webrtc?.port ?? 0
    const port = isKept(host, wanted) ? wanted : await freeUdpPort(host, wanted)
    return { tcpPort, webrtc: { port, certificate } }
  }

  async #listen(node: Node, events: TransportEvents): Promise<void> {
    const streams = { maxInboundStreams: MAX_STREAMS_PER_PROTOCOL, maxOutboundStreams: MAX_STREAMS_PER_PROTOCOL }
    const limits = { ...streams, runOnLimitedConnection: true }
    for (const protocol of this.#deps.protocols) {
      await node.handle(protocol, (stream, connection) => events.onStream(protocol, this.#toLink(connection), toByteDuplex(stream)), limits)
    }
    node.addEventListener('connection:open', ({ detail }) => {
      if (cameFromOutside(detail, node.getConnections(), localHosts(this.#options.loopbackOnly))) this.#onMet(events)
      events.onLink(this.#toLink(detail))
    })
    node.addEventListener('self:peer:update', () => events.onReachedChange())
  }
}

/** libp2p is a quarter of what a start would read, and nothing that is shown waits for it. */
const loadNode = () => import('./node.ts')

interface Reaching {
  keeper: RelayKeeper | null
  far: FarServices | null
  parts: ReachingParts
}

const relayedAddresses = (keeper: RelayKeeper | null, peerId: PeerId): string[] =>
  keeper?.held().map((relay) => viaRelay(relay, peerId)) ?? []

/** Whether anybody beyond the local network shall find us; else we only may find them. */
const isFar = (reach: Reach): boolean => reach.level === 'public' || relaysOf(reach).length > 0

/** Those that can be made sense of: the rest was refused where it was entered. */
const relaysOf = ({ relays }: Reach): RelayAddress[] =>
  relays
    .map(readRelayAddress)
    .filter((read) => typeof read !== 'string')
    .slice(0, MAX_RELAYS)
