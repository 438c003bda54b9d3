import type { ChannelId, GroupId } from '../../../shared/domain/ids.ts'
import type { IntentRow } from '../../ports/branch-store.ts'
import type { ChannelRow, Repositories } from '../../ports/store.ts'
import { decodeIntent } from '../intents/intent.ts'
import type { ChannelSettings } from '../policy/settings.ts'

/**
 * Channels that are in a group's settings no more: the commit that made them lost, and whoever made it may not do it again, or is away.
 * What was said there was accepted, so they stay to be read on every device that has some of it (SPEC.md I6).
 */

/** Behind all that are in the settings. */
const LOST_POSITION = 1_000_000

export const isLost = ({ position }: Pick<ChannelRow, 'position'>): boolean => position === LOST_POSITION

/** Those of the group in which anything was said, or that are about to be made again, next to the ones that it has now. */
export function lostBeside(store: Repositories, groupId: GroupId, there: ReadonlySet<ChannelId>): ChannelRow[] {
  const gone = store.directory.channels(groupId).filter(({ channelId }) => !there.has(channelId))
  if (gone.length === 0) return []
  const wanted = new Set(store.intents.list(groupId).flatMap(wantedChannel))
  return gone
    .filter(({ channelId }) => wanted.has(channelId) || store.messages.page(channelId, 1, null).messages.length > 0)
    .map((row) => ({ ...row, position: LOST_POSITION }))
}

function wantedChannel({ body, failure }: IntentRow): ChannelId[] {
  const intent = failure === null ? decodeIntent(body) : null
  return intent?.kind === 'create-channel' ? [intent.channel.channelId] : []
}

/** Something was said there that is new here: it is shown, though the channel never was. Answers whether that is news. */
export function keepLost({ directory }: Pick<Repositories, 'directory'>, groupId: GroupId, channel: ChannelSettings): boolean {
  const space = directory.space(groupId)
  if (space === null || directory.channel(channel.channelId) !== null) return false
  const members = directory.members(groupId).filter(({ active }) => active)
  directory.replace(space, [...directory.channels(groupId), { ...channel, groupId, position: LOST_POSITION }], members)
  return true
}
