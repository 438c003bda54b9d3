import type { Clock } from '../../kernel/clock.ts'
import { IDLE_MS } from './constants.ts'
import type { LinkId } from './session-state.ts'
import type { Link } from './transport.ts'

/** Closes links that nobody uses: no session stands on them and no join is under way. */
export class LinkKeeper {
  readonly #clock: Clock
  readonly #inSession: (link: Link) => boolean
  readonly #holds = new Map<LinkId, number>()

  constructor(clock: Clock, inSession: (link: Link) => boolean) {
    this.#clock = clock
    this.#inSession = inSession
  }

  watch(link: Link): void {
    let cancel = (): void => undefined
    const check = (): void => {
      if (this.#inSession(link) || this.#holds.has(link.id) || link.carriesOthers()) cancel = this.#clock.after(IDLE_MS, check)
      else link.close()
    }
    cancel = this.#clock.after(IDLE_MS, check)
    link.onClose(() => cancel())
  }

  /** Keeps the link open while `work` runs. */
  async during<T>(link: Link, work: () => Promise<T>): Promise<T> {
    this.#holds.set(link.id, (this.#holds.get(link.id) ?? 0) + 1)
    try {
      return await work()
    } finally {
      const left = (this.#holds.get(link.id) ?? 1) - 1
      if (left > 0) this.#holds.set(link.id, left)
      else this.#holds.delete(link.id)
    }
  }

  /** Closes it unless a join is under way; `watch` does so later then. */
  close(link: Link): void {
    if (!this.#holds.has(link.id)) link.close()
  }
}
