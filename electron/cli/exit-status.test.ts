import { describe, expect, it } from 'vitest'
import { errorCodes } from '../../shared/ipc/error-codes.ts'
import type { ErrorCode } from '../../shared/ipc/error-codes.ts'
import { exitStatus } from './exit-status.ts'

/** CONTRACT.md: 1 failed · 2 wrong usage · 3 no profile · 4 locked · 5 no such thing · 6 timed out · 7 not permitted · 8 in use. */
const expected: Partial<Record<ErrorCode, number>> = {
  usage: 2,
  invalid: 2,
  'no-profile': 3,
  locked: 4,
  'wrong-passphrase': 4,
  'passphrase-required': 4,
  'wrong-recovery-phrase': 4,
  'not-found': 5,
  'timed-out': 6,
  'not-permitted': 7,
  returning: 7,
  'not-member': 7,
  'last-owner': 7,
  'in-use': 8,
}

describe('the exit status', () => {
  it.each(errorCodes)('of %s is what scripts rely on', (code) => {
    expect(exitStatus(code)).toBe(expected[code] ?? 1)
  })

  it('is never that of success', () => {
    expect(errorCodes.map(exitStatus)).not.toContain(0)
  })
})
