import type { Clock } from '../../kernel/clock.ts'
import { faultName } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import { within } from '../../kernel/within.ts'
import type { Messenger } from '../messenger.ts'

/** In which a window draws what is in a profile that was opened. */
const FIRST_LOOK_MS = 150
/** Whoever asks what needs the network waits no longer than that for it to start. */
const NETWORK_WITHIN_MS = 10_000
/** A start takes less than a second. One that hangs keeps nobody from locking the profile, or from quitting (`windows/quit.ts`). */
const ENDS_WITHIN_MS = 3_000

/**
 * What goes on with an open profile that was shown before all of it runs: what is there is read and written without a network. Nothing
 * else waits for that, so whoever locks the profile meanwhile has it locked at once.
 */
export class Starting {
  readonly #clock: Clock
  readonly #logger: Logger
  #going: Promise<void> | null = null

  constructor({ clock, logger }: { clock: Clock; logger: Logger }) {
    this.#clock = clock
    this.#logger = logger
  }

  /** `isWanted` is asked before each step; `started` is called once all of it runs, if it is wanted still. */
  begin(messenger: Messenger, isWanted: () => boolean, started: () => void): void {
    this.#going = this.#start(messenger, isWanted, started)
  }

  /** Answers whether what was begun has ended. It is never stopped half-way: its parts would begin after they were told to end. */
  async ended(messenger: Messenger): Promise<boolean> {
    const going = this.#going
    this.#going = null
    if (going === null) return true
    const begun = { whole: false }
    const whole = going.then(() => (begun.whole = true))
    await within(this.#clock, ENDS_WITHIN_MS, whole)
    if (!begun.whole) messenger.networkIsTried()
    return begun.whole
  }

  async #start(messenger: Messenger, isWanted: () => boolean, started: () => void): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.after(FIRST_LOOK_MS, resolve))
    // Whoever quits within that moment has not had anything begun that would have to end.
    if (!isWanted()) return messenger.networkIsTried()
    const waitNoLonger = this.#clock.after(NETWORK_WITHIN_MS, () => messenger.networkIsTried())
    try {
      await messenger.start()
    } catch (thrown) {
      // The window has the profile open by now: it is told there.
      this.#logger.error('not-all-started', { fault: faultName(thrown) })
      messenger.report('Not all of SpacePanda could be started. What is here can be read; quit it and start it again.')
      messenger.networkIsTried()
    } finally {
      waitNoLonger()
    }
    if (isWanted()) started()
  }
}
