import type { Clock } from '../../kernel/clock.ts'
import { NOON } from '../mls/seeded.ts'

interface Event {
  at: number
  nth: number
  /** Null once it was called off. */
  run: (() => void) | null
}

const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.nth < b.nth)

/**
 * All that is still to happen in a world, by world time in milliseconds since the Unix epoch; two events of one moment happen in
 * the order in which they were made. A binary heap: thirty members make hundreds of thousands of them.
 */
export class Schedule {
  readonly #heap: Event[] = []
  #now = NOON
  #made = 0

  get now(): number {
    return this.#now
  }

  /** When the next event is due; null if there is none. */
  get next(): number | null {
    while (this.#heap[0]?.run === null) this.#pop()
    return this.#heap[0]?.at ?? null
  }

  /** Calls `run` after so many milliseconds of world time, unless the returned function is called before. */
  after(ms: number, run: () => void): () => void {
    const event: Event = { at: this.#now + Math.max(0, Math.round(ms)), nth: this.#made++, run }
    this.#push(event)
    return () => {
      event.run = null
    }
  }

  /** Takes the next event, moves time to it and runs it. */
  step(): void {
    if (this.next === null) throw new Error('nothing is to happen')
    const event = this.#pop()
    this.#now = event.at
    const { run } = event
    event.run = null
    run?.()
  }

  /** Nothing is due until then. */
  rest(until: number): void {
    this.#now = Math.max(this.#now, until)
  }

  #push(event: Event): void {
    const heap = this.#heap
    let at = heap.push(event) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      const other = heap[parent]
      if (other === undefined || !before(event, other)) break
      heap[at] = other
      at = parent
    }
    heap[at] = event
  }

  #pop(): Event {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (first === undefined || last === undefined) throw new Error('nothing is to happen')
    if (heap.length === 0) return first
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const [a, b] = [heap[left], heap[left + 1]]
      if (a === undefined) break
      const [child, place] = b !== undefined && before(b, a) ? [b, left + 1] : [a, left]
      if (!before(child, last)) break
      heap[at] = child
      at = place
    }
    heap[at] = last
    return first
  }
}

/** What one node takes for the time: the world's, and so much more or less. Its timers stand still once `alive` says no. */
export const nodeClock = (schedule: Schedule, skewMs: number, alive: () => boolean): Clock => ({
  now: () => schedule.now + skewMs,
  after: (ms, fn) =>
    schedule.after(ms, () => {
      if (alive()) fn()
    }),
})
