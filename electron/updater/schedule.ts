import type { Random } from '../kernel/random.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Within minutes of a start, and not of all computers that start at nine at once. */
const SOON_MS = MINUTE / 2
const SOON_SPREAD_MS = 4 * MINUTE
const EVERY_MS = 6 * HOUR
const EVERY_SPREAD_MS = 2 * HOUR

/**
 * When to look for the first time after a start. At the very first one here, a day later: what was just installed is new, and
 * a person gets to the switch before anything is asked in their name.
 */
export const firstCheckAfter = (isNew: boolean, random: Random): number =>
  isNew ? 24 * HOUR : SOON_MS + random.fraction() * SOON_SPREAD_MS

/** Timers may stand still while a computer sleeps: whether one that wakes should look soon. */
export const isOverdue = (lookedAt: number | null, now: number): boolean => lookedAt !== null && Math.abs(now - lookedAt) > EVERY_MS

export const nextCheckAfter = (random: Random): number => EVERY_MS + (random.fraction() - 0.5) * EVERY_SPREAD_MS
