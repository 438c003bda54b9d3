import type { Random } from '../kernel/random.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Within minutes of a start, and not of all computers that start at nine at once. */
const SOON_MS = MINUTE / 2
const SOON_SPREAD_MS = 4 * MINUTE
const EVERY_MS = 6 * HOUR
const EVERY_SPREAD_MS = 2 * HOUR

/** What was just installed is new, and a person gets to the switch before anything is asked in their name. */
const NEW_FOR_MS = 24 * HOUR

/**
 * When to look for the first time after a start, or after the computer woke, in milliseconds from `now`: not on the first day.
 * @param began when the first start here was; a clock that was wrong then, or is now, makes it no longer than a day
 */
export function firstCheckAfter(began: number, now: number, random: Random): number {
  const soon = SOON_MS + random.fraction() * SOON_SPREAD_MS
  return began > now ? soon : Math.max(soon, began + NEW_FOR_MS - now)
}

/** Timers may stand still while a computer sleeps: whether one that wakes should look soon. */
export const isOverdue = (lookedAt: number | null, now: number): boolean => lookedAt !== null && Math.abs(now - lookedAt) > EVERY_MS

export const nextCheckAfter = (random: Random): number => EVERY_MS + (random.fraction() - 0.5) * EVERY_SPREAD_MS
