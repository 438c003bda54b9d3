import type { Clock } from '../../kernel/clock.ts'

/** PROTOCOL.md: a choice is made this long after the last input that matters to it, */
const QUIET_MS = 1_000
/** and so long after the first at the latest, whoever goes on sending. */
const LONGEST_MS = 5_000

/** Collects what arrives about one group's fork, so that the choice is made once for all of it. */
export class Pass {
  readonly #clock: Clock
  readonly #close: () => void
  #opened: number | null = null
  #cancel: () => void = () => undefined

  constructor(clock: Clock, close: () => void) {
    this.#clock = clock
    this.#close = close
  }

  get isOpen(): boolean {
    return this.#opened !== null
  }

  input(): void {
    const now = this.#clock.now()
    this.#opened ??= now
    this.#cancel()
    const left = Math.max(0, this.#opened + LONGEST_MS - now)
    this.#cancel = this.#clock.after(Math.min(QUIET_MS, left), () => {
      this.#opened = null
      this.#close()
    })
  }

  stop(): void {
    this.#cancel()
    this.#opened = null
  }
}
