import type { JoinState } from '../../../shared/domain/models.ts'
import type { Random } from '../../kernel/random.ts'
import type { Store } from '../../ports/store.ts'
import { endOffer } from '../joins/offer.ts'
import { ENDPOINT, TRANSPORT_KEY, TRANSPORT_KEY_BYTES } from '../../storage/profile-settings.ts'

const droppedJoin: JoinState = {
  kind: 'refused',
  code: 'conflict',
  message: 'The profile was restored from a backup while this was under way. Open the invitation again.',
}

const isOver = ({ kind }: JoinState): boolean => kind === 'done' || kind === 'refused' || kind === 'cancelled'

/**
 * Makes a copy of a profile one that may run although the original ran on after it was copied, in one transaction:
 * - No group may send before a member let this device in with a fresh leaf: what the old one would use was perhaps used already.
 * - The network sees a new device, at a new address: the original may still be running.
 * - Joins under way end, and their keys go. The original may have been let in by them since; asking again with the same request
 *   would be answered by the same Welcome, and lead into the group with ratchets that were used.
 */
export function putBack(store: Store, random: Random): void {
  store.transaction((tx) => {
    for (const row of tx.groups.list()) tx.groups.put({ ...row, returning: true })
    tx.settings.set(TRANSPORT_KEY, random.bytes(TRANSPORT_KEY_BYTES))
    tx.settings.delete(ENDPOINT)
    for (const row of tx.joins.list().filter(({ state }) => !isOver(state))) {
      endOffer(tx, { ...row, state: droppedJoin })
    }
  })
}
