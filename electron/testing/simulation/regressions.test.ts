import { expect, test } from 'vitest'
import type { SimOptions } from './options.ts'
import { simulate } from './run.ts'

/**
 * Worlds that failed once, with all their options, which `optionsOf` may give the seed no more. `found`: what it was.
 */
const regressions: readonly { found: string; options: SimOptions }[] = []

test('worlds that failed once do so no more', async () => {
  for (const { found, options } of regressions) expect((await simulate(options)).violations, found).toEqual([])
}, 600_000)
