import { describe, expect, it } from 'vitest'
import { play } from './play.ts'

/** Many more, and longer ones, are played nightly. */
describe('real processes to whom anything happens at any time', { timeout: 600_000 }, () => {
  it.each([
    ['lines that fail', { seed: 2, people: 5, beats: 25, hasRelay: false }],
    ['lines that fail, and a relay by which alone some of them meet', { seed: 4, people: 4, beats: 25, hasRelay: true }],
  ])('end as they should, with %s', async (_, plan) => {
    const { complaints, lines } = await play(plan)
    expect(complaints, lines.join('\n')).toEqual([])
  })
})
