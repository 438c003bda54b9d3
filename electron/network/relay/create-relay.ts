import type { Connection, ConnectionGater, PeerId as Libp2pPeerId, Stream } from '@libp2p/interface'
import { circuitRelayServer, RELAY_V2_HOP_CODEC, type CircuitRelayService } from '@libp2p/circuit-relay-v2'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { callerOf } from '../libp2p/caller.ts'
import { hostOf } from '../libp2p/gater.ts'
import { MAX_STREAMS_PER_PEER } from '../libp2p/limits.ts'
import { createNode } from '../libp2p/node.ts'
import { dht } from '../libp2p/dht.ts'
import { toByteDuplex } from '../libp2p/stream-duplex.ts'
import { peerIdOf, toPrivateKey } from '../libp2p/transport-key.ts'
import type { Offence } from '../channel/offence.ts'
import { Conduct } from '../sessions/conduct.ts'
import { Circuits } from './circuits.ts'
import { measured } from './measured.ts'
import type { MountedProtocol } from './mounted.ts'
import { HOP_MS, MAX_PENDING_INBOUND, RESERVATION_MS, USUAL_LIMITS, type RelayLimits } from './relay-limits.ts'
import { RelayTraffic } from './relay-traffic.ts'
import { serveStun } from './stun.ts'

export interface RelayDeps {
  clock: Clock
  /** Somebody got a place, went, or was connected to somebody else. Whole ids: for counting, not for writing down. */
  onEvent?: (event: RelayEvent) => void
}

export interface RelayOptions {
  key: Redacted<Uint8Array>
  /** Multiaddrs to listen on: TCP, or TCP with `/ws`. */
  listen: readonly string[]
  limits?: Partial<RelayLimits>
  /** Where others find it, if that is not where it listens. */
  announce?: readonly string[]
  /** Answer about private addresses too: for tests and for networks of one's own. */
  privateNetwork?: boolean
  mounted?: readonly MountedProtocol[]
}

export type RelayEvent =
  { kind: 'reserved' | 'gone'; peerId: PeerId } | { kind: 'refused'; what: 'connection' | 'reservation' | 'circuit' } | { kind: 'circuit' }

/** Numbers of now, and of all the time since the start. */
export interface RelayCounts {
  connections: number
  reservations: number
  circuits: number
  circuitsBegun: number
  relayedBytes: number
  /** Kept of what passes, since its far end did not take it yet. */
  heldBytes: number
  throttled: number
  refused: { connection: number; reservation: number; circuit: number }
}

export interface Relay {
  readonly peerId: PeerId
  /** Each ending in `/p2p/<peerId>`. */
  addresses(): string[]
  counts(): RelayCounts
  stop(): Promise<void>
}

