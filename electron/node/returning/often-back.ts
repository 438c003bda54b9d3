import type { GroupId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'

/** So many times in so long a device returns only where another one takes its place in between. */
const TIMES = 4
const WITHIN_MS = 3_600_000

/** What a person is told then. */
export const TWO_COMPUTERS =
  'This profile seems to run on two computers: one takes the place of the other again and again, and each misses what is sent meanwhile. Quit SpacePanda on the one that you do not use any more.'

/** Notices that a device was let in again too often. */
export class OftenBack {
  readonly #clock: Clock
  readonly #times = new Map<GroupId, number[]>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Once more. Answers whether that is to be told; not again before it happened as often once more. */
  note(groupId: GroupId): boolean {
    const now = this.#clock.now()
    const lately = [...(this.#times.get(groupId) ?? []), now].filter((at) => at <= now && now - at < WITHIN_MS)
    const isOften = lately.length >= TIMES
    this.#times.set(groupId, isOften ? [] : lately)
    return isOften
  }
}
