/**
 * Worlds that fail, and why that is not settled yet. 71 and 101: newcomers came in on a branch behind a fork that they cannot see. Whoever
 * sees it chose the other one, by the rule, and is alone there; they are more, and so wait for one another (`node/apart.ts`). 156
 * and 285: somebody left, and whoever had committed that was removed, or its commit lost, before anybody else had it.
 */
export const OPEN: readonly number[] = [71, 101, 156, 285]
