import * as z from 'zod'
import type { Clock } from '../../kernel/clock.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Store } from '../../ports/store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const KEY = 'clock-seen'
/** Less is not worth a write. */
const NOTE_EVERY_MS = 5 * 60_000

/** `trusted`: the last time it was right. While it runs more than a day ahead of that: since when it does, and when that was last seen. */
const record = z.strictObject({ trusted: z.int(), doubt: z.strictObject({ since: z.int(), seen: z.int() }).nullable() })
type ClockRecord = z.output<typeof record>

/**
 * Tells whether the clock may decide what is old enough to be deleted. One that ran ahead by more than a day since it was last seen,
 * as it does when somebody sets a wrong year, must stand for an hour first; so must one after a holiday. What it knew is durable,
 * so that starting again does not make a wrong clock right.
 */
export class ClockGuard {
  readonly #store: Store
  readonly #clock: Clock

  constructor({ store, clock }: { store: Store; clock: Clock }) {
    this.#store = store
    this.#clock = clock
  }

  /** To be asked every few minutes, and before anything is deleted for its age. */
  look(): boolean {
    const now = this.#clock.now()
    const before = this.#read()
    const next = advance(before, now)
    if (before === null || isNews(before, next)) this.#store.transaction((tx) => tx.settings.set(KEY, toCbor(next)))
    return next.doubt === null
  }

  #read(): ClockRecord | null {
    const bytes = this.#store.settings.get(KEY)
    return bytes === null ? null : fromCbor(bytes, record)
  }
}

function advance(before: ClockRecord | null, now: number): ClockRecord {
  if (before === null || now - before.trusted <= DAY_MS) return { trusted: now, doubt: null }
  const { trusted, doubt } = before
  const hasStood = doubt !== null && now >= doubt.since && now - doubt.seen <= DAY_MS
  const since = hasStood ? doubt.since : now
  return now - since >= HOUR_MS ? { trusted: now, doubt: null } : { trusted, doubt: { since, seen: now } }
}

const isNews = (before: ClockRecord, next: ClockRecord): boolean =>
  (before.doubt === null) !== (next.doubt === null) ||
  before.doubt?.since !== next.doubt?.since ||
  Math.abs(seenBy(next) - seenBy(before)) >= NOTE_EVERY_MS

const seenBy = ({ trusted, doubt }: ClockRecord): number => doubt?.seen ?? trusted
