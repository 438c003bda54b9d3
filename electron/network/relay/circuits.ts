import type { Stream } from '@libp2p/interface'
import type { Clock } from '../../kernel/clock.ts'
import { READ_BUFFER_BYTES } from '../libp2p/limits.ts'
import { replacing } from '../libp2p/replacing.ts'
import { MAX_HOP_REQUEST_BYTES, UNSENT_BYTES, type RelayLimits } from './relay-limits.ts'
import type { RelayTraffic } from './relay-traffic.ts'
import { Valve } from './valve.ts'

type Bytes = Parameters<Stream['send']>[0]

/** A stream of the relay: of a circuit, or not yet. */
interface End {
  stream: Stream
  valve: Valve
  /** How much came from it, and how much had come with each piece. */
  came: number
  cameWith: WeakMap<object, number>
  /** What comes from it, and what goes to it. */
  onward: Way | null
  inward: Way | null
}

/** One direction of a circuit. */
interface Way {
  from: End
  to: End
  /** Of what came, how much was given to the other stream; the rest waits in libp2p's pipe. */
  given: number
  /** What came and is not sent. */
  unsent: number
  /** Since when the far end took nothing of that. */
  since: number
  /** What it counts for in the sum. */
  counted: number
}

/**
 * libp2p joins two streams without asking whether the far end takes what the near one sends (`pipe` of @libp2p/utils 7.4.1), and keeps what
 * it does not take. Here nothing more is read of a stream while too much of it waits; and of all, those that have others wait for the most
 * and the longest are ended while it is too much together.
 */
export class Circuits {
  readonly #clock: Clock
  readonly #limits: RelayLimits
  readonly #traffic: RelayTraffic
  readonly #ends = new WeakMap<Stream, End>()
  readonly #ways = new Set<Way>()
  #held = 0

  constructor(clock: Clock, limits: RelayLimits, traffic: RelayTraffic) {
    this.#clock = clock
    this.#limits = limits
    this.#traffic = traffic
  }

  /** At most so many bytes are kept of what passes. */
  get heldBytes(): number {
    return this.#held
  }

  /** The stream to relay with instead of this one. `cause`: such a one, to which what comes from this goes on, and the other way round. */
  watch(peerId: string, stream: Stream, cause: Stream | null): Stream {
    const end: End = {
      stream,
      valve: new Valve(stream, () => this.#count(end.onward)),
      came: 0,
      cameWith: new WeakMap(),
      onward: null,
      inward: null,
    }
    stream.addEventListener('message', ({ data }) => this.#came(peerId, end, data))
    // libp2p's pipe stops listening at this, whatever is kept: so what is, goes first.
    stream.addEventListener('remoteCloseWrite', () => end.valve.end())
    stream.addEventListener('drain', () => this.#look(end.inward))
    stream.addEventListener('idle', () => this.#look(end.inward))
    stream.addEventListener('close', () => this.#forget(end.inward))
    const watched = replacing(stream, 'send', (data) => this.#send(end, data))
    this.#ends.set(watched, end)
    const other = cause === null ? undefined : this.#ends.get(cause)
    if (other !== undefined) this.#join(other, end)
    return watched
  }

  #join(one: End, other: End): void {
    one.onward = other.inward = this.#way(one, other)
    other.onward = one.inward = this.#way(other, one)
  }

  #way(from: End, to: End): Way {
    const way: Way = { from, to, given: from.came, unsent: 0, since: this.#clock.now(), counted: 0 }
    this.#ways.add(way)
    return way
  }

  #came(peerId: string, end: End, data: Bytes): void {
    end.came += data.byteLength
    end.cameWith.set(data, end.came)
    this.#traffic.passed(peerId, end.valve, data.byteLength)
    if (end.onward === null && end.came > MAX_HOP_REQUEST_BYTES) end.stream.abort(new Error('too long a request'))
    this.#look(end.onward)
  }

  #send(end: End, data: Bytes): boolean {
    // The pipe gives on the very pieces that came, in their order. What is none of these the relay says itself, before: it read all that came.
    const way = end.inward
    if (way !== null) way.given = way.from.cameWith.get(data) ?? way.from.came
    const canSendMore = end.stream.send(data)
    this.#look(way)
    return canSendMore
  }

  #look(way: Way | null): void {
    if (way === null || !this.#ways.has(way)) return
    const unsent = way.from.came - way.given + way.to.stream.writeBufferLength
    if (way.unsent === 0 || unsent < way.unsent) way.since = this.#clock.now()
    way.unsent = unsent
    if (unsent > UNSENT_BYTES) way.from.valve.hold('unsent')
    else way.from.valve.release('unsent')
    this.#count(way)
  }

  #count(way: Way | null): void {
    if (way === null || !this.#ways.has(way)) return
    // What is held goes on arriving until the window is full, and nothing tells of it.
    const counted = way.unsent + (way.from.valve.isHeld ? READ_BUFFER_BYTES : 0)
    this.#held += counted - way.counted
    way.counted = counted
    while (this.#held > this.#limits.heldBytes) this.#endWorst()
  }

  #endWorst(): void {
    const now = this.#clock.now()
    const cost = ({ counted, since }: Way): number => counted * Math.max(1, now - since)
    const worst = [...this.#ways].reduce((a, b) => (cost(b) > cost(a) ? b : a))
    this.#forget(worst)
    const error = new Error('the other end does not take what is sent')
    for (const { stream } of [worst.from, worst.to]) stream.abort(error)
  }

  #forget(way: Way | null): void {
    if (way === null || !this.#ways.delete(way)) return
    this.#held -= way.counted
  }
}
