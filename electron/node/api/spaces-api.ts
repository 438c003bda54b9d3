import type { ChannelId, GroupId } from '../../../shared/domain/ids.ts'
import { groupOfSpace } from '../../../shared/domain/ids.ts'
import type { Api } from '../../../shared/ipc/contract.ts'
import { createLocalIdentity, encodeLocalIdentity } from '../../identity/index.ts'
import { AppError, invariant } from '../../kernel/errors.ts'
import { foundGroup } from '../../sync/group/found-group.ts'
import { carryOut } from '../../sync/intents/carry-out.ts'
import { channelView, memberViews, spaceView, spaceViews } from '../views.ts'
import type { ApiContext } from './context.ts'

export const spacesApi = ({ open }: ApiContext): Pick<Api, 'spaces.list' | 'spaces.create' | 'channels.create' | 'members.list'> => ({
  'spaces.list': async () => spaceViews(open().messenger.deps.store),

  'spaces.create': async ({ name }) => {
    const { messenger, record } = open()
    const { store, random } = messenger.deps
    const groupId = random.id<GroupId>()
    const identity = createLocalIdentity(groupId, record.name, random)
    const group = await foundGroup(messenger.groupDeps, groupId, name, identity, encodeLocalIdentity(identity))
    messenger.added(group)
    const space = spaceView(store, groupId)
    invariant(space !== null, 'a founded space is in the directory')
    return space
  },

  'channels.create': async ({ spaceId, name, kind }) => {
    if (kind !== 'open') throw new AppError('invalid', 'Private and pseudonymous channels are not available yet. Only open channels are.')
    const { messenger } = open()
    const group = messenger.group(groupOfSpace(spaceId))
    const channelId = messenger.deps.random.id<ChannelId>()
    await group.exclusive(async () => {
      group.demand('manageChannels', 'create channels')
      await carryOut(group, { kind: 'create-channel', channel: { channelId, name, kind } })
    })
    const { store } = messenger.deps
    const row = store.directory.channel(channelId)
    invariant(row !== null, 'a created channel is in the directory')
    return channelView(store, row)
  },

  'members.list': async ({ spaceId }) => {
    const { messenger } = open()
    const { groupId } = messenger.group(groupOfSpace(spaceId))
    return memberViews(messenger.deps.store, groupId, messenger.correspondence.online(groupId))
  },
})
