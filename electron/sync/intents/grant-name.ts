import { createHash } from 'node:crypto'
import type { Intent } from './intent.ts'

/** A Welcome for a return is kept under a name made of its key package. */
export const returnGrant = (keyPackage: Uint8Array): string => createHash('sha256').update(keyPackage).digest('hex').slice(0, 32)

/** Under which name the Welcome that an intent's commit brings is kept; null where it brings none. */
export function grantName(intent: Intent): string | null {
  switch (intent.kind) {
    case 'admit':
      return intent.request.requestId
    case 'readmit':
      return returnGrant(intent.request.keyPackage)
    case 'add':
      return intent.newcomers[0] ? returnGrant(intent.newcomers[0].keyPackage) : null
    default:
      return null
  }
}
