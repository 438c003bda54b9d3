import { describe, expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'
import type { Subject } from './subject.ts'

/** For each decoder: twenty thousand in `npm test`, ten times as many at night. */
const nightly = process.env['SPACEPANDA_NIGHTLY'] === '1'
const CASES = nightly ? 200_000 : 20_000
/** A suite may take long where many share the machine; what a case may take is watched case by case. */
const SUITE_MS = nightly ? 3_600_000 : 300_000
const SEED = 1

/** What every decoder of bytes from a peer, a link or a file must do with what means it no good. */
export function fuzzSuite(title: string, subjects: readonly Subject[]): void {
  describe(`${title}, made by somebody who means no good`, { timeout: SUITE_MS }, () => {
    it.each(subjects.map((subject) => [subject.name, subject] as const))('%s', async (_, subject) => {
      const { refused } = await fuzz(subject, { seed: SEED, cases: CASES })
      // as many mutants as this are no longer what they were made of, in every format
      expect(refused).toBeGreaterThan((CASES * (subject.share ?? 1)) / 4)
    })
  })
}
