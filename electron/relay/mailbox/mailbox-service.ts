import type { PeerId } from '../../../shared/domain/ids.ts'
import { toHex } from '../../kernel/bytes.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { faultName } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Caller } from '../../network/create-network.ts'
import type {
  MailboxAnswer,
  MailboxGet,
  MailboxPut,
  MailboxRefusal,
  MailboxRequest,
  MailboxRoom,
  MailboxStore,
} from '../../ports/mailbox.ts'
import { MAX_APART_MS } from '../../sync/mailbox/day-keys.ts'
import { sealedHash } from '../../sync/mailbox/seal.ts'
import { isSignedRequest, receiptStatement } from '../../sync/mailbox/statements.ts'
import {
  COUNTED,
  GETS_PER_PEER,
  KEPT_MS,
  PAGE_BYTES,
  PAGE_OBJECTS,
  PUTS_PER_PEER,
  PUTS_PER_TAG,
  RATE_WINDOW_MS,
  REQUESTS_IN_ALL,
  REQUESTS_PER_HOST,
  SWEEP_MS,
  SWEEP_PAUSE_MS,
  SWEPT_AT_ONCE,
} from './limits.ts'
import { WindowRate } from './rates.ts'

export interface MailboxServiceDeps {
  store: MailboxStore
  /** By whose name requests call it. */
  localPeer: PeerId
  /** Signs with the key of that peer id. */
  sign: (bytes: Uint8Array) => Uint8Array
  clock: Clock
  logger: Logger
  room: MailboxRoom
}

/** What to tell those who come when the disk cannot be written. */
const DISK_MS = 60_000

/** Since it started, and what is there now. */
export interface MailboxMetrics {
  puts: number
  gets: number
  objectsTaken: number
  objectsGiven: number
  bytesGiven: number
  /** Told to come later. */
  limited: number
  refusedClock: number
  refusedSignature: number
  refusedFull: number
  failed: number
  swept: number
  keptTags: number
  keptObjects: number
  keptBytes: number
  roomBytes: number
}

const zero = { puts: 0, gets: 0, objectsTaken: 0, objectsGiven: 0, bytesGiven: 0, limited: 0 }
const noFaults = { refusedClock: 0, refusedSignature: 0, refusedFull: 0, failed: 0, swept: 0 }
const REFUSED = {
  clock: 'refusedClock',
  signature: 'refusedSignature',
  'tag-full': 'refusedFull',
  'mailbox-full': 'refusedFull',
} as const satisfies Record<MailboxRefusal, keyof typeof noFaults>

/** Answers as a mailbox. It knows tags, sizes and times, and no log line of it names any. */
export class MailboxService {
  readonly #deps: MailboxServiceDeps
  readonly #counts = { ...zero, ...noFaults }
  readonly #all: WindowRate
  readonly #hosts: WindowRate
  readonly #puts: WindowRate
  readonly #gets: WindowRate
  readonly #tags: WindowRate
  #cancelSweep: () => void = () => undefined

  constructor(deps: MailboxServiceDeps) {
    const { clock } = deps
    this.#deps = deps
    this.#all = new WindowRate(clock, { most: REQUESTS_IN_ALL, counted: 1, windowMs: RATE_WINDOW_MS })
    this.#hosts = new WindowRate(clock, { most: REQUESTS_PER_HOST, counted: COUNTED, windowMs: RATE_WINDOW_MS })
    this.#puts = new WindowRate(clock, { most: PUTS_PER_PEER, counted: COUNTED, windowMs: RATE_WINDOW_MS })
    this.#gets = new WindowRate(clock, { most: GETS_PER_PEER, counted: COUNTED, windowMs: RATE_WINDOW_MS })
    this.#tags = new WindowRate(clock, { most: PUTS_PER_TAG, counted: COUNTED, windowMs: RATE_WINDOW_MS })
  }

  start(): void {
    this.#sweep()
  }

  stop(): void {
    this.#cancelSweep()
    this.#deps.store.close()
  }

  metrics(): MailboxMetrics {
    const { tags, objects, bytes } = this.#deps.store.usage()
    return { ...this.#counts, keptTags: tags, keptObjects: objects, keptBytes: bytes, roomBytes: this.#deps.room.allBytes }
  }

  /** Cheap checks first: whoever has no right to a tag costs a signature at most, and only so many of those. */
  answer({ peerId, host }: Caller, request: MailboxRequest): MailboxAnswer {
    const rates = [
      [request.kind === 'put' ? this.#puts : this.#gets, peerId],
      [this.#hosts, host],
      [this.#all, ''],
    ] as const
    // Whoever is refused uses up nothing that is for others: a share of its machine's, or one of the peers that are told apart.
    const afterMs = Math.max(...rates.map(([rate, name]) => rate.waitOf(name)))
    if (afterMs > 0) return this.#later(afterMs)
    for (const [rate, name] of rates) rate.count(name)
    if (Math.abs(this.#deps.clock.now() - request.at) > MAX_APART_MS) return this.#refuse('clock')
    if (!isSignedRequest(this.#deps.localPeer, request)) return this.#refuse('signature')
    try {
      return request.kind === 'put' ? this.#put(request) : this.#get(request)
    } catch (thrown) {
      this.#counts.failed += 1
      this.#deps.logger.error('mailbox-failed', { fault: thrown instanceof AppError ? thrown.code : faultName(thrown) })
      return { kind: 'later', afterMs: DISK_MS }
    }
  }

  #put({ tag, objects }: MailboxPut): MailboxAnswer {
    const { store, clock, room, sign } = this.#deps
    const rate = this.#tags.admit(toHex(tag))
    if (!rate.ok) return this.#later(rate.afterMs)
    const named = objects.map((bytes) => ({ bytes, hash: sealedHash(bytes) }))
    const kept = store.put(tag, named, clock.now(), room)
    if (kept.kind !== 'stored') return this.#refuse(kept.kind)
    this.#counts.puts += 1
    this.#counts.objectsTaken += objects.length
    const receipts = named.map(({ hash }, i) => {
      const storedAt = kept.storedAt[i] ?? 0
      const keptUntil = storedAt + KEPT_MS
      return { storedAt, keptUntil, signature: sign(receiptStatement({ tag, hash, storedAt, keptUntil })) }
    })
    return { kind: 'stored', receipts }
  }

  #get({ tag, after }: MailboxGet): MailboxAnswer {
    const page = this.#deps.store.page(tag, after, { objects: PAGE_OBJECTS, bytes: PAGE_BYTES })
    this.#counts.gets += 1
    this.#counts.objectsGiven += page.objects.length
    this.#counts.bytesGiven += page.objects.reduce((sum, { length }) => sum + length, 0)
    return { kind: 'page', ...page }
  }

  #later(afterMs: number): MailboxAnswer {
    this.#counts.limited += 1
    return { kind: 'later', afterMs }
  }

  #refuse(code: MailboxRefusal): MailboxAnswer {
    this.#counts[REFUSED[code]] += 1
    return { kind: 'refused', code }
  }

  #sweep(): void {
    const { store, clock, logger } = this.#deps
    let more = false
    try {
      const swept = store.sweep(clock.now() - KEPT_MS, SWEPT_AT_ONCE)
      this.#counts.swept += swept.objects
      more = swept.more
    } catch (thrown) {
      logger.error('mailbox-sweep-failed', { fault: faultName(thrown) })
    }
    this.#cancelSweep = clock.after(more ? SWEEP_PAUSE_MS : SWEEP_MS, () => this.#sweep())
  }
}
