import type { Clock } from '../../kernel/clock.ts'
import { faultName } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'

/** Something an open profile does by itself from time to time. It must leave nothing half done when `signal` aborts. */
export interface Job {
  /** For the log. */
  name: string
  /** First so long after the profile was opened, then so long after it last ended. */
  firstMs: number
  everyMs: number
  run(signal: AbortSignal): Promise<void>
}

/** Runs jobs, one at a time each; one that fails is tried again at its next time. */
export class Housekeeping {
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #abort = new AbortController()
  readonly #cancels = new Map<Job, () => void>()
  readonly #running = new Set<Promise<void>>()

  constructor({ clock, logger }: { clock: Clock; logger: Logger }) {
    this.#clock = clock
    this.#logger = logger
  }

  start(jobs: readonly Job[]): void {
    for (const job of jobs) this.#schedule(job, job.firstMs)
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#abort.abort()
    for (const cancel of this.#cancels.values()) cancel()
    await Promise.all(this.#running)
  }

  #schedule(job: Job, afterMs: number): void {
    if (this.#abort.signal.aborted) return
    const cancel = this.#clock.after(afterMs, () => {
      const running = this.#run(job).finally(() => {
        this.#running.delete(running)
        this.#schedule(job, job.everyMs)
      })
      this.#running.add(running)
    })
    this.#cancels.set(job, cancel)
  }

  async #run(job: Job): Promise<void> {
    try {
      await job.run(this.#abort.signal)
    } catch (thrown) {
      if (!this.#abort.signal.aborted) this.#logger.error('job-failed', { job: job.name, fault: faultName(thrown) })
    }
  }
}
