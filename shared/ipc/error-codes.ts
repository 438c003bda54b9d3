/** Every error that crosses a wall (IPC, command line, local socket) carries one of these codes. */
export const errorCodes = [
  'usage',
  'invalid',
  'no-profile',
  'profile-exists',
  'locked',
  'wrong-passphrase',
  'passphrase-required',
  'wrong-recovery-phrase',
  'unreadable',
  /** Whole, and not for this version to open. */
  'newer-profile',
  /** Of an older version, and could not be brought up to date: it is as it was. */
  'upgrade-failed',
  'in-use',
  'not-found',
  'not-permitted',
  'timed-out',
  'cancelled',
  'too-large',
  'disk',
  'unreachable',
  'conflict',
  /** Restored from an older copy, astray or to be repaired: no writing or leaving before a member let this device in with fresh keys. */
  'returning',
  /** Left, or removed from it. */
  'not-member',
  /** Somebody else has to be made owner first. */
  'last-owner',
  'already-member',
  'invitation-malformed',
  'invitation-expired',
  'invitation-used-up',
  'invitation-revoked',
  'invitation-wrong-space',
  /** From the space that an invitation was to lead into. */
  'removed',
  'stopping',
  'internal',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** An error as plain data, the form in which it crosses a process boundary. */
export interface CodedError {
  code: ErrorCode
  /** One sentence for a person: what happened, what to do. Never holds message text, names or keys. */
  message: string
}

export type CallResult<T> = { ok: true; value: T } | { ok: false; error: CodedError }
