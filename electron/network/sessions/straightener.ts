import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DIAL_DEADLINE_MS, STRAIGHTEN_FIRST_MS, STRAIGHTEN_LAST_MS } from './constants.ts'
import type { Link } from './transport.ts'

export interface StraightenerDeps {
  clock: Clock
  /** Whether a session with that peer goes by a relay and was begun at this end: the other leaves it to us. */
  isOurs(peerId: PeerId): boolean
  dial(peerId: PeerId, signal: AbortSignal): Promise<Link | null>
}

interface Looking {
  isDialing: boolean
  /** News came while it dialled. */
  again: boolean
  cancel: () => void
}

/** Looks for straight ways to those whose session goes by a relay. One that is found shows itself as a new link. */
export class Straightener {
  readonly #deps: StraightenerDeps
  readonly #looking = new Map<PeerId, Looking>()

  constructor(deps: StraightenerDeps) {
    this.#deps = deps
  }

  /** A session is ready: perhaps by a relay. */
  relayedOrNot(peerId: PeerId): void {
    if (!this.#looking.has(peerId)) this.#look(peerId, STRAIGHTEN_FIRST_MS)
  }

  /** There is news of where the peer is. */
  retry(peerId: PeerId): void {
    const looking = this.#looking.get(peerId)
    if (looking === undefined) return
    // Another dial to the same peer would only join the one under way.
    if (looking.isDialing) looking.again = true
    else this.#look(peerId, STRAIGHTEN_FIRST_MS)
  }

  forget(peerId: PeerId): void {
    this.#looking.get(peerId)?.cancel()
    this.#looking.delete(peerId)
  }

  stop(): void {
    for (const peerId of [...this.#looking.keys()]) this.forget(peerId)
  }

  #look(peerId: PeerId, waitMs: number): void {
    this.forget(peerId)
    if (!this.#deps.isOurs(peerId)) return
    const deadline = new AbortController()
    const cancelDeadline = this.#deps.clock.after(DIAL_DEADLINE_MS, () => deadline.abort())
    const looking: Looking = {
      isDialing: true,
      again: false,
      cancel: () => {
        cancelDeadline()
        deadline.abort()
      },
    }
    this.#looking.set(peerId, looking)
    const again = (): void => {
      cancelDeadline()
      if (this.#looking.get(peerId) !== looking) return
      looking.isDialing = false
      if (looking.again) return this.#look(peerId, STRAIGHTEN_FIRST_MS)
      looking.cancel = this.#deps.clock.after(waitMs, () => this.#look(peerId, Math.min(2 * waitMs, STRAIGHTEN_LAST_MS)))
    }
    this.#deps.dial(peerId, deadline.signal).then(again, again)
  }
}
