import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { outranks } from '../../sync/policy/roles.ts'

/** When to ask everybody again: no more often than a peer may ask (`network/protocols/return`). */
export const ROUND_MS = 16_000
/** One who would come before this device has to have two rounds, in which it stays and this device hears of it. */
const FIRST_MS = 20_000
const NEXT_MS = 2 * ROUND_MS

/** Whoever was to stay had the time to, unless they are very many. */
const LONG_MS = 5 * 60_000
/** What a person is told then. */
export const NOBODY_LEFT =
  'Everybody you reach in a space waits to be let in again, as this device does: restored from an older copy, perhaps, all of you. Writing starts again by itself when a member who does not wait is connected. If there is none any more, make a new space; what is here stays readable.'
/** After a longer time without a round nothing is known of what was said before. */
const BREAK_MS = 3 * ROUND_MS

/**
 * Everybody who could let this device in asks to be let in itself, and nobody lets anybody in for ever. One has to stay where it is: the highest
 * of those who know each other, and of equals the lowest id; who waits for one who does not stay is the next after a while.
 */
export class Standstill {
  readonly #clock: Clock
  readonly #rounds = new Map<GroupId, { since: number; last: number; isTold: boolean }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * So it was in this round, too, and these are the others. Answers whether this device is the one to stay by now. `begunAt`: a round takes as long as the
   * slowest answer, and only what lies between two says that nothing is known of.
   */
  goesOn(group: LiveGroup, others: readonly MemberId[], begunAt: number): boolean {
    const now = this.#clock.now()
    const before = this.#rounds.get(group.groupId)
    const round = before === undefined || begunAt - before.last > BREAK_MS ? { since: now, isTold: false } : before
    this.#rounds.set(group.groupId, { ...round, last: now })
    const higher = new Set(others.filter((other) => comesBefore(group, other)))
    return now - round.since >= FIRST_MS + higher.size * NEXT_MS
  }

  /** Whether it goes on for so long that a person is to be told; once. */
  isToBeTold(groupId: GroupId): boolean {
    const round = this.#rounds.get(groupId)
    if (round === undefined || round.isTold || round.last - round.since < LONG_MS) return false
    this.#rounds.set(groupId, { ...round, isTold: true })
    return true
  }

  /** Somebody answers otherwise. */
  over(groupId: GroupId): void {
    this.#rounds.delete(groupId)
  }
}

function comesBefore({ tip, self }: LiveGroup, other: MemberId): boolean {
  const { roles } = tip.settings
  const [theirs, ours] = [roles.get(other), roles.get(self)]
  if (theirs === undefined || ours === undefined || other === self) return false
  return theirs === ours ? other < self : outranks(theirs, ours)
}
