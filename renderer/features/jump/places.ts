import type { ChannelId, MemberId, SpaceId } from '../../../shared/domain/ids.ts'
import type { Channel, ChannelKind, Space } from '../../../shared/domain/models.ts'
import { hasEnded } from '../../components/channel-name.ts'
import { findByName } from '../../components/fold.ts'
import { safeName } from '../../components/safe-text.ts'

export interface Place {
  spaceId: SpaceId
  /** Null for a space as a whole. */
  channelId: ChannelId | null
  kind: ChannelKind | null
  /** Whom a direct message is with. */
  with: MemberId | null
  name: string
  spaceName: string
  /** A direct message that somebody is out of. */
  ended: boolean
}

/** More than fit would not be read. */
const MOST = 12

/** Every space and channel whose name holds all words typed, those that begin with them first. */
export function findPlaces(spaces: readonly Space[], query: string): Place[] {
  const places = spaces.flatMap((space) => [...space.channels.map((channel) => place(space, channel)), place(space, null)])
  return findByName(
    places,
    query,
    ({ name }) => name,
    ({ spaceName }) => spaceName,
  ).slice(0, MOST)
}

const place = (space: Space, channel: Channel | null): Place => ({
  spaceId: space.spaceId,
  channelId: channel?.channelId ?? null,
  kind: channel?.kind ?? null,
  with: channel?.with ?? null,
  name: safeName((channel ?? space).name),
  spaceName: safeName(space.name),
  ended: channel !== null && hasEnded(channel),
})
