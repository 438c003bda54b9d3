import type { Clock } from '../../kernel/clock.ts'
import { SLEPT_MS, WATCH_MS } from '../sessions/constants.ts'

/**
 * Calls `onChange` when what `look` gives has changed, or when so much time was skipped that the machine must have slept:
 * connections from before are dead then, and nobody says so. Returns what stops it.
 */
export function watchNetwork(clock: Clock, look: () => string, onChange: () => void): () => void {
  let seen = look()
  let cancel = (): void => undefined
  const arm = (): void => {
    const armedAt = clock.now()
    cancel = clock.after(WATCH_MS, () => {
      const sees = look()
      const changed = sees !== seen || clock.now() - armedAt > WATCH_MS + SLEPT_MS
      seen = sees
      arm()
      if (changed) onChange()
    })
  }
  arm()
  return () => cancel()
}
