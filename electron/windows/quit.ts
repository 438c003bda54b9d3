import type { App } from 'electron'
import type { Clock } from '../kernel/clock.ts'
import { within } from '../kernel/within.ts'

/** Longer than any transaction takes; shorter than the patience of a system that is shutting down. */
export const STOP_WITHIN_MS = 5_000
/** Chromium has nothing of ours to keep by then: where it does not find its own end in time, it is ended. */
export const GONE_WITHIN_MS = 2_000

/**
 * Lets `stop` finish before the application is gone, for at most `STOP_WITHIN_MS`: what is not stored by then was never acknowledged. Then
 * `release` lets go of what must be before Electron takes Node apart, whether `stop` came to its end or not. Signals quit the same way as
 * the menu does.
 */
export function stopBeforeQuit(
  app: App,
  signals: NodeJS.Process,
  clock: Clock,
  { stop, release }: { stop: () => Promise<void>; release: () => Promise<void> },
): void {
  let stopping: Promise<void> | null = null
  let stopped = false
  app.on('will-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    if (stopping !== null) return
    const released = within(clock, STOP_WITHIN_MS, stop())
      .catch(() => undefined)
      .then(() => release().catch(() => undefined))
    stopping = released.then(() => {
      stopped = true
      // Not within the event: Electron hears no second request to quit before it has seen that the first was held.
      setImmediate(() => app.quit())
      clock.after(GONE_WITHIN_MS, () => app.exit(0))
    })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) signals.on(signal, () => app.quit())
}
