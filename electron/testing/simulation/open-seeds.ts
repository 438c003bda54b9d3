/**
 * Worlds that fail, and why that is not settled yet. 71 and 101: newcomers came in on a branch behind a fork that they cannot see. Whoever
 * sees it chose the other one, by the rule, and is alone there; they are more, and so wait for one another (`node/apart.ts`). 156
 * and 285: somebody left, and whoever had committed that was removed, or its commit lost, before anybody else had it.
 * 213 and 427: somebody was a member on the branch that lost, is let in again, and is owed what was written there; but somebody else,
 * who was not shown to its author, came in first. By D2 the message stays with its author, who is told in the window; it should be
 * handed to the one it was written for, and to nobody else.
 */
export const OPEN: readonly number[] = [71, 101, 156, 213, 285, 427]

/**
 * Of worlds in which keys are renewed all the time (`--updates`). 609 and 670: as 213 and 427. 664: somebody was let in on a branch that
 * lost, and again where all others are; it counts what one of them wrote from the first message that it has there, so that author takes
 * what it wrote on the branch that lost for delivered. With hostile members 601: the world is taken to be at rest before two of them have
 * found each other again.
 */
export const OPEN_WITH_UPDATES: readonly number[] = [609, 664, 670]
export const OPEN_WITH_UPDATES_AND_HOSTILE: readonly number[] = [601]
