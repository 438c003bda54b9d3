import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Offence } from '../channel/offence.ts'
import { isWithin } from '../protocols/peer-rate.ts'

/** A flood has fewer: a member of many groups may once have more under way than its share holds. */
export const OFFENCE_POINTS: Readonly<Record<Offence, number>> = { frame: 20, message: 20, order: 20, flood: 5 }
/** With so many points a peer is kept away: five bad frames at once, six within a minute, none of one every other minute. */
export const BAN_POINTS = 100
/** The bucket leaks: points that are forgiven in a minute. */
export const FORGIVEN_PER_MINUTE = 10
/** How long it is kept away the first time; each further time twice as long, up to the last. */
export const FIRST_BAN_MS = 60_000
export const LAST_BAN_MS = 60 * 60_000
/** Whoever shares a group with us may run a broken build: what is written for them waits here, and is to get there. */
export const LAST_MEMBER_BAN_MS = 5 * 60_000
/** A day without an offence, and nothing is held against it any more. */
export const FORGOTTEN_MS = 24 * 60 * 60_000
/** Of either kind: as many as the peers that libp2p remembers (`libp2p/limits.ts`), in some 200 bytes each. */
export const MAX_SUSPECTS = 2_048
export const MAX_OFFENDERS = 2_048

interface Score {
  /** As of `at`, when it offended last. */
  points: number
  at: number
  bans: number
  /** From `at` on; 0 where it was not kept away since. */
  banMs: number
}

/**
 * What is held against whom, by the peer id that Noise proved. Never by an address: many people share one behind a router, and what one
 * address may begin is bounded already (`libp2p/gater.ts`). In memory only.
 *
 * Who was never kept away is kept apart from who was. Peer ids cost nothing but a handshake: those made up push out other suspects, the
 * least guilty first, and to push out one offender as many others have to earn a ban each as there is room for.
 */
export class Conduct {
  readonly #clock: Clock
  /** Both in the order of their last offence. */
  readonly #suspects = new Map<PeerId, Score>()
  readonly #offenders = new Map<PeerId, Score>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Of how many peers something is kept. */
  get size(): number {
    return this.#suspects.size + this.#offenders.size
  }

  /** Until when (milliseconds since 1970) the peer is kept away from now on; null if it is not, or was before. */
  offend(peerId: PeerId, offence: Offence, isMember: boolean): number | null {
    if (this.keptAwayUntil(peerId) !== null) return null
    const now = this.#clock.now()
    const before = this.#recall(peerId, now)
    const points = pointsOf(before, now) + OFFENCE_POINTS[offence]
    if (points < BAN_POINTS) {
      this.#keep(peerId, { points, at: now, bans: before.bans, banMs: 0 })
      return null
    }
    const banMs = Math.min(FIRST_BAN_MS * 2 ** before.bans, isMember ? LAST_MEMBER_BAN_MS : LAST_BAN_MS)
    this.#keep(peerId, { points: 0, at: now, bans: before.bans + 1, banMs })
    return now + banMs
  }

  /** Milliseconds since 1970; null where the peer may come. A ban from the future ends: the clock was put back since. */
  keptAwayUntil(peerId: PeerId): number | null {
    const { at, banMs } = this.#offenders.get(peerId) ?? CLEAN
    return isWithin(banMs, at, this.#clock.now()) ? at + banMs : null
  }

  #recall(peerId: PeerId, now: number): Score {
    const score = this.#suspects.get(peerId) ?? this.#offenders.get(peerId) ?? CLEAN
    return isForgotten(score, now) ? CLEAN : score
  }

  #keep(peerId: PeerId, score: Score): void {
    this.#suspects.delete(peerId)
    this.#offenders.delete(peerId)
    if (score.bans === 0) {
      makeRoom(this.#suspects, MAX_SUSPECTS, (other) => pointsOf(other, score.at))
      this.#suspects.set(peerId, score)
    } else {
      makeRoom(this.#offenders, MAX_OFFENDERS, (other) => (isForgotten(other, score.at) ? 0 : other.bans))
      this.#offenders.set(peerId, score)
    }
  }
}

const CLEAN: Score = { points: 0, at: 0, bans: 0, banMs: 0 }

const isForgotten = ({ at }: Score, now: number): boolean => now - at >= FORGOTTEN_MS

function pointsOf({ points, at }: Score, now: number): number {
  return Math.max(0, points - (Math.max(0, now - at) / 60_000) * FORGIVEN_PER_MINUTE)
}

/** For one more: of the least guilty the one that offended longest ago goes. */
function makeRoom(scores: Map<PeerId, Score>, most: number, guilt: (score: Score) => number): void {
  if (scores.size < most) return
  let least: { peerId: PeerId; guilt: number } | null = null
  for (const [peerId, score] of scores) {
    const own = guilt(score)
    if (least === null || own < least.guilt) least = { peerId, guilt: own }
  }
  if (least !== null) scores.delete(least.peerId)
}
