import { useEffect } from 'react'
import { useStore } from 'zustand'
import type { Channel, Space } from '../../shared/domain/models.ts'
import { useStores } from './stores.ts'

/** Where the person is: the space and channel chosen, or the first there are; loads what they need. */
export function usePlace(): { spaces: Space[]; loading: boolean; failed: boolean; space: Space | null; channel: Channel | null } {
  const stores = useStores()
  const loaded = useStore(stores.spaces.store, (state) => state.spaces)
  const chosen = useStore(stores.ui.store, (state) => state.spaceId)
  const channels = useStore(stores.ui.store, (state) => state.channels)
  const spaces = loaded.kind === 'ready' ? loaded.value : []
  const space = spaces.find(({ spaceId }) => spaceId === chosen) ?? spaces[0] ?? null
  const wanted = space === null ? undefined : channels[space.spaceId]
  const channel = space?.channels.find(({ channelId }) => channelId === wanted) ?? space?.channels[0] ?? null

  const spaceId = space?.spaceId ?? null
  const channelId = channel?.channelId ?? null
  useEffect(() => {
    if (spaceId !== null) void stores.members.load(spaceId)
  }, [stores, spaceId])
  useEffect(() => {
    if (channelId === null) return
    const { spaces: now } = stores.spaces.store.getState()
    const all = now.kind === 'ready' ? now.value.flatMap((known) => known.channels) : []
    void stores.messages.open(channelId, all.find((known) => known.channelId === channelId)?.unread ?? 0)
  }, [stores, channelId])

  return { spaces, loading: loaded.kind === 'loading', failed: loaded.kind === 'failed', space, channel }
}
