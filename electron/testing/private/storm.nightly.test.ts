import { describe, it } from 'vitest'
import { storm } from './storm.ts'

const seeds = Array.from({ length: 100 }, (_, i) => i + 100)

describe('storms of private channels', () => {
  it.each(seeds.map(String))('end with all of one mind (seed %s)', { timeout: 120_000 }, storm)
})
