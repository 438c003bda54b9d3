import type { MemberId } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import { AppError } from '../../kernel/errors.ts'
import { roleProblem } from '../policy/roles.ts'
import type { RoleProblem } from '../policy/roles.ts'
import type { SpaceSettings } from '../policy/settings.ts'
import { lacksOwner, withRole } from '../policy/transitions.ts'

export interface RoleChange {
  by: MemberId
  whom: MemberId
  role: Role
}

const words: Record<RoleProblem, string> = {
  'may-not-raise-oneself': 'Nobody gives themselves a higher role. Ask somebody whose role is above yours.',
  'may-not-manage-roles': 'Your role in this space does not let you change roles.',
  'may-not-change-an-equal': 'You can change the role only of members below your own.',
  'may-not-grant-role': 'You can give only roles up to your own.',
}

/** What changing a role comes to, wherever the space stands then. Throws `AppError('not-found' | 'not-permitted' | 'last-owner')`. */
export function roleChangeOf(settings: SpaceSettings, { by, whom, role }: RoleChange): SpaceSettings {
  const after = withRole(settings, whom, role)
  const [mine, theirs] = [settings.roles.get(by) ?? 'guest', settings.roles.get(whom) ?? 'guest']
  if (theirs === role) return after
  const problem = roleProblem(mine, { from: theirs, to: role, own: by === whom })
  if (problem !== null) throw new AppError('not-permitted', words[problem])
  if (lacksOwner(after)) throw new AppError('last-owner', 'You are the last owner of this space. Make somebody else owner first.')
  return after
}

/** The roles that `by` may give `whom` instead of the one they have; for the window. */
export function rolesToGive(settings: Pick<SpaceSettings, 'roles'>, by: MemberId, whom: MemberId): Role[] {
  const [mine, theirs] = [settings.roles.get(by) ?? 'guest', settings.roles.get(whom) ?? 'guest']
  const lastOwner = theirs === 'owner' && [...settings.roles.values()].filter((r) => r === 'owner').length === 1
  const own = by === whom
  return everyRole.filter((to) => to !== theirs && !lastOwner && roleProblem(mine, { from: theirs, to, own }) === null)
}

const everyRole: readonly Role[] = ['owner', 'admin', 'moderator', 'member', 'guest']
