import type { PeerId } from '../../shared/domain/ids.ts'
import type { Connection } from '../../shared/domain/models.ts'
import type { Clock } from '../kernel/clock.ts'
import type { SessionStatus } from '../ports/network.ts'

const KEPT = 20

/** The newest troubles of the network, for the connection panel and `status`. In memory only. */
export class RecentErrors {
  readonly #clock: Clock
  readonly #bySession = new Map<PeerId, string | null>()
  #newestFirst: Connection['lastErrors'] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  list(): Connection['lastErrors'] {
    return this.#newestFirst
  }

  add(message: string, peerId: PeerId | null = null): void {
    this.#newestFirst = [{ at: this.#clock.now(), message, peerId }, ...this.#newestFirst].slice(0, KEPT)
  }

  /** Notes each session's error once, when it appears. */
  note(sessions: readonly SessionStatus[]): void {
    for (const { peerId, lastError } of sessions) {
      if (lastError !== null && this.#bySession.get(peerId) !== lastError) this.add(lastError, peerId)
      this.#bySession.set(peerId, lastError)
    }
  }
}
