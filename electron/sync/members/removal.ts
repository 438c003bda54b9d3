import type { MemberId } from '../../../shared/domain/ids.ts'
import type { GroupMember } from '../../crypto/mls/group-engine.ts'
import { AppError } from '../../kernel/errors.ts'
import { may, outranks } from '../policy/roles.ts'
import type { SpaceSettings } from '../policy/settings.ts'
import { lacksOwner, withoutMember, withoutRemoved } from '../policy/transitions.ts'

/** A group as it is, and the key that it would be recognised by afterwards. */
export interface Standing {
  settings: SpaceSettings
  members: readonly GroupMember[]
  presenceKey: Uint8Array
}

export interface Removal {
  settings: SpaceSettings
  /** Every device of the member. */
  removeLeaves: number[]
}

/** What removing somebody comes to, wherever the group stands then. Throws `AppError('not-found' | 'not-permitted' | 'invalid')`. */
export function removalOf(standing: Standing, { by, whom }: { by: MemberId; whom: MemberId }): Removal {
  const { roles } = standing.settings
  if (by === whom) throw new AppError('invalid', 'Nobody removes themselves. You can leave the space instead.')
  const { removeLeaves } = goingOf(standing, whom)
  const mine = roles.get(by) ?? 'guest'
  if (!may(mine, 'remove') || !outranks(mine, roles.get(whom) ?? 'guest'))
    throw new AppError('not-permitted', 'Your role in this space does not let you remove this member.')
  return { settings: withoutRemoved(standing.settings, whom, standing.presenceKey), removeLeaves }
}

/** What it comes to when somebody goes because they are out of the space. Throws `AppError('not-found')`. */
export const partingOf = (standing: Standing, memberId: MemberId): Removal => goingOf(standing, memberId)

/** What it comes to when somebody leaves. Throws `AppError('not-found' | 'last-owner')`. */
export function leavingOf(standing: Standing, memberId: MemberId): Removal {
  const removal = goingOf(standing, memberId)
  if (lacksOwner(removal.settings))
    throw new AppError('last-owner', 'You are the last owner of this space. Make somebody else owner before you leave.')
  return removal
}

function goingOf({ settings, members, presenceKey }: Standing, memberId: MemberId): Removal {
  const removeLeaves = members.filter((m) => m.memberId === memberId).map((m) => m.leafIndex)
  if (removeLeaves.length === 0) throw new AppError('not-found', 'There is no such member.')
  return { settings: withoutMember(settings, memberId, presenceKey), removeLeaves }
}
