import { expect, test } from 'vitest'
import type { SimWish } from './options.ts'
import { optionsOf } from './options.ts'
import { commandOf } from './report.ts'
import { simulate } from './run.ts'

const LONGEST_MS = 240_000

/** One test for each seed, from `first` on. One that fails says how to see it again. */
export function playSeeds(first: number, count: number, wish: SimWish = {}): void {
  test.each(Array.from({ length: count }, (_, nth) => first + nth))(
    'seed %i: every invariant holds',
    async (seed) => {
      const { violations } = await simulate(optionsOf(seed, wish))
      expect(violations, `again: ${commandOf(seed, wish)} --trace`).toEqual([])
    },
    LONGEST_MS,
  )
}
