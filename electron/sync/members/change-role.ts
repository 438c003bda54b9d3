import type { MemberId } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { carryOut } from '../intents/carry-out.ts'

/** Gives somebody another role; durable when this resolves. Does nothing if they have it. */
export function changeRole(group: LiveGroup, whom: MemberId, role: Role): Promise<void> {
  return group.exclusive(async () => {
    await carryOut(group, { kind: 'set-role', memberId: whom, role })
  })
}
