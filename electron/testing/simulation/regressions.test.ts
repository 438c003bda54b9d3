import { expect, test } from 'vitest'
import { X25519_SUITE } from '../../crypto/mls/index.ts'
import type { SimOptions } from './options.ts'
import { CALM } from './options.ts'
import { simulate } from './run.ts'

/**
 * Worlds that failed once, with all their options, which `optionsOf` may give the seed no more. `found`: what it was.
 */
const regressions: readonly { found: string; options: SimOptions }[] = [
  {
    found: 'a message counted 2^40 by a hostile member kept all others from comparing what they have',
    options: {
      ...{ seed: 30, founders: 3, nodes: 3, steps: 15, hostile: 1, concurrentCommits: false, suiteId: X25519_SUITE, disk: false },
      faults: { ...CALM, skewMs: 2_000 },
    },
  },
]

test('worlds that failed once do so no more', async () => {
  for (const { found, options } of regressions) expect((await simulate(options)).violations, found).toEqual([])
}, 600_000)
