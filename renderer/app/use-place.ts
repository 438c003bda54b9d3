import { useEffect, useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import type { ChannelId } from '../../shared/domain/ids.ts'
import type { Channel, Space } from '../../shared/domain/models.ts'
import { useStores } from './stores.ts'

/** Where the person is: the space and channel chosen, or the first there are; loads what they need. */
export function usePlace(): {
  spaces: Space[]
  leaving: Space[]
  loading: boolean
  failed: boolean
  space: Space | null
  channel: Channel | null
  /** The channel that was open and is there no more, until the person goes elsewhere; null unless `channel` is. */
  gone: Channel | null
} {
  const stores = useStores()
  const loaded = useStore(stores.spaces.store, (state) => state.spaces)
  const chosen = useStore(stores.ui.store, (state) => state.spaceId)
  const channels = useStore(stores.ui.store, (state) => state.channels)
  const all = loaded.kind === 'ready' ? loaded.value : []
  // What was left is gone for whoever left it, though its members may not know yet.
  const spaces = all.filter(({ status }) => status.kind !== 'leaving')
  const found = spaces.find(({ spaceId }) => spaceId === chosen) ?? spaces[0] ?? null
  const space = useMemo(() => found && withoutLeft(found), [found])
  const wanted = space === null ? undefined : channels[space.spaceId]
  const chosenChannel = space?.channels.find(({ channelId }) => channelId === wanted) ?? null
  const gone = useGone(found, wanted)
  const channel = chosenChannel ?? (gone === null ? (space?.channels[0] ?? null) : null)

  const spaceId = space?.spaceId ?? null
  useEffect(() => {
    if (spaceId !== null) void stores.members.load(spaceId)
  }, [stores, spaceId])
  const membersOf = channel?.membersOf ?? null
  useEffect(() => {
    if (membersOf !== null && membersOf !== spaceId) void stores.members.load(membersOf)
  }, [stores, membersOf, spaceId])
  useOpenChannel(channel)
  useEffect(() => {
    if (channel !== null) stores.ui.showed(channel)
  }, [stores, channel])

  return {
    spaces,
    leaving: all.filter(({ status }) => status.kind === 'leaving'),
    loading: loaded.kind === 'loading',
    failed: loaded.kind === 'failed',
    space,
    channel,
    gone: channel === null ? gone : null,
  }
}

/** What was shown last of a space, if others saw to it that it is there no more and the person chose nothing since. */
function useGone(space: Space | null, wanted: ChannelId | undefined): Channel | null {
  const { ui } = useStores()
  const shown = useStore(ui.store, (state) => state.shown)
  const letGo = useStore(ui.store, (state) => state.letGo)
  const last = space === null ? undefined : shown[space.spaceId]
  if (space === null || last === undefined || last.channelId === letGo) return null
  const isThere = space.channels.some(({ channelId }) => channelId === last.channelId)
  return isThere || (wanted !== undefined && wanted !== last.channelId) ? null : last
}

const withoutLeft = (space: Space): Space => ({ ...space, channels: space.channels.filter(({ status }) => status.kind !== 'leaving') })

/** Reads the channel's history when it is opened: around the message one wants to go to, if there is one. */
function useOpenChannel(channel: Channel | null): void {
  const { messages, ui } = useStores()
  const target = useStore(ui.store, (state) => state.target)
  const opened = useRef<ChannelId | null>(null)
  // It is let go of when its space goes, which may be here again before anything else was shown: by joining anew.
  const isKnown = useStore(messages.store, ({ conversations }) => channel !== null && conversations[channel.channelId] !== undefined)
  useEffect(() => {
    if (channel === null) {
      opened.current = null
      return
    }
    const { channelId } = channel
    if (target?.channelId === channelId) {
      opened.current = channelId
      ui.arrived()
      void messages.jump(channelId, { kind: 'message', messageId: target.messageId })
    } else if (opened.current !== channelId || !isKnown) {
      opened.current = channelId
      void messages.open(channel)
    }
  }, [messages, ui, channel, target, isKnown])
}
