import { createStore } from 'zustand/vanilla'
import type { ChannelId, JoinId, MemberId, MessageId, SpaceId } from '../../shared/domain/ids.ts'
import type { Channel } from '../../shared/domain/models.ts'
import type { ChannelAction } from '../features/conversation/channel-actions.tsx'
import type { MemberDialog } from '../features/members/member-menu.tsx'
import type { AboutPart } from '../features/settings/about-page.tsx'
import type { SettingsPage } from '../features/settings/settings-dialog.tsx'
import type { SpaceAction } from '../features/spaces/space-actions.tsx'
import { recall, remember } from './remembered.ts'
import type { Remembered } from './remembered.ts'

export type OpenDialog =
  | { kind: 'create-space' }
  | { kind: 'create-channel' }
  | { kind: 'new-message' }
  | { kind: ChannelAction }
  | { kind: 'forget-channel' }
  | { kind: 'invite' }
  | { kind: SpaceAction }
  | { kind: 'member'; action: MemberDialog; memberId: MemberId }
  | { kind: 'settings'; page: SettingsPage; part?: AboutPart }
  | { kind: 'jump' }
  | { kind: 'join'; link: string; joinId: JoinId | null }

export interface UiState {
  spaceId: SpaceId | null
  /** The channel last open in each space. */
  channels: Readonly<Record<SpaceId, ChannelId>>
  /** What was shown last in each space, as it was. */
  shown: Readonly<Record<SpaceId, Channel>>
  /** It goes because the person wants it to. */
  letGo: ChannelId | null
  /** A message to go to once its channel is open. */
  target: { channelId: ChannelId; messageId: MessageId } | null
  dialog: OpenDialog | null
  /** How often somebody went on by way of a dialog. */
  went: number
  drawer: 'channels' | 'members' | null
  shape: Remembered
}

const nowhere: Omit<UiState, 'shape'> = {
  ...{ spaceId: null, channels: {}, shown: {}, letGo: null },
  ...{ target: null, dialog: null, went: 0, drawer: null },
}

/** Where the person is and what lies open: the only state that is the window's own. */
export function createUiStore(storage: Storage) {
  const store = createStore<UiState>(() => ({ ...nowhere, shape: recall(storage) }))
  const reshape = (part: Partial<Remembered>) => {
    const shape = { ...store.getState().shape, ...part }
    store.setState({ shape })
    remember(storage, shape)
  }
  return {
    store,
    reshape,
    show: (dialog: OpenDialog) => store.setState({ dialog, drawer: null }),
    close: () => store.setState({ dialog: null }),
    openDrawer: (drawer: UiState['drawer']) => store.setState({ drawer }),
    /** Goes to a message, wherever it is. */
    goTo: (spaceId: SpaceId, channelId: ChannelId, messageId: MessageId) =>
      store.setState((state) => ({
        spaceId,
        channels: { ...state.channels, [spaceId]: channelId },
        target: { channelId, messageId },
        drawer: null,
        dialog: null,
      })),
    showed: (channel: Channel) => store.setState((state) => ({ shown: { ...state.shown, [channel.spaceId]: channel } })),
    /** The person leaves a channel, or deletes what is left of it. */
    lettingGo: (channelId: ChannelId) => store.setState({ letGo: channelId }),
    arrived: () => store.setState({ target: null }),
    /** The profile was closed: nothing of where somebody was stays. The shape of the window does. */
    leave: () => store.setState(nowhere),
    /** What was open in a space goes on in another channel of it. Nobody is taken from another space by that, nor from a dialog. */
    goOn: (gone: ChannelId, { spaceId, channelId }: Channel) =>
      store.setState(({ channels, shown }) =>
        (channels[spaceId] ?? shown[spaceId]?.channelId) === gone ? { channels: { ...channels, [spaceId]: channelId } } : {},
      ),
    /** Goes to a space, and to one of its channels unless the one last open there will do. */
    go: (spaceId: SpaceId, channelId: ChannelId | null = null) =>
      store.setState((state) => ({
        spaceId,
        channels: channelId === null ? state.channels : { ...state.channels, [spaceId]: channelId },
        drawer: channelId === null ? state.drawer : null,
        dialog: null,
        went: state.dialog === null ? state.went : state.went + 1,
      })),
  }
}

export type UiStore = ReturnType<typeof createUiStore>
