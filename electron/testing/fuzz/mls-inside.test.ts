import { expect, describe, it } from 'vitest'
import { CASES, FUZZ_TIMEOUT_MS } from './cases.ts'
import { fuzz } from './fuzz.ts'
import { mlsScene } from './subjects/mls.ts'
import { insideSubjects } from './subjects/mls-inside.ts'

const subjects = await insideSubjects(await mlsScene())

describe('the inside of MLS messages, made by somebody who means no good', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it.each(subjects.map((subject) => [subject.name, subject] as const))('%s', async (_, subject) => {
    const t = performance.now()
    const { accepted, refused } = await fuzz(subject, { seed: 1, cases: CASES })
    console.log(subject.name, accepted, refused, Math.round(performance.now() - t))
    expect(refused).toBeGreaterThan(accepted)
  })
})
