import type { ChannelId, Eid, MemberId, ObjectId } from '../../../../shared/domain/ids.ts'
import type { Received } from '../../../crypto/mls/group-engine.ts'
import { toHex } from '../../../kernel/bytes.ts'
import type { ObjectRow } from '../../../ports/store.ts'
import type { WireObject } from '../../../ports/wire.ts'
import { isCounted } from '../../anti-entropy/era.ts'
import { advance, isTorn, ownChain, withoutOldestGap } from '../../anti-entropy/sender-chain.ts'
import { MAX_CLOCK_AHEAD_MS, messageOf } from '../../content/message-of.ts'
import { decodeContent } from '../../content/mimi-content.ts'
import type { MimiContent } from '../../content/mimi-content.ts'
import { isChannelHere } from '../../policy/channel-id.ts'
import type { ChannelSettings } from '../../policy/settings.ts'
import type { Draft, DraftEpoch, Step } from './draft.ts'
import type { Planning } from './plan-object.ts'

export interface Incoming {
  epoch: DraftEpoch
  received: Extract<Received, { kind: 'message' }>
  object: WireObject
  objectId: ObjectId
}

/** What a message that MLS accepted comes to: its content and its place in its sender's chain are for us to judge. */
export function planMessage(deps: Planning, draft: Draft, incoming: Incoming): Step {
  const { store, clock, logger } = deps
  const { received, object, objectId } = incoming
  const { groupId, joinedEpoch } = draft.tip.row
  const epoch = { ...incoming.epoch, state: received.state }
  const content = readable(deps, draft, incoming)
  if (content === null) {
    // Its key stays good: of two messages under one key the others may have got the one that can be read, and bring it.
    logger.warn('message-unreadable')
    return { kind: 'nothing', ack: 'rejected' }
  }
  const { memberId } = received.sender
  const { seq, prev } = content.extensions
  const isOwn = memberId === draft.tip.row.selfMemberId
  const stored = draft.senders.get(memberId) ?? store.senders.get(groupId, memberId)
  const chain = isOwn ? ownChain(draft.tip.row, stored) : stored
  const advanced = advance(chain, { groupId, memberId, objectId, seq, prev }, joinedEpoch)
  const torn = isTorn(advanced, chain)
  if (torn && isSeen(deps, draft, epoch.eid, memberId)) return { kind: 'nothing', ack: 'later' }
  const sender = torn ? withoutOldestGap(advanced) : advanced
  const now = clock.now()
  const row: ObjectRow = {
    objectId,
    groupId,
    kind: 'message',
    eid: epoch.eid,
    epoch: epoch.epoch,
    sender: memberId,
    senderSeq: seq,
    bytes: object.bytes,
    storedAt: now,
  }
  const said = messageOf(content, { author: memberId, content: received.plaintext, latest: now + MAX_CLOCK_AHEAD_MS })
  const message = said && { ...said, groupId, objectId, failure: null }
  const read = content.read === undefined ? null : { channelId: toHex(content.topicId) as ChannelId, reader: memberId, notes: content.read }
  const lost = message && lostChannel(draft, epoch, message.channelId)
  return { kind: 'message', ack: 'stored', epoch, object: row, sender, message, lost, read, owed: isOwn ? others(deps, draft, epoch) : [] }
}

/** The channel as it was where the message was written; null where the group has it still. */
function lostChannel({ tip }: Draft, { settings }: DraftEpoch, channelId: ChannelId): ChannelSettings | null {
  const isIt = (c: ChannelSettings): boolean => c.channelId === channelId
  return tip.settings.channels.some(isIt) ? null : (settings?.channels.find(isIt) ?? null)
}

/** One message of each member in each epoch is taken in any case: the choice is made by who was seen where, and has to be the same everywhere. */
const isSeen = ({ store }: Planning, { tip, steps }: Draft, eid: Eid, memberId: MemberId): boolean =>
  store.witnesses.has(tip.row.groupId, eid, memberId) ||
  steps.some((step) => step.kind === 'message' && step.object.eid === eid && step.object.sender === memberId)

/** Whom a message of ours was for and still is, when others bring it back: who has it already will say so. */
function others({ engine }: Planning, { tip }: Draft, epoch: DraftEpoch): MemberId[] {
  const now = new Set(engine.members(tip.state).map((m) => m.memberId))
  const then = new Set(engine.members(epoch.state).map((m) => m.memberId))
  return [...then].filter((memberId) => memberId !== tip.row.selfMemberId && now.has(memberId))
}

/** The content, if it is well-formed and speaks of a channel of this group that existed in its epoch. */
function readable({ store, ownChannels }: Planning, draft: Draft, { received, epoch }: Incoming): MimiContent | null {
  const { groupId } = draft.tip.row
  const content = decodeContent(received.plaintext)
  if (content === null || !isCounted(content.extensions.seq)) return null
  if (content.text === null) return content
  const channelId = toHex(content.topicId) as ChannelId
  if (epoch.settings?.channels.some((c) => c.channelId === channelId) !== true) return null
  if (!ownChannels.has(channelId) && !isChannelHere(store, groupId, channelId)) return null
  ownChannels.add(channelId)
  return content
}
