import type { GroupId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'

/**
 * Comparisons of one group under way at a time. Where two parts of a group meet, each member of the one meets each of the other at once,
 * and all would bring the same: taken in turns most find that somebody else brought it.
 */
const AT_ONCE = 2
/** Longer no turn lasts: who does not answer would hold all others up for as long as an answer may take. */
const LASTS_MS = 1_000

/** So many answers are remembered. A few who are slow change nothing of what half of them took. */
const REMEMBERED = 15

export interface Turn {
  /** What was known before it may be old. */
  waited: boolean
  /** They answered what they were asked with the beginning of the turn. */
  answered(): void
  end(): void
}

/** Who may compare now, in the order they came. */
export class Turns {
  readonly #clock: Clock
  readonly #taken = new Map<GroupId, number>()
  readonly #waiting = new Map<GroupId, Set<() => void>>()
  readonly #answers: number[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves when it is one's turn, or one is aborted. That comes: no turn lasts for long. */
  async take(groupId: GroupId, signal: AbortSignal): Promise<Turn> {
    const waited = this.#count(groupId) >= AT_ONCE && !signal.aborted
    if (waited) await this.#wait(groupId, signal)
    else this.#add(groupId, 1)
    const began = this.#clock.now()
    let isOver = false
    const end = () => {
      cancel()
      if (!isOver) this.#end(groupId)
      isOver = true
    }
    const cancel = this.#clock.after(LASTS_MS, end)
    return { waited, answered: () => this.#answered(this.#clock.now() - began), end }
  }

  /** How long an answer takes just now, in ms: in the middle of the last few, 0 before any. Long where this device or the others have much to do. */
  get answerMs(): number {
    return this.#answers.toSorted((a, b) => a - b)[this.#answers.length >> 1] ?? 0
  }

  #answered(ms: number): void {
    this.#answers.push(ms)
    if (this.#answers.length > REMEMBERED) this.#answers.shift()
  }

  #count(groupId: GroupId): number {
    return this.#taken.get(groupId) ?? 0
  }

  #add(groupId: GroupId, more: 1 | -1): void {
    const count = this.#count(groupId) + more
    if (count === 0) this.#taken.delete(groupId)
    else this.#taken.set(groupId, count)
  }

  /** Whoever is let go on has the turn from then on, and nobody comes in between. */
  #wait(groupId: GroupId, signal: AbortSignal): Promise<void> {
    const waiting = this.#waiting.get(groupId) ?? new Set<() => void>()
    this.#waiting.set(groupId, waiting)
    return new Promise((resolve) => {
      const go = () => {
        signal.removeEventListener('abort', go)
        waiting.delete(go)
        if (waiting.size === 0) this.#waiting.delete(groupId)
        this.#add(groupId, 1)
        resolve()
      }
      signal.addEventListener('abort', go)
      waiting.add(go)
    })
  }

  #end(groupId: GroupId): void {
    this.#add(groupId, -1)
    const [next] = this.#waiting.get(groupId) ?? []
    if (this.#count(groupId) < AT_ONCE) next?.()
  }
}
