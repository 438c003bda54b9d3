import { describe, expect, it } from 'vitest'
import { play } from './play.ts'

describe('real processes to whom anything happens at any time', { timeout: 900_000 }, () => {
  it.each(Array.from({ length: 30 }, (_, n) => 1_000 + n))('end as they should: seed %i', async (seed) => {
    const { complaints, lines } = await play({ seed, people: 4 + (seed % 5), beats: 60, hasRelay: seed % 2 === 0 })
    expect(complaints, lines.join('\n')).toEqual([])
  })
})
