import type { Repositories } from '../../ports/store.ts'
import { dropOffer } from './offer.ts'

/**
 * For whoever puts an older database in the place of a newer one, in one transaction before anything else is done with it:
 * no key of the copy may be used to send. What was offered under a copied key package may have been taken since, and would
 * be opened at generation 0 once more: so open joins end, and offers of fresh leaves are forgotten.
 */
export function markReturning(tx: Repositories): void {
  for (const row of tx.groups.list()) {
    tx.groups.put({ ...row, returning: true })
    dropOffer(tx, row.groupId)
  }
  for (const row of tx.joins.list()) {
    if (['done', 'refused', 'cancelled'].includes(row.state.kind)) continue
    tx.mls.deleteKeyPackagesOf(row.groupId)
    tx.joins.put({ ...row, identity: new Uint8Array(), state: { kind: 'cancelled' } })
  }
}
