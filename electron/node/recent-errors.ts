import type { PeerId } from '../../shared/domain/ids.ts'
import type { Connection } from '../../shared/domain/models.ts'
import type { Clock } from '../kernel/clock.ts'
import type { SessionStatus } from '../ports/network.ts'

type Trouble = Connection['lastErrors'][number]

/** Of either kind. */
const KEPT = 20

/** The newest troubles, for the connection panel and `status`. In memory only; what was asked in vain is not among them (`sync/intents/unmet.ts`). */
export class RecentErrors {
  readonly #clock: Clock
  readonly #bySession = new Map<PeerId, string | null>()
  /** Apart, and the last alone to each peer: attempts go on by themselves, and would soon be all there is to see. */
  #ofPeers: Trouble[] = []
  #others: Trouble[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The newest first. */
  list(): Trouble[] {
    return [...this.#ofPeers, ...this.#others].sort((a, b) => b.at - a.at)
  }

  add(message: string): void {
    this.#others = [{ at: this.#clock.now(), message, peerId: null }, ...this.#others].slice(0, KEPT)
  }

  /** Notes each session's error once, when it appears. */
  note(sessions: readonly SessionStatus[]): void {
    for (const { peerId, lastError } of sessions) {
      if (lastError !== null && this.#bySession.get(peerId) !== lastError) this.#failed(peerId, lastError)
      this.#bySession.set(peerId, lastError)
    }
  }

  #failed(peerId: PeerId, message: string): void {
    const rest = this.#ofPeers.filter((trouble) => trouble.peerId !== peerId)
    this.#ofPeers = [{ at: this.#clock.now(), message, peerId }, ...rest].slice(0, KEPT)
  }
}
