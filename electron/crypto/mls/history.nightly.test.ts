import { describe, expect, it } from 'vitest'
import { engineSubject } from '../../testing/mls/engine-subject.ts'
import { playHistory } from '../../testing/mls/history.ts'
import { seededRandom } from '../../testing/mls/seeded.ts'
import { X25519_SUITE, XWING_SUITE } from './provider/suites.ts'

const seeds = Array.from({ length: 20 }, (_, i) => i + 100)

describe('long random histories', () => {
  it.each(seeds)('of our engine with X25519, seed %i', async (seed) => {
    const random = seededRandom(`long ${seed}`)
    const result = await playHistory(await engineSubject(random, X25519_SUITE), { random, steps: 120, most: 24 })
    expect(result.failures).toEqual([])
  })

  it.each(seeds.slice(0, 5))('of our engine with X-Wing, seed %i', async (seed) => {
    const random = seededRandom(`long hybrid ${seed}`)
    const result = await playHistory(await engineSubject(random, XWING_SUITE), { random, steps: 60, most: 16 })
    expect(result.failures).toEqual([])
  })
})
