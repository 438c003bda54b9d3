import { peerIdFromString } from '@libp2p/peer-id'
import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { Serial } from '../../kernel/serial.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import { DialError, type Link, type ProtocolIds, type Transport, type TransportEvents } from '../sessions/transport.ts'
import { announced, listenAddresses, localHosts, proxied } from './addresses.ts'
import { toLink } from './connection-link.ts'
import { dialPeer } from './dial.ts'
import { decodeEndpoint, encodeEndpoint, type Endpoint } from './endpoint.ts'
import { freeTcpPort, freeUdpPort } from './free-port.ts'
import { createGater } from './gater.ts'
import { KNOWN_PEER_TAG_VALUE, MAX_STREAMS_PER_PROTOCOL } from './limits.ts'
import { watchNetwork } from './network-watch.ts'
import { createNode, type Node } from './node.ts'
import { toByteDuplex } from './stream-duplex.ts'
import { toPrivateKey } from './transport-key.ts'
import { loadWebRTC, webRTCDirect } from './webrtc.ts'

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
}

export interface TransportDeps {
  clock: Clock
  random: Random
  logger: Logger
  localPeer: PeerId
  protocols: ProtocolIds
}

const KNOWN_PEER_TAG = 'spacepanda-known'

/** libp2p behind the port that sessions stand on. */
export class Libp2pTransport implements Transport {
  readonly localPeer: PeerId
  readonly #deps: TransportDeps
  readonly #options: TransportOptions
  readonly #lifecycle = new Serial()
  #running: { node: Node; unwatch: () => void } | null = null
  #endpoint: Endpoint

  constructor(deps: TransportDeps, options: TransportOptions) {
    this.#deps = deps
    this.#options = options
    this.localPeer = deps.localPeer
    this.#endpoint = (options.endpoint && decodeEndpoint(options.endpoint)) ?? { tcpPort: 0, webrtc: null }
  }

  start(events: TransportEvents): Promise<void> {
    return this.#lifecycle.run(() => this.#start(events))
  }

  stop(): Promise<void> {
    return this.#lifecycle.run(async () => {
      this.#running?.unwatch()
      await this.#running?.node.stop()
      this.#running = null
    })
  }

  addresses(): string[] {
    return this.#running === null ? [] : announced(localHosts(this.#options.loopbackOnly), this.#endpoint, this.localPeer)
  }

  endpoint(): Redacted<Uint8Array> {
    return encodeEndpoint(this.#endpoint)
  }

  async dial(peer: PeerAddress, signal: AbortSignal): Promise<Link> {
    if (this.#running === null) throw new DialError('unreachable')
    const { via } = this.#options
    const addresses = via === undefined ? peer.addresses : peer.addresses.flatMap((address) => proxied(address, via) ?? [])
    return dialPeer(this.#running.node, this.#deps.clock, { ...peer, addresses }, signal)
  }

  setKnown(peerId: PeerId, known: boolean): void {
    const tags = { [KNOWN_PEER_TAG]: known ? { value: KNOWN_PEER_TAG_VALUE } : undefined }
    this.#running?.node.peerStore.merge(peerIdFromString(peerId), { tags }).catch(() => {
      this.#deps.logger.warn('tag-failed')
    })
  }

  async #start(events: TransportEvents): Promise<void> {
    const { loopbackOnly } = this.#options
    const mdns = this.#options.mdns && !loopbackOnly
    const webrtc = this.#options.webrtc ? await loadWebRTC(this.#deps.logger) : null
    this.#endpoint = await this.#chooseEndpoint(webrtc !== null)
    const certificate = this.#endpoint.webrtc?.certificate
    const node: Node = await createNode({
      privateKey: await toPrivateKey(this.#options.key),
      listen: listenAddresses(loopbackOnly, this.#endpoint),
      gater: createGater({ connections: () => node.getConnections(), isKnown: (peerId) => events.isKnown(peerId as PeerId) }),
      onSeen: mdns
        ? ({ id, multiaddrs }) => events.onDiscovered({ peerId: id.toString() as PeerId, addresses: multiaddrs.map(String) })
        : null,
      webrtc: webrtc !== null && certificate !== undefined ? webRTCDirect(webrtc, certificate) : null,
    })
    await this.#listen(node, events)
    await node.start()
    const look = (): string => JSON.stringify(localHosts(loopbackOnly))
    this.#running = { node, unwatch: watchNetwork(this.#deps.clock, look, () => events.onNetworkChange()) }
    this.#deps.logger.info('network-started', { webrtc: this.#endpoint.webrtc !== null, mdns })
  }

  async #chooseEndpoint(withWebRTC: boolean): Promise<Endpoint> {
    const host = this.#options.loopbackOnly ? '127.0.0.1' : '0.0.0.0'
    const before = this.#endpoint
    const tcpPort = await freeTcpPort(host, this.#options.tcpPort || before.tcpPort)
    if (!withWebRTC) return { tcpPort, webrtc: null }
    const { createCertificate } = await import('./certificate.ts')
    const certificate = before.webrtc?.certificate ?? (await createCertificate(this.#deps.clock.now(), this.#deps.random))
    return { tcpPort, webrtc: { port: await freeUdpPort(host, before.webrtc?.port ?? 0), certificate } }
  }

  async #listen(node: Node, events: TransportEvents): Promise<void> {
    const limits = { maxInboundStreams: MAX_STREAMS_PER_PROTOCOL, maxOutboundStreams: MAX_STREAMS_PER_PROTOCOL }
    for (const protocol of this.#deps.protocols) {
      await node.handle(protocol, (stream, connection) => events.onStream(protocol, toLink(connection), toByteDuplex(stream)), limits)
    }
    node.addEventListener('connection:open', ({ detail }) => events.onLink(toLink(detail)))
  }
}
