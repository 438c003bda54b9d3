import type { CallResult, CodedError } from '../../../shared/ipc/error-codes.ts'

/** The calls that change what opens the profile. `current` must open it if it has a passphrase. Each answers null or why not. */
export interface ProfileKeys {
  setPassphrase: (current: string | null, next: string | null) => Promise<CodedError | null>
  makeRecoveryPhrase: (current: string | null) => Promise<CallResult<{ recoveryPhrase: string }>>
  removeRecoveryPhrase: (current: string | null) => Promise<CodedError | null>
  lock: () => Promise<CodedError | null>
}
