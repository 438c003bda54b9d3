import { createHash } from 'node:crypto'
import { NOON } from '../mls/seeded.ts'
import type { Schedule } from './schedule.ts'

/** Six characters of an id: enough to tell two apart in one run. */
export const short = (id: string): string => id.slice(0, 6)

/** What happened in a world, one line each, the same for the same seed to the last byte. */
export class Trace {
  readonly #schedule: Schedule
  readonly #hear: ((line: string) => void) | null
  readonly #hash = createHash('sha256')
  #lines = 0

  /** `hear` is given each line as it is written. */
  constructor(schedule: Schedule, hear: ((line: string) => void) | null = null) {
    this.#schedule = schedule
    this.#hear = hear
  }

  write(text: string): void {
    const line = `${((this.#schedule.now - NOON) / 1_000).toFixed(3).padStart(10)}  ${text}`
    this.#lines += 1
    this.#hash.update(`${line}\n`)
    this.#hear?.(line)
  }

  get lines(): number {
    return this.#lines
  }

  /** Of all lines so far. */
  digest(): string {
    return this.#hash.copy().digest('hex')
  }
}
