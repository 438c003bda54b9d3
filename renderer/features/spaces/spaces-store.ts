import { createStore } from 'zustand/vanilla'
import type { CallResult, CodedError } from '../../../shared/ipc/error-codes.ts'
import type { ChannelId, MemberId, SpaceId } from '../../../shared/domain/ids.ts'
import type { HistoryPolicy, Channel, Space } from '../../../shared/domain/models.ts'
import type { Client } from '../../bridge/client.ts'
import { follow } from '../../bridge/follow.ts'
import type { Loadable } from '../../bridge/follow.ts'

export interface SpacesState {
  spaces: Loadable<Space[]>
}

/** The spaces and their channels, as the node last gave them. */
export function createSpacesStore(client: Client) {
  const store = createStore<SpacesState>(() => ({ spaces: { kind: 'loading' } }))
  const known = (): Space[] => {
    const { spaces } = store.getState()
    return spaces.kind === 'ready' ? spaces.value : []
  }
  const set = (value: Space[]) => store.setState({ spaces: { kind: 'ready', value } })
  const update = (change: (spaces: Space[]) => Space[]) => {
    if (store.getState().spaces.kind === 'ready') set(change(known()))
  }
  const load = () =>
    follow<Space[]>({
      load: () => client.call('spaces.list', {}),
      subscribe: (listener) => client.on('spaces.changed', listener),
      apply: (spaces) => store.setState({ spaces }),
    })

  const start = () => {
    let stopLoading = load()
    const stopRead = client.on('channel.read', ({ channelId, unread, readSeq }) =>
      update((spaces) => withChannelPart(spaces, channelId, () => ({ unread, readSeq }))),
    )
    // The node counts; until it says the new number, one more message from someone else is one more unread.
    const stopAdded = client.on('message.added', ({ channelId, author }) => {
      if (!author.self) update((spaces) => withChannelPart(spaces, channelId, ({ unread }) => ({ unread: unread + 1 })))
    })
    restart = () => {
      stopLoading()
      stopLoading = load()
    }
    return () => {
      stopLoading()
      stopRead()
      stopAdded()
    }
  }
  let restart = () => {}

  return {
    store,
    start,
    retry: () => restart(),
    create: async (name: string): Promise<CallResult<Space>> => {
      const result = await client.call('spaces.create', { name })
      if (result.ok) set(withSpace(known(), result.value))
      return result
    },
    rename: (spaceId: SpaceId, name: string): Promise<CallResult<Space>> => client.call('spaces.rename', { spaceId, name }),
    renameChannel: (channelId: ChannelId, name: string): Promise<CallResult<Channel>> =>
      client.call('channels.rename', { channelId, name }),
    history: (spaceId: SpaceId): Promise<CallResult<HistoryPolicy>> => client.call('spaces.history', { spaceId }),
    /** What newcomers are given of what was said before they came. */
    setHistory: async (spaceId: SpaceId, history: HistoryPolicy): Promise<CodedError | null> => {
      const result = await client.call('spaces.setHistory', { spaceId, history })
      return result.ok ? null : result.error
    },
    repair: async (spaceId: SpaceId): Promise<CodedError | null> => {
      const result = await client.call('spaces.repair', { spaceId })
      return result.ok ? null : result.error
    },
    leave: async (spaceId: SpaceId): Promise<CodedError | null> => {
      const result = await client.call('spaces.leave', { spaceId })
      return result.ok ? null : result.error
    },
    forget: async (spaceId: SpaceId): Promise<CodedError | null> => {
      const result = await client.call('spaces.forget', { spaceId })
      return result.ok ? null : result.error
    },
    /** How long this device keeps a channel's messages. */
    setKeepDays: async (channelId: ChannelId, keepDays: number | null): Promise<CodedError | null> => {
      const result = await client.call('channels.setKeepDays', { channelId, keepDays })
      if (!result.ok) return result.error
      update((spaces) => withChannelPart(spaces, channelId, () => ({ keepDays: result.value.keepDays })))
      return null
    },
    createChannel: async (
      spaceId: SpaceId,
      wish: { name: string; kind: 'open' | 'private'; members: MemberId[] },
    ): Promise<CallResult<Channel>> => {
      const { kind, members, name } = wish
      const result = await client.call('channels.create', { spaceId, name, kind, ...(kind === 'private' ? { members } : {}) })
      if (result.ok) set(withChannel(known(), result.value))
      return result
    },
    /** The conversation with a member; made if there is none. */
    direct: async (spaceId: SpaceId, memberId: MemberId): Promise<CallResult<Channel>> => {
      const result = await client.call('channels.direct', { spaceId, memberId })
      if (result.ok) set(withChannel(known(), result.value))
      return result
    },
    addMember: async (channelId: ChannelId, memberId: MemberId): Promise<CodedError | null> => {
      const result = await client.call('channels.addMember', { channelId, memberId })
      return result.ok ? null : result.error
    },
  }
}

export type SpacesStore = ReturnType<typeof createSpacesStore>

/** The answer to a call may come before or after the event that tells the same: both end alike. */
const withSpace = (spaces: Space[], space: Space): Space[] =>
  spaces.some((known) => known.spaceId === space.spaceId) ? spaces : [...spaces, space]

const withChannel = (spaces: Space[], channel: Channel): Space[] =>
  spaces.map((space) =>
    space.spaceId !== channel.spaceId || space.channels.some((known) => known.channelId === channel.channelId)
      ? space
      : { ...space, channels: [...space.channels, channel] },
  )

const withChannelPart = (spaces: Space[], channelId: ChannelId, part: (before: Channel) => Partial<Channel>): Space[] =>
  spaces.map((space) =>
    space.channels.some((channel) => channel.channelId === channelId)
      ? {
          ...space,
          channels: space.channels.map((channel) => (channel.channelId === channelId ? { ...channel, ...part(channel) } : channel)),
        }
      : space,
  )
