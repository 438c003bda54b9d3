import { describe, expect, it } from 'vitest'
import { play } from './play.ts'

/** `npm run test:nightly` plays more of them, and `node electron/testing/chaos/main.ts --seed N --trace` any other. */
describe('real processes to whom anything happens at any time', { timeout: 600_000 }, () => {
  it.each([1, 2])('end as they should: seed %i', async (seed) => {
    const { complaints, lines } = await play({ seed, people: 5, beats: 30 })
    expect(complaints, lines.join('\n')).toEqual([])
  })
})
