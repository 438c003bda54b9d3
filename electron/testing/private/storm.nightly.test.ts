import { describe, it } from 'vitest'
import { storm } from './storm.ts'

const seeds = Array.from({ length: 100 }, (_, i) => String(i + 100))

describe('a hundred storms of private channels', () => {
  it.each(seeds)('end with all of one mind (seed %s)', { timeout: 120_000 }, storm)
})
