import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { shortId, type Logger } from '../../kernel/logger.ts'
import type { Offence, Offended } from '../channel/offence.ts'
import { Conduct } from './conduct.ts'

export interface KeepAwayDeps {
  clock: Clock
  logger: Logger
  /** Somebody a group is shared with: kept away more shortly. */
  isMember(peerId: PeerId): boolean
  /** Ends all connections with the peer; new ones are turned away until then, in milliseconds since 1970. */
  cut(peerId: PeerId, until: number): void
}

/** Writes down who offended, and cuts off who did so too often. */
export class KeepAway {
  readonly #deps: KeepAwayDeps
  readonly #conduct: Conduct

  constructor(deps: KeepAwayDeps) {
    this.#deps = deps
    this.#conduct = new Conduct(deps.clock)
  }

  /** Milliseconds since 1970; null where the peer may come. */
  until(peerId: PeerId): number | null {
    return this.#conduct.keptAwayUntil(peerId)
  }

  offendedBy(peerId: PeerId): Offended {
    return (offence) => this.#offended(peerId, offence)
  }

  #offended(peerId: PeerId, offence: Offence): void {
    const { clock, logger } = this.#deps
    // Streams that were under way when it was cut off.
    if (this.until(peerId) !== null) return
    logger.warn('peer-offended', { peer: shortId(peerId), offence })
    const until = this.#conduct.offend(peerId, offence, this.#deps.isMember(peerId))
    if (until === null) return
    logger.warn('peer-kept-away', { peer: shortId(peerId), offence, seconds: Math.round((until - clock.now()) / 1_000) })
    this.#deps.cut(peerId, until)
  }
}
