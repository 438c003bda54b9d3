import type { GroupId } from '../../../shared/domain/ids.ts'
import type { Repositories } from '../../ports/store.ts'
import { decodeIntent } from './intent.ts'

const WHY = 'This device was removed from the space after that.'

/**
 * What somebody asked who was removed is over, done or not: if they come back it is not done again, and nobody is told that it was not done. What
 * others said who leave goes on to hold (SPEC.md I5).
 */
export function endWishes(tx: Pick<Repositories, 'intents'>, groupId: GroupId): void {
  for (const row of tx.intents.list(groupId))
    if (row.failure === null && decodeIntent(row.body).kind !== 'see-off') tx.intents.put({ ...row, failure: WHY })
}
