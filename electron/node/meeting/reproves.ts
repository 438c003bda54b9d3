import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { faultName, shortId } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import { Merged } from '../../kernel/merged.ts'
import type { Network } from '../../ports/network.ts'

const REQUEST_MS = 15_000
const RETRY = { firstMs: 2_000, lastMs: 60_000 } as const

interface Deps {
  network: Pick<Network, 'reprove' | 'sessions'>
  clock: Clock
  logger: Logger
}

/**
 * Proves to peers who are connected once more what this device is in. Again until it came through: what changed may concern them alone, and who is taken
 * for a stranger is compared with no more.
 */
export class Reproves {
  readonly #deps: Deps
  /** Each commit may ask for it, and many come one after another. */
  readonly #runs = new Merged((peerId: PeerId) => this.#run(peerId))
  readonly #failures = new Map<PeerId, number>()
  readonly #timers = new Map<PeerId, () => void>()
  readonly #abort = new AbortController()

  constructor(deps: Deps) {
    this.#deps = deps
  }

  now(peerId: PeerId): Promise<void> {
    return this.#runs.run(peerId)
  }

  /** A session that opens proves everything anew. */
  closed(peerId: PeerId): void {
    this.#failures.delete(peerId)
    this.#cancel(peerId)
  }

  stop(): void {
    this.#abort.abort()
    for (const peerId of [...this.#timers.keys()]) this.#cancel(peerId)
  }

  async #run(peerId: PeerId): Promise<void> {
    const { network, logger } = this.#deps
    this.#cancel(peerId)
    if (this.#abort.signal.aborted) return
    try {
      await network.reprove(peerId, AbortSignal.any([this.#abort.signal, AbortSignal.timeout(REQUEST_MS)]))
      this.#failures.delete(peerId)
    } catch (thrown) {
      logger.info('reprove-failed', { peer: shortId(peerId), fault: faultName(thrown) })
      this.#later(peerId)
    }
  }

  #later(peerId: PeerId): void {
    const isReady = this.#deps.network.sessions().some((session) => session.peerId === peerId && session.state === 'ready')
    if (this.#abort.signal.aborted || !isReady) return this.closed(peerId)
    const failures = this.#failures.get(peerId) ?? 0
    this.#failures.set(peerId, failures + 1)
    const pause = Math.min(RETRY.lastMs, RETRY.firstMs * 2 ** Math.min(failures, 10))
    this.#cancel(peerId)
    this.#timers.set(
      peerId,
      this.#deps.clock.after(pause, () => void this.now(peerId)),
    )
  }

  #cancel(peerId: PeerId): void {
    this.#timers.get(peerId)?.()
    this.#timers.delete(peerId)
  }
}
