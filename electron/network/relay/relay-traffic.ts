import type { Clock } from '../../kernel/clock.ts'
import type { RelayLimits } from './relay-limits.ts'
import type { Valve } from './valve.ts'

/** Fills up with time, to a brim; may be overdrawn. */
class Bucket {
  readonly #perMs: number
  readonly #brim: number
  #level: number
  #at: number

  constructor(perSecond: number, brim: number, now: number) {
    this.#perMs = perSecond / 1_000
    this.#brim = brim
    this.#level = brim
    this.#at = now
  }

  /** Takes it, and answers how long it is until the bucket is no longer overdrawn. */
  take(bytes: number, now: number): number {
    this.#level = this.#levelAt(now)
    this.#at = now
    this.#level -= bytes
    return this.#level >= 0 ? 0 : Math.ceil(-this.#level / this.#perMs)
  }

  isOverdrawnTwice(): boolean {
    return this.#level < -2 * this.#brim
  }

  isFull(now: number): boolean {
    return this.#levelAt(now) >= this.#brim
  }

  #levelAt(now: number): number {
    // A clock that was put back takes nothing out.
    const elapsedMs = Math.max(0, now - this.#at)
    return Math.min(this.#brim, this.#level + elapsedMs * this.#perMs)
  }
}

/** Remembered besides those who are just talking. */
const REMEMBERED_PEERS = 4_096

/** How much passes, and who has to wait: a peer that sends too much is read no further for a while. */
export class RelayTraffic {
  readonly #clock: Clock
  readonly #limits: RelayLimits
  readonly #total: Bucket
  readonly #peers = new Map<string, Bucket>()
  bytes = 0
  throttled = 0

  constructor(clock: Clock, limits: RelayLimits) {
    this.#clock = clock
    this.#limits = limits
    this.#total = new Bucket(limits.totalBytesPerSecond, limits.totalBurstBytes, clock.now())
  }

  /** Something of that size came from the peer on the stream of that valve. */
  passed(peerId: string, valve: Valve, bytes: number): void {
    const now = this.#clock.now()
    this.bytes += bytes
    const bucket = this.#bucketOf(peerId, now)
    const waitMs = Math.max(bucket.take(bytes, now), this.#total.take(bytes, now))
    if (waitMs === 0) return
    // Each stream brings what it had under way before it waits, and one peer can have many.
    if (bucket.isOverdrawnTwice()) return valve.abort(new Error('too much'))
    if (!valve.hold('rate')) return
    this.throttled += 1
    this.#clock.after(waitMs, () => valve.release('rate'))
  }

  #bucketOf(peerId: string, now: number): Bucket {
    const known = this.#peers.get(peerId)
    if (known !== undefined) return known
    if (this.#peers.size >= REMEMBERED_PEERS) for (const [each, bucket] of this.#peers) if (bucket.isFull(now)) this.#peers.delete(each)
    const bucket = new Bucket(this.#limits.peerBytesPerSecond, this.#limits.peerBurstBytes, now)
    this.#peers.set(peerId, bucket)
    return bucket
  }
}
