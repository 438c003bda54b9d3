/** Worlds that fail, each with why that is not settled yet. None at this time; `regressions.test.ts` has those that were here. */
export const OPEN: readonly number[] = []

/** With hostile members. */
export const OPEN_HOSTILE: readonly number[] = []
