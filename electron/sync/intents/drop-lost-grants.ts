import type { GroupId, ObjectId } from '../../../shared/domain/ids.ts'
import type { Repositories } from '../../ports/store.ts'
import { grantName } from './grant-name.ts'
import { decodeIntent } from './intent.ts'

/** Welcomes that came with commits that lost are given to nobody: they would make a member of a branch that all others left. */
export function dropLostGrants(tx: Pick<Repositories, 'intents' | 'invitations'>, groupId: GroupId, lost: ReadonlySet<ObjectId>): void {
  for (const { objectId, body } of tx.intents.list(groupId)) {
    const name = lost.has(objectId) ? grantName(decodeIntent(body)) : null
    if (name !== null) tx.invitations.dropGrant(groupId, name)
  }
}
