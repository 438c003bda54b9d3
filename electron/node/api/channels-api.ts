import { groupOfSpace } from '../../../shared/domain/ids.ts'
import type { Channel } from '../../../shared/domain/models.ts'
import type { Api } from '../../../shared/ipc/contract.ts'
import { AppError, invariant } from '../../kernel/errors.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { channelView, directWith } from '../views/channel-views.ts'
import type { Messenger } from '../messenger.ts'
import { memberViews } from '../views/views.ts'
import type { ApiContext } from './context.ts'

type Calls = 'channels.direct' | 'channels.members' | 'channels.addMember' | 'channels.removeMember' | 'channels.leave'

/** What is shown of a private channel or a direct message. */
export function viewOf({ deps: { store } }: Messenger, { groupId }: LiveGroup): Channel {
  const row = store.directory.channels(groupId)[0]
  invariant(row !== undefined, 'a group under a space has a channel')
  return channelView(store, row)
}

/** Throws `AppError('invalid')` for a channel that everybody in the space is in. */
function withOwnMembers(group: LiveGroup): LiveGroup {
  if (group.parent === null)
    throw new AppError('invalid', 'Everybody in the space is in this channel. Only private channels have members of their own.')
  return group
}

export const channelsApi = ({ open }: ApiContext): Pick<Api, Calls> => ({
  'channels.direct': async ({ spaceId, memberId }) => {
    const { messenger } = open()
    const space = messenger.space(groupOfSpace(spaceId))
    const known = directWith(messenger.deps.store, space.groupId, memberId)
    if (known !== null) return known
    return viewOf(messenger, await messenger.under.direct(space, memberId))
  },

  'channels.members': async ({ channelId }) => {
    const { messenger } = open()
    const groupId = messenger.known(messenger.channel(channelId).groupId)
    return memberViews(messenger.deps.store, groupId, messenger.correspondence.online(groupId))
  },

  'channels.addMember': async ({ channelId, memberId }) => {
    const { messenger } = open()
    const group = withOwnMembers(messenger.groupOfChannel(channelId))
    await messenger.under.add(group, memberId)
    return viewOf(messenger, group)
  },

  'channels.removeMember': async ({ channelId, memberId }) => {
    const { messenger } = open()
    const group = withOwnMembers(messenger.groupOfChannel(channelId))
    await messenger.under.remove(group, memberId)
    return viewOf(messenger, group)
  },

  'channels.leave': async ({ channelId }) => {
    const { messenger } = open()
    await messenger.leave(withOwnMembers(messenger.groupOfChannel(channelId)).groupId)
    return null
  },
})
