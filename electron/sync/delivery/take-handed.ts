import type { ChannelId, MemberId } from '../../../shared/domain/ids.ts'
import type { Repositories, StoredMessage } from '../../ports/store.ts'
import type { ObjectAck } from '../../ports/wire.ts'
import { isCounted } from '../anti-entropy/era.ts'
import { advance, isTorn } from '../anti-entropy/sender-chain.ts'
import { MAX_CLOCK_AHEAD_MS, messageOf } from '../content/message-of.ts'
import { decodeContent } from '../content/mimi-content.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { objectIdOf } from '../group/object-id.ts'
import { isChannelHere } from '../policy/channel-id.ts'

/**
 * Stores what a member gives to this device alone (SPEC, D2, D3): messages of its own, which the session proves. Each counts in its chain as
 * if it had come the usual way. One acknowledgement for each, once all of it is durable; nobody is brought it from here.
 */
export function takeHanded(group: LiveGroup, author: MemberId, contents: readonly Uint8Array[]): Promise<ObjectAck[]> {
  return group.exclusive(async () => {
    const isMember = author !== group.self && group.members().some(({ memberId }) => memberId === author)
    if (!isMember) return contents.map(() => 'rejected')
    const taken = group.deps.store.transaction((tx) => contents.map((content) => take(tx, group, author, content)))
    for (const { added } of taken) if (added !== null) group.deps.events.messageAdded(added)
    return taken.map(({ ack }) => ack)
  })
}

function take(tx: Repositories, group: LiveGroup, author: MemberId, content: Uint8Array): { ack: ObjectAck; added: StoredMessage | null } {
  const { clock } = group.deps
  const { groupId, joinedEpoch } = group.tip.row
  const said = decodeContent(content)
  const message = said && messageOf(said, { author, content, latest: clock.now() + MAX_CLOCK_AHEAD_MS })
  if (said === null || said.read !== undefined || !isCounted(said.extensions.seq)) return { ack: 'rejected', added: null }
  // Its channel may still be on its way, in a change that is made again.
  if (message !== null && !isChannelOf(tx, group, message.channelId)) return { ack: 'later', added: null }
  const { seq, prev } = said.extensions
  const chain = tx.senders.get(groupId, author)
  const sender = advance(chain, { groupId, memberId: author, objectId: objectIdOf(content), seq, prev }, joinedEpoch)
  if (isTorn(sender, chain)) return { ack: 'later', added: null }
  // What says nothing closes a gap: nothing of that count was for this device.
  const added = message && tx.messages.addHanded({ ...message, groupId })
  tx.senders.put(sender)
  return { ack: 'stored', added }
}

const isChannelOf = (tx: Repositories, { groupId, tip }: LiveGroup, channelId: ChannelId): boolean =>
  tip.settings.channels.some((channel) => channel.channelId === channelId) && isChannelHere(tx, groupId, channelId)
