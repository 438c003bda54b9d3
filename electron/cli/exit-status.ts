import type { ErrorCode } from '../../shared/ipc/error-codes.ts'

const FAILED = 1

const statuses: Partial<Record<ErrorCode, number>> = {
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

/** What the process ends with; the same whether or not it printed JSON. */
export const exitStatus = (code: ErrorCode): number => statuses[code] ?? FAILED
