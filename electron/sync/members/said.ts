import type { GroupId } from '../../../shared/domain/ids.ts'
import type { Repositories } from '../../ports/store.ts'
import { putEnded, readEnded } from './ended.ts'
import { hasLeaveOffer } from './leave-offer.ts'

/** Nothing is left to be said by this device, which is out: who wanted to leave has left by that. */
export function putSaid(tx: Pick<Repositories, 'settings'>, groupId: GroupId): void {
  const ended = readEnded(tx, groupId)
  if (ended?.unsaid !== true) return
  putEnded(tx, groupId, { ...ended, kind: hasLeaveOffer(tx, groupId) ? 'left' : ended.kind, unsaid: false })
}
