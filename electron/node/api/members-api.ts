import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { groupOfSpace, spaceOfGroup } from '../../../shared/domain/ids.ts'
import type { Member } from '../../../shared/domain/models.ts'
import type { Api } from '../../../shared/ipc/contract.ts'
import { safetyNumber } from '../../identity/index.ts'
import { AppError } from '../../kernel/errors.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { changeRole } from '../../sync/members/change-role.ts'
import { setVerified, verifiedMembers } from '../../sync/members/verified.ts'
import type { Messenger } from '../messenger.ts'
import { spaceOver } from '../views/channel-views.ts'
import { memberViews } from '../views/views.ts'
import type { ApiContext } from './context.ts'

type Calls = 'members.list' | 'members.remove' | 'members.setRole' | 'members.verify'

const membersOf = ({ deps, correspondence }: Messenger, groupId: GroupId): Member[] =>
  memberViews(deps.store, groupId, correspondence.online(groupId))

/** The key that certifies a member: whoever held another would be another member. */
function identityKey(group: LiveGroup, memberId: MemberId): Uint8Array {
  const leaf = group.members().find((m) => m.memberId === memberId)
  const key = leaf && group.deps.engine.identityKey(group.tip.state, leaf.leafIndex)
  if (!key) throw new AppError('not-found', 'There is no such member.')
  return key
}

export const membersApi = ({ open, emit }: ApiContext): Pick<Api, Calls> => ({
  'members.list': async ({ spaceId }) => {
    const { messenger } = open()
    return membersOf(messenger, messenger.known(groupOfSpace(spaceId)))
  },

  'members.remove': async ({ spaceId, memberId }) => {
    const { messenger } = open()
    await messenger.under.remove(messenger.group(groupOfSpace(spaceId)), memberId)
    return null
  },

  'members.setRole': async ({ spaceId, memberId, role }) => {
    const { messenger } = open()
    const group = messenger.group(groupOfSpace(spaceId))
    await changeRole(group, memberId, role)
    const member = membersOf(messenger, group.groupId).find((m) => m.memberId === memberId)
    if (member === undefined) throw new AppError('not-found', 'There is no such member.')
    return member
  },

  'members.verify': async ({ spaceId, memberId, verified }) => {
    const { messenger } = open()
    const { store } = messenger.deps
    // It is the same person in the space and in what is under it.
    const group = messenger.group(spaceOver(store, groupOfSpace(spaceId)))
    const { groupId } = group
    if (memberId === group.self) throw new AppError('invalid', 'This is you. Compare the number of somebody else with them.')
    const number = safetyNumber(identityKey(group, group.self), identityKey(group, memberId))
    if (verified !== null) {
      store.transaction((tx) => setVerified(tx, groupId, memberId, verified))
      for (const each of [groupId, ...store.directory.under(groupId).map((row) => row.groupId)])
        emit({ event: 'members.changed', data: { spaceId: spaceOfGroup(each), members: membersOf(messenger, each) } })
    }
    return { memberId, safetyNumber: number, verified: verifiedMembers(store, groupId).has(memberId) }
  },
})
