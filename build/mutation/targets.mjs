/** What so much depends on that its tests are tested. @type {readonly import('./run-mutants.mjs').Target[]} */
export const targets = [
  { folder: 'electron/sync/commit-ordering', files: ['choose.ts', 'strong-remove.ts', 'standing.ts', 'reachable.ts'] },
]

/** The part of all mutants that has to be noticed. Some differ in nothing but in how long they take. */
export const leastScore = 0.85
