import type { Api, Method } from '../../../shared/ipc/contract.ts'
import { AppError } from '../../kernel/errors.ts'
import { within } from '../../kernel/within.ts'
import type { Clock } from '../../kernel/clock.ts'

/** Calls only move local state, so they take moments; one that hangs must not keep a profile from being locked. */
const SETTLE_WITHIN_MS = 5_000

/**
 * The calls that somebody waits for, so that closing a profile can let them end: each is carried out and answered, or
 * refused as if it had come a moment later.
 */
export class CallsInFlight {
  readonly #calls = new Set<Promise<unknown>>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The same calls, known here while they run. `refusal` throws where no call may be answered any more. */
  watch<A extends Partial<Api>>(api: A, refusal: () => void): A {
    const entries = Object.entries(api) as [Method, (args: never) => Promise<unknown>][]
    return Object.fromEntries(entries.map(([method, call]) => [method, (args: never) => this.#run(() => call(args), refusal)])) as A
  }

  /** Resolves when none runs any more, or after a while. */
  async settled(): Promise<void> {
    await within(this.#clock, SETTLE_WITHIN_MS, Promise.allSettled([...this.#calls]))
  }

  async #run(call: () => Promise<unknown>, refusal: () => void): Promise<unknown> {
    const running = call()
    this.#calls.add(running)
    try {
      return await running
    } catch (thrown) {
      // The database was closed under it: what the caller must know is why.
      if (thrown instanceof AppError && thrown.code === 'stopping') refusal()
      throw thrown
    } finally {
      this.#calls.delete(running)
    }
  }
}
