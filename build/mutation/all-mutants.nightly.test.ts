import { expect, test } from 'vitest'
import { runMutants } from './run-mutants.mjs'
import { leastScore, targets } from './targets.mjs'

test.each(targets)(
  'the mutants of $folder are noticed',
  async (target) => {
    const { survivors, score } = await runMutants(process.execPath, target)
    expect(score, JSON.stringify(survivors, ['file', 'line', 'from', 'to'])).toBeGreaterThanOrEqual(leastScore)
  },
  1_200_000,
)
