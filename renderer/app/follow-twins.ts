import type { Channel, Space } from '../../shared/domain/models.ts'
import type { Stores } from './stores.ts'

/**
 * Two who begin a direct message with each other at once have two, and one of them goes when they meet, unless something was said in
 * it. Whoever is in that one goes on in the other, with what they were writing: it is the same person who reads it. This happens
 * before anything is drawn, so that no key that is pressed meanwhile goes elsewhere.
 */
export function followTwins({ spaces, drafts, ui }: Pick<Stores, 'spaces' | 'drafts' | 'ui'>): () => void {
  return spaces.store.subscribe((now, before) => {
    if (now.spaces === before.spaces || now.spaces.kind !== 'ready' || before.spaces.kind !== 'ready') return
    const there = channelsOf(now.spaces.value)
    const ids = new Set(there.map(({ channelId }) => channelId))
    for (const gone of channelsOf(before.spaces.value)) {
      if (ids.has(gone.channelId) || gone.channelId === ui.store.getState().letGo) continue
      const twin = there.find((channel) => isTwin(gone, channel))
      if (twin === undefined) continue
      drafts.move(gone.channelId, twin.channelId)
      ui.goOn(gone.channelId, twin)
    }
  })
}

const channelsOf = (spaces: readonly Space[]): Channel[] => spaces.flatMap(({ channels }) => channels)

/** Another conversation of two with the same person, in which one may write. */
const isTwin = (gone: Channel, other: Channel): boolean =>
  gone.kind === 'direct' && gone.with !== null && gone.status.kind === 'member' && isSame(gone, other) && isWritable(other)

const isSame = (gone: Channel, other: Channel): boolean =>
  other.kind === 'direct' && other.spaceId === gone.spaceId && other.with === gone.with

const isWritable = ({ may, status, lost }: Channel): boolean => may.send && status.kind === 'member' && !lost
