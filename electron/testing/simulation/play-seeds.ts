import { expect, test } from 'vitest'
import type { SimWish } from './options.ts'
import { optionsOf } from './options.ts'
import { commandOf } from './report.ts'
import { simulate } from './run.ts'

const LONGEST_MS = 240_000
/** The first seed of a night's: others than those of every day. */
export const NIGHTLY = 10_000

/**
 * One test for each seed, from `first` on, in which several change the group at once. One that fails says how to see it again. `but`:
 * seeds that are known to fail (`open-seeds.ts`).
 */
export function playSeeds(first: number, count: number, more: SimWish = {}, but: readonly number[] = []): void {
  const wish: SimWish = { concurrentCommits: true, ...more }
  const seeds = Array.from({ length: count }, (_, nth) => first + nth).filter((seed) => !but.includes(seed))
  test.each(seeds)(
    'seed %i: every invariant holds',
    async (seed) => {
      const { violations } = await simulate(optionsOf(seed, wish))
      expect(violations, `again: ${commandOf(seed, wish)} --trace`).toEqual([])
    },
    LONGEST_MS,
  )
}
