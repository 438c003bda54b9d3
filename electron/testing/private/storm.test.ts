import { describe, it } from 'vitest'
import { storm } from './storm.ts'

describe('a storm of private channels', () => {
  it.each(['2', '3', '5', '6', '7', '8'])(
    'ends with all of one mind, and nothing told to anybody else (seed %s)',
    { timeout: 60_000 },
    storm,
  )
})
