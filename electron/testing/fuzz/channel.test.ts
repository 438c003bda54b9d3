import { describe, expect, it } from 'vitest'
import { CASES, FUZZ_TIMEOUT_MS } from './cases.ts'
import { fuzz } from './fuzz.ts'
import { channelSubjects } from './subjects/channel.ts'

describe('streams of frames, made by somebody who means no good', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it.each(channelSubjects.map((subject) => [subject.name, subject] as const))('%s', async (_, subject) => {
    const { accepted, refused } = await fuzz(subject, { seed: 1, cases: CASES })
    expect(refused).toBeGreaterThan(accepted / 10)
  })
})
