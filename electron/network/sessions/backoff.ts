import { BACKOFF_BASE_MS, BACKOFF_CAP_MS } from './constants.ts'

/** Milliseconds to wait after `failures` failures in a row (from 0), exponential with full jitter. `fraction` is in [0, 1). */
export function backoffMs(failures: number, fraction: number): number {
  // 2^6 seconds is above the cap already; the bound keeps the power finite.
  const whole = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures, 16))
  return Math.floor(whole * fraction)
}
