import { describe } from 'vitest'
import { mlsChangeContract } from './mls-storage/changes.ts'
import { mlsEpochContract } from './mls-storage/epochs.ts'
import { mlsFixedPartContract } from './mls-storage/fixed-parts.ts'
import { mlsKeyPackageContract } from './mls-storage/key-packages.ts'
import { mlsMessageSecretContract } from './mls-storage/message-secrets.ts'
import { mlsOwnKeyContract } from './mls-storage/own-keys.ts'
import { mlsTransactionContract } from './mls-storage/transactions.ts'
import type { CurrentStore } from './store/current-store.ts'

/** What every implementation of `ports/mls-storage.ts` must do. */
export function mlsStorageContract(current: CurrentStore): void {
  describe('MLS storage', () => {
    const suites = [
      mlsEpochContract,
      mlsFixedPartContract,
      mlsOwnKeyContract,
      mlsMessageSecretContract,
      mlsKeyPackageContract,
      mlsChangeContract,
      mlsTransactionContract,
    ]
    for (const suite of suites) suite(current)
  })
}
