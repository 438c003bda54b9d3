import { afterEach, beforeEach, describe } from 'vitest'
import { invariant } from '../../kernel/errors.ts'
import type { Store } from '../../ports/store.ts'
import { mlsStorageContract } from './mls-storage-contract.ts'
import { branchContract } from './store/branches.ts'
import { deliveryContract } from './store/deliveries.ts'
import { deletionContract } from './store/deletion.ts'
import { directoryContract } from './store/directory.ts'
import { forgettingContract } from './store/forgetting.ts'
import { groupContract } from './store/groups.ts'
import { messageContract } from './store/messages.ts'
import { sharedMessageContract } from './store/shared-messages.ts'
import { objectContract } from './store/objects.ts'
import { pagingBothWaysContract } from './store/paging-both-ways.ts'
import { pagingContract } from './store/paging.ts'
import { searchContract } from './store/searching.ts'
import { transactionContract } from './store/transactions.ts'
import { valueContract } from './store/values.ts'

/** What every implementation of `ports/store.ts` must do. `open` gives a new, empty store; it is closed after each test. */
export function storeContract(name: string, open: () => Store): void {
  describe(`${name} keeps the store's contract`, () => {
    let store: Store | null = null
    beforeEach(() => {
      store = open()
    })
    afterEach(() => {
      store?.close()
      store = null
    })
    const suites = [
      transactionContract,
      valueContract,
      groupContract,
      mlsStorageContract,
      objectContract,
      branchContract,
      deliveryContract,
      messageContract,
      sharedMessageContract,
      pagingContract,
      pagingBothWaysContract,
      deletionContract,
      searchContract,
      directoryContract,
      forgettingContract,
    ]
    const current = (): Store => {
      invariant(store !== null, 'no test is running')
      return store
    }
    for (const suite of suites) suite(current)
  })
}
