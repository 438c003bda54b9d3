import type { ChannelId, SpaceId } from '../../../shared/domain/ids.ts'
import type { Channel, ChannelKind, Space } from '../../../shared/domain/models.ts'
import { hasEnded } from '../../components/channel-name.ts'
import { fold, foldedWords } from '../../components/fold.ts'
import { safeName } from '../../components/safe-text.ts'

export interface Place {
  spaceId: SpaceId
  /** Null for a space as a whole. */
  channelId: ChannelId | null
  kind: ChannelKind | null
  name: string
  spaceName: string
  /** A direct message that somebody is out of. */
  ended: boolean
}

/** More than fit would not be read. */
const MOST = 12

/** Every space and channel whose name holds all words typed, those that begin with them first. */
export function findPlaces(spaces: readonly Space[], query: string): Place[] {
  const words = foldedWords(query)
  const places = spaces.flatMap((space) => [...space.channels.map((channel) => place(space, channel)), place(space, null)])
  const scored = places.flatMap((candidate) => {
    const own = fold(candidate.name)
    const whole = `${own} ${fold(candidate.spaceName)}`
    if (!words.every((word) => whole.includes(word))) return []
    const score = words.length === 0 ? 0 : own.startsWith(words[0] ?? '') ? 0 : own.includes(words[0] ?? '') ? 1 : 2
    return [{ candidate, score }]
  })
  return scored
    .sort((a, b) => a.score - b.score)
    .slice(0, MOST)
    .map(({ candidate }) => candidate)
}

const place = (space: Space, channel: Channel | null): Place => ({
  spaceId: space.spaceId,
  channelId: channel?.channelId ?? null,
  kind: channel?.kind ?? null,
  name: safeName((channel ?? space).name),
  spaceName: safeName(space.name),
  ended: channel !== null && hasEnded(channel),
})
