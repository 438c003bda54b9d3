import { describe, expect, it } from 'vitest'
import { CASES, FUZZ_TIMEOUT_MS } from './cases.ts'
import { fuzz } from './fuzz.ts'
import { protocolSubjects } from './subjects/protocols.ts'

describe('questions and answers, made by somebody who means no good', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const subjects = Object.values(protocolSubjects).flat()

  it.each(subjects.map((subject) => [subject.name, subject] as const))('%s', async (_, subject) => {
    const t = performance.now()
    const { accepted, refused } = await fuzz(subject, { seed: 1, cases: CASES })
    console.log(subject.name, accepted, refused, Math.round(performance.now() - t))
    expect(refused).toBeGreaterThan(accepted)
  })
})
