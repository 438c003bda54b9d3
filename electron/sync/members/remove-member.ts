import type { MemberId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { carryOut } from '../intents/carry-out.ts'

/** Removes somebody from the space, with every device; durable when this resolves. */
export function removeMember(group: LiveGroup, memberId: MemberId): Promise<void> {
  return group.exclusive(async () => {
    if ((await carryOut(group, { kind: 'remove', memberId })) === null) throw new AppError('not-found', 'There is no such member.')
  })
}
