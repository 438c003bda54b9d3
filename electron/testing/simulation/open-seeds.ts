/**
 * Worlds that fail, each with why that is not settled yet; `regressions.test.ts` has those that were here.
 *
 * 230564: Bob joins, and his first session with Ann breaks before either proved itself. Apart from her he changes something; she removes him,
 * goes astray, and is let in again with a fresh leaf by Carol, who came after the fork. When they meet Bob knows no leaf that she has and never
 * knew her peer, so to him she is a stranger, whose word counts for nothing (SPEC.md R2: whoever was removed could mute him): he stays where nobody
 * can come, and is told of strangers, but not that he is out. To take whoever gives a Welcome for the member who signed it would end that, and was
 * taken back: what asks to join is bound to no peer, so whoever is asked can pass it on, and would be taken for the owner with the owner's Welcome.
 */
export const OPEN: readonly number[] = [230564]

/** With hostile members. */
export const OPEN_HOSTILE: readonly number[] = []
