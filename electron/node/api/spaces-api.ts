import type { GroupId } from '../../../shared/domain/ids.ts'
import { groupOfSpace } from '../../../shared/domain/ids.ts'
import type { Api } from '../../../shared/ipc/contract.ts'
import { createLocalIdentity, encodeLocalIdentity } from '../../identity/index.ts'
import { AppError, invariant } from '../../kernel/errors.ts'
import { foundGroup } from '../../sync/group/found-group.ts'
import { carryOut } from '../../sync/intents/carry-out.ts'
import { renameChannel, renameSpace, setHistory } from '../../sync/members/change-space.ts'
import { newChannelId } from '../../sync/policy/channel-id.ts'
import { channelView, spaceView, spaceViews } from '../views/views.ts'
import { viewOf } from './channels-api.ts'
import type { ApiContext } from './context.ts'

type Calls =
  | 'spaces.list'
  | 'spaces.create'
  | 'spaces.rename'
  | 'spaces.repair'
  | 'spaces.leave'
  | 'spaces.forget'
  | 'spaces.history'
  | 'spaces.setHistory'
  | 'channels.create'
  | 'channels.rename'

export const spacesApi = ({ open }: ApiContext): Pick<Api, Calls> => ({
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

  'spaces.rename': async ({ spaceId, name }) => {
    const { messenger } = open()
    const group = messenger.space(groupOfSpace(spaceId))
    await renameSpace(group, name)
    const space = spaceView(messenger.deps.store, group.groupId)
    invariant(space !== null, 'a space that was renamed is in the directory')
    return space
  },

  'spaces.repair': async ({ spaceId }) => {
    await open().messenger.repair(groupOfSpace(spaceId))
    return null
  },

  'spaces.leave': async ({ spaceId }) => {
    await open().messenger.leave(groupOfSpace(spaceId))
    return null
  },

  'spaces.forget': async ({ spaceId }) => {
    await open().messenger.forget(groupOfSpace(spaceId))
    return null
  },

  'spaces.history': async ({ spaceId }) => open().messenger.group(groupOfSpace(spaceId)).tip.settings.history,

  'spaces.setHistory': async ({ spaceId, history }) => {
    const group = open().messenger.group(groupOfSpace(spaceId))
    if (group.tip.settings.kind === 'direct') throw new AppError('invalid', 'Nobody comes later to a conversation of two.')
    await setHistory(group, history)
    return group.tip.settings.history
  },

  'channels.create': async ({ spaceId, name, kind, members = [] }) => {
    if (kind === 'pseudonymous') throw new AppError('invalid', 'Pseudonymous channels are not available yet. Open and private ones are.')
    const { messenger } = open()
    const group = messenger.space(groupOfSpace(spaceId))
    if (kind === 'private') return viewOf(messenger, await messenger.under.found(group, { kind, name, members }))
    if (members.length > 0)
      throw new AppError('invalid', 'Everybody in the space is in an open channel. Only private ones have members of their own.')
    const channelId = newChannelId(group.groupId, messenger.deps.random)
    await group.exclusive(async () => {
      group.demand('manageChannels', 'create channels')
      await carryOut(group, { kind: 'create-channel', channel: { channelId, name, kind } })
    })
    const { store } = messenger.deps
    const row = store.directory.channel(channelId)
    invariant(row !== null, 'a created channel is in the directory')
    return channelView(store, row)
  },

  'channels.rename': async ({ channelId, name }) => {
    const { messenger } = open()
    await renameChannel(messenger.groupOfChannel(channelId), channelId, name)
    return channelView(messenger.deps.store, messenger.channel(channelId))
  },
})
