import type { PeerId } from '../../../../shared/domain/ids.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { isWithin } from '../peer-rate.ts'
import { HISTORY_WINDOW_MS, PAGES_PER_PEER } from './constants.ts'

/** Counts pages in windows that do not slide, of each peer: one number is kept for each. Peers are members, so there are not many. */
export class HistoryRate {
  readonly #clock: Clock
  readonly #given = new Map<PeerId, { since: number; pages: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether this peer may have a page now. */
  admit(peerId: PeerId): boolean {
    const now = this.#clock.now()
    const known = this.#given.get(peerId)
    const window = known !== undefined && isWithin(HISTORY_WINDOW_MS, known.since, now) ? known : { since: now, pages: 0 }
    if (window.pages >= PAGES_PER_PEER) return false
    if (window.pages === 0) this.#forgetPast(now)
    this.#given.set(peerId, { ...window, pages: window.pages + 1 })
    return true
  }

  /** So many peers have a window now. */
  get size(): number {
    return this.#given.size
  }

  #forgetPast(now: number): void {
    for (const [peerId, { since }] of this.#given) if (!isWithin(HISTORY_WINDOW_MS, since, now)) this.#given.delete(peerId)
  }
}
