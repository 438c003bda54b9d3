import { createSocket } from 'node:dgram'
import type { RemoteInfo, Socket } from 'node:dgram'
import { once } from 'node:events'
import { seededDice } from '../crash/dice.ts'
import { UdpFaultLink } from './udp-fault-link.ts'

/**
 * Stands between programs that send datagrams to one another on this machine, and does to these what networks do. What becomes of each
 * follows from the seed, from where it comes among those of its client and its direction, and from the faults of that moment.
 */
export interface UdpFaultProxy {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number
  /** What it did so far, in both directions. */
  readonly counts: Readonly<DatagramCounts>
  /** Clients it has a socket for now. */
  readonly clients: number
  /** What happens to datagrams from now on. Unnamed faults stay as they are. */
  set(faults: Partial<DatagramFaults>): void
  /** Drops everything, also what is under way, and tells nobody, until mended. */
  cut(): void
  mend(): void
  start(): Promise<void>
  /** Leaves no socket and no timer. What was under way is lost. */
  stop(): Promise<void>
}

export interface DatagramFaults {
  /** For each datagram: the chance that it never arrives. */
  loss: number
  /** Each waits for so long between the two, in milliseconds. None overtakes one before it for that alone. */
  delayMs: readonly [low: number, high: number]
  /** For each: the chance that those after it overtake it, for `reorderMs` at most. */
  reorder: number
  /** Milliseconds that one which is overtaken waits longer. */
  reorderMs: number
  /** For each: the chance that it comes twice. */
  duplicate: number
  /** For each: the chance that one of its bits is turned. */
  corrupt: number
  /** Of one direction of one client; what does not fit into a queue of `QUEUE_BYTES` is dropped. Null: as fast as it goes. */
  bytesPerSecond: number | null
}

export const NO_DATAGRAM_FAULTS: DatagramFaults = {
  ...{ loss: 0, delayMs: [0, 0], reorder: 0, reorderMs: 20, duplicate: 0, corrupt: 0, bytesPerSecond: null },
}

export interface DatagramCounts {
  carried: number
  lost: number
  overtaken: number
  duplicated: number
  corrupted: number
  /** Found no room in the queue of a line that is slow, or among the clients. */
  crowdedOut: number
  /** Came, or were under way, while all was cut. */
  cut: number
}

export interface UdpFaultProxyOptions {
  seed: number
  /** Asked for each datagram: who is behind may move. */
  target: () => number
  /** 0: any. */
  port?: number
  faults?: Partial<DatagramFaults>
}

const LOOPBACK = '127.0.0.1'
/** A program that asks from ever new ports, as WebRTC does for each attempt, leaves the oldest behind. */
const MOST_CLIENTS = 64

export function createUdpFaultProxy(options: UdpFaultProxyOptions): UdpFaultProxy {
  return new LoopbackUdpProxy(options)
}

interface Client {
  upstream: Socket
  there: UdpFaultLink
  back: UdpFaultLink
}

class LoopbackUdpProxy implements UdpFaultProxy {
  readonly counts: DatagramCounts = { carried: 0, lost: 0, overtaken: 0, duplicated: 0, corrupted: 0, crowdedOut: 0, cut: 0 }
  readonly #options: UdpFaultProxyOptions
  readonly #socket = createSocket('udp4')
  /** By port, the one that was heard longest ago first. */
  readonly #clients = new Map<number, Client>()
  #faults: DatagramFaults
  #isCut = false
  #isStopped = false
  #nextId = 1

  constructor(options: UdpFaultProxyOptions) {
    this.#options = options
    this.#faults = { ...NO_DATAGRAM_FAULTS, ...options.faults }
    this.#socket.on('message', (datagram, from) => this.#arrive(datagram, from))
  }

  get port(): number {
    return this.#socket.address().port
  }

  get clients(): number {
    return this.#clients.size
  }

  async start(): Promise<void> {
    this.#socket.bind(this.#options.port ?? 0, LOOPBACK)
    await once(this.#socket, 'listening')
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    const upstreams = [...this.#clients.keys()].flatMap((port) => this.#forget(port) ?? [])
    await Promise.all([this.#socket, ...upstreams].map(closed))
  }

  set(faults: Partial<DatagramFaults>): void {
    this.#faults = { ...this.#faults, ...faults }
  }

  cut(): void {
    this.#isCut = true
    for (const { there, back } of this.#clients.values()) for (const link of [there, back]) this.counts.cut += link.clear()
  }

  mend(): void {
    this.#isCut = false
  }

  #arrive(datagram: Buffer, { port }: RemoteInfo): void {
    const client = this.#clients.get(port) ?? this.#welcome(port)
    // Heard just now: the last to be left behind.
    this.#clients.delete(port)
    this.#clients.set(port, client)
    this.#carry(client.there, datagram)
  }

  #carry(link: UdpFaultLink, datagram: Buffer): void {
    if (this.#isCut) this.counts.cut += 1
    else link.take(datagram, this.#faults)
  }

  #welcome(port: number): Client {
    const [oldest] = this.#clients.keys()
    if (oldest !== undefined && this.#clients.size >= MOST_CLIENTS) {
      const upstream = this.#forget(oldest)
      upstream?.close()
    }
    const { seed, target } = this.#options
    const id = this.#nextId++
    const upstream = createSocket('udp4')
    const client: Client = {
      upstream,
      there: new UdpFaultLink(seededDice(`${seed}/${id}/there`), this.counts, (datagram) => send(upstream, datagram, target())),
      back: new UdpFaultLink(seededDice(`${seed}/${id}/back`), this.counts, (datagram) => send(this.#socket, datagram, port)),
    }
    upstream.on('message', (datagram) => this.#carry(client.back, datagram))
    upstream.bind(0, LOOPBACK)
    return client
  }

  #forget(port: number): Socket | undefined {
    const client = this.#clients.get(port)
    this.#clients.delete(port)
    for (const link of client === undefined ? [] : [client.there, client.back]) link.clear()
    return client?.upstream
  }
}

/** What cannot be sent is lost, as on any line: nobody may be there. */
const send = (socket: Socket, datagram: Buffer, port: number): void => socket.send(datagram, port, LOOPBACK, () => undefined)

async function closed(socket: Socket): Promise<void> {
  socket.close()
  await once(socket, 'close')
}
