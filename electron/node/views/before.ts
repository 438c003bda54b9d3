import type { ChannelId, GroupId } from '../../../shared/domain/ids.ts'
import type { Channel } from '../../../shared/domain/models.ts'
import type { ChannelRow, GroupRow, Repositories, SpaceRow } from '../../ports/store.ts'

/** What this device can know of what came before the oldest message that it has of a channel. */

/** `joined`: it was there when this device came. `returned`: when it came back. `swept`: messages became older than the channel keeps. */
const marks = { joined: 1, returned: 2, swept: 3 } as const
type Mark = keyof typeof marks
const NOTED = new Uint8Array()

const ofChannel = (channelId: ChannelId): string => `channel-before/${channelId}`
/** That it was noted which channels were there: those who joined by an older version did not. */
const ofGroup = (groupId: GroupId): string => `channels-noted/${groupId}`

type Reading = Pick<Repositories, 'settings'>
type Noting = Pick<Repositories, 'settings' | 'directory'>

/** In the step that stores that this device joined a space. */
export function noteJoined(tx: Noting, groupId: GroupId): void {
  tx.settings.set(ofGroup(groupId), NOTED)
  for (const { channelId } of tx.directory.channels(groupId)) mark(tx, channelId, 'joined')
}

/** With a fresh leaf: channels that are new to it may have been made while it could not follow. `known` are those of before. */
export function noteReturned(tx: Noting, groupId: GroupId, known: ReadonlySet<ChannelId>): void {
  for (const { channelId } of tx.directory.channels(groupId)) if (!known.has(channelId)) mark(tx, channelId, 'returned')
}

/** Answers whether that is news. */
export function noteSwept(tx: Reading, channelId: ChannelId): boolean {
  if (markOf(tx, channelId) === 'swept') return false
  mark(tx, channelId, 'swept')
  return true
}

export function dropBefore(tx: Noting, groupId: GroupId): void {
  for (const { channelId } of tx.directory.channels(groupId)) tx.settings.delete(ofChannel(channelId))
  tx.settings.delete(ofGroup(groupId))
}

export function beforeOldest(store: Repositories, { channelId, groupId }: ChannelRow, place: SpaceRow | null): Channel['before'] {
  const known = markOf(store, channelId)
  if (known === 'swept') return 'deleted'
  const group = store.groups.get(groupId)
  if (known === null && wasFirst(store, group, place)) return 'nothing'
  // A conversation of two is begun for both, and nobody is given anything there.
  if (place?.kind === 'direct' || known === 'returned') return 'unknown'
  const [oldest] = store.messages.around(channelId, 1, { kind: 'date', at: 0 })?.messages ?? []
  if (oldest !== undefined && oldest.seq < 0) return 'given'
  return known === 'joined' || place?.kind === 'private' ? 'joined' : 'unknown'
}

/** Whether nobody could write in a channel of the group, of which nothing is noted, before this device was there. */
function wasFirst(store: Reading, group: GroupRow | null, place: SpaceRow | null): boolean {
  if (group === null || group.joinedEpoch === 0) return group !== null
  // Whoever begins a conversation is alone in its first epoch: what is written then goes to the other, too, who comes with the next.
  if (place?.kind === 'direct') return group.joinedEpoch === 1
  return place?.kind === 'space' && store.settings.get(ofGroup(group.groupId)) !== null
}

const mark = (tx: Reading, channelId: ChannelId, as: Mark): void => tx.settings.set(ofChannel(channelId), new Uint8Array([marks[as]]))

function markOf(store: Reading, channelId: ChannelId): Mark | null {
  const stored = store.settings.get(ofChannel(channelId))?.[0]
  return (['joined', 'returned', 'swept'] as const).find((one) => marks[one] === stored) ?? null
}
