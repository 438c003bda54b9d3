import { createHash } from 'node:crypto'
import type { ChannelId, GroupId } from '../../../shared/domain/ids.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import type { Random } from '../../kernel/random.ts'
import type { Repositories } from '../../ports/store.ts'

/**
 * A channel's id says which group it is of. Else whoever is in two groups could give a channel of the one the id of a channel in the other:
 * to somebody who came into both, the one that came second would be no channel, and what is said there would reach them never.
 */

const LABEL = 'spacepanda/channel'
/** In bytes, of the id's 16: more than anybody finds another group for. The other four tell the channels of a group apart. */
const GROUP_BYTES = 12

/** A new id for a channel of that group. */
export const newChannelId = (groupId: GroupId, random: Pick<Random, 'bytes'>): ChannelId =>
  `${prefixOf(groupId)}${toHex(random.bytes(4))}` as ChannelId

/** Whether a channel of that id can be one of that group. */
export const isOfGroup = (groupId: GroupId, channelId: ChannelId): boolean => channelId.startsWith(prefixOf(groupId))

/**
 * Whether what is said in a channel of that id is of that group. One from before ids said so stays whose it was here: what was written in
 * it is not gone.
 */
export const isChannelHere = ({ directory }: Pick<Repositories, 'directory'>, groupId: GroupId, channelId: ChannelId): boolean =>
  isOfGroup(groupId, channelId) || directory.channel(channelId)?.groupId === groupId

function prefixOf(groupId: GroupId): string {
  const digest = createHash('sha256').update(LABEL).update(fromHex(groupId)).digest('hex')
  return digest.slice(0, 2 * GROUP_BYTES)
}