/** A relay that runs. Throws `AppError('invalid')` if it can listen on none of its addresses. */
export async function createRelay(deps: RelayDeps, options: RelayOptions): Promise<Relay> {
  const announce = options.announce ?? []
  for (const address of [...options.listen, ...announce]) checkListen(address)
  const limits = { ...USUAL_LIMITS, ...options.limits }
  const traffic = new RelayTraffic(deps.clock, limits)
  const conduct = new Conduct(deps.clock)
  const circuits = new Circuits(deps.clock, limits, traffic)
  const refused = { connection: 0, reservation: 0, circuit: 0 }
  let circuitsBegun = 0
  const refuse = (what: keyof typeof refused): true => {
    refused[what] += 1
    deps.onEvent?.({ kind: 'refused', what })
    return true
  }
  const peerId = await peerIdOf(options.key)
  // libp2p tells of addresses only that others have confirmed; whoever runs a relay knows better.
  let listening = (): string[] => []
  const node = await createNode({
    privateKey: await toPrivateKey(options.key),
    listen: [...options.listen],
    gater: gater(),
    onSeen: null,
    webrtc: null,
    maxConnections: limits.connections,
    maxPending: MAX_PENDING_INBOUND,
    sorter: () => 0,
    reaching: {
      streamsPerConnection: MAX_STREAMS_PER_PEER + limits.circuitsPerPeer,
      transports: [webSockets()],
      services: {
        listening: ({ transportManager }) => (listening = () => transportManager.getAddrs().map(String)),
        relay: (components) =>
          server(limits)(measured(components, (stream, { remotePeer }, cause) => circuits.watch(remotePeer.toString(), stream, cause))),
        dht: dht({ clientMode: false, loopbackOnly: options.privateNetwork === true }),
      },
    },
  })
  const { reservations } = serviceOf(node.services)
  node.addEventListener('peer:disconnect', ({ detail }) => {
    // A place is kept for who may come by it, and nobody can be reached who is not here.
    if (!reservations.has(detail)) return
    reservations.delete(detail)
    deps.onEvent?.({ kind: 'gone', peerId: detail.toString() as PeerId })
  })
  for (const { id, maxStreams, onStream } of options.mounted ?? []) {
    const streams = { maxInboundStreams: maxStreams, maxOutboundStreams: maxStreams }
    await node.handle(id, (stream, connection) => onStream(callerOf(connection), toByteDuplex(stream), offendedBy(connection)), streams)
  }
  await node.start()
  if (listening().length === 0) {
    await node.stop()
    throw new AppError('invalid', 'None of these addresses can be listened on: they are taken, or not of this machine.')
  }
  const sockets = options.listen.flatMap((address) => udpSocket(address, listening()) ?? [])
  const stun = (await Promise.all(sockets.map((socket) => serveStun(deps.clock, socket)))).filter((each) => each !== null)

  /** Nobody is a member here. Of what it keeps itself nothing is lost: whoever was cut off brings it again, or takes it from another. */
  function offendedBy({ remotePeer }: Connection): (offence: Offence) => void {
    return (offence) => {
      if (conduct.offend(remotePeer.toString() as PeerId, offence, false) === null) return
      for (const connection of node.getConnections(remotePeer)) connection.abort(new Error('kept away'))
    }
  }

  function gater(): ConnectionGater {
    const from = (host: string): Connection[] => node.getConnections().filter((each) => hostOf(each.remoteAddr.toString()) === host)
    return {
      denyInboundConnection: ({ remoteAddr }) => {
        const isCrowd = from(hostOf(remoteAddr.toString())).length >= limits.connectionsPerAddress
        return isCrowd && refuse('connection')
      },
      denyInboundEncryptedConnection: (peer: Libp2pPeerId) =>
        conduct.keptAwayUntil(peer.toString() as PeerId) !== null && refuse('connection'),
      denyInboundRelayReservation: (peer) => {
        const [connection] = node.getConnections(peer)
        const neighbours = connection === undefined ? [] : from(hostOf(connection.remoteAddr.toString()))
        const held = new Set(neighbours.map(({ remotePeer }) => remotePeer).filter((each) => !each.equals(peer) && reservations.has(each)))
        const isFull = !reservations.has(peer) && reservations.size >= limits.reservations
        if (isFull || held.size >= limits.reservationsPerAddress) return refuse('reservation')
        deps.onEvent?.({ kind: 'reserved', peerId: peer.toString() as PeerId })
        return false
      },
      denyOutboundRelayedConnection: (source) => {
        const begun = node.getConnections(source).flatMap(({ streams }) => streams.filter(isCircuit))
        // The one that asks is among them.
        if (begun.length > limits.circuitsPerPeer) return refuse('circuit')
        circuitsBegun += 1
        deps.onEvent?.({ kind: 'circuit' })
        return false
      },
    }
  }

  return {
    peerId,
    addresses: () => (announce.length > 0 ? announce : listening()).map((address) => `${address}/p2p/${peerId}`),
    counts: () => ({
      connections: node.getConnections().length,
      reservations: reservations.size,
      circuits: node.getConnections().flatMap(({ streams }) => streams.filter(isCircuit)).length,
      circuitsBegun,
      relayedBytes: traffic.bytes,
      heldBytes: circuits.heldBytes,
      throttled: traffic.throttled,
      refused: { ...refused },
    }),
    stop: async () => {
      await Promise.all(stun.splice(0).map((each) => each.stop()))
      await node.stop()
    },
  }
}

/**
 * Where a relay was told to listen by TCP it answers by UDP too (`stun.ts`), on the port of the same number: so nobody has to be told. That
 * of port 0 is only known from where it came to listen.
 */
function udpSocket(wanted: string, listening: readonly string[]): { host: string; port: number } | null {
  const [socket] = [wanted, ...listening].flatMap((address) => tcpSocketOf(address) ?? []).filter(({ port }) => port !== 0)
  const host = tcpSocketOf(wanted)?.host
  return host === undefined || socket === undefined ? null : { host, port: socket.port }
}

function tcpSocketOf(address: string): { host: string; port: number } | null {
  const [host, tcp, ...more] = multiaddr(address).getComponents()
  const isPlain = tcp?.name === 'tcp' && more.every(({ name }) => name === 'p2p')
  return isPlain && host?.value !== undefined ? { host: host.value, port: Number(tcp.value) } : null
}

function checkListen(address: string): void {
  const names = isAddress(address)
    ? multiaddr(address)
        .getComponents()
        .map(({ name }) => name)
    : []
  if (!/^ip[46] tcp(?: ws)?$/.test(names.join(' ')))
    throw new AppError('invalid', 'A relay listens on addresses like /ip4/0.0.0.0/tcp/4001, or /ip4/0.0.0.0/tcp/4002/ws for WebSocket.')
}

function isAddress(text: string): boolean {
  try {
    return multiaddr(text).getComponents().length > 0
  } catch {
    // whatever somebody typed
    return false
  }
}

const isCircuit = ({ protocol }: Stream): boolean => protocol === RELAY_V2_HOP_CODEC

function server(limits: RelayLimits): ReturnType<typeof circuitRelayServer> {
  return circuitRelayServer({
    hopTimeout: HOP_MS,
    maxInboundHopStreams: limits.circuitsPerPeer + 1,
    maxOutboundStopStreams: limits.circuitsPerPeer,
    reservations: {
      maxReservations: limits.reservations,
      reservationTtl: RESERVATION_MS,
      defaultDurationLimit: limits.circuitMs,
      defaultDataLimit: BigInt(limits.circuitBytes),
    },
  })
}

function serviceOf(services: Record<string, unknown>): CircuitRelayService {
  const { relay } = services
  if (!isService(relay)) throw new Error('no relay')
  return relay
}

const isService = (service: unknown): service is CircuitRelayService =>
  typeof service === 'object' && service !== null && 'reservations' in service
