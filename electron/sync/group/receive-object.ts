import type { ChannelId, GroupId, MessageId, ObjectId } from '../../../shared/domain/ids.ts'
import type { Received } from '../../crypto/mls/group-engine.ts'
import { toHex } from '../../kernel/bytes.ts'
import type { EpochRow, ObjectRow, Repositories, StoredMessage } from '../../ports/store.ts'
import type { ObjectAck, WireObject } from '../../ports/wire.ts'
import { advance } from '../anti-entropy/sender-chain.ts'
import { decodeContent } from '../content/mimi-content.ts'
import type { MimiContent } from '../content/mimi-content.ts'
import { authorise } from '../policy/authorise.ts'
import { decodeSettings } from '../policy/settings.ts'
import { objectIdOf } from './live-group.ts'
import type { LiveGroup } from './live-group.ts'

/** A clock this far ahead of ours is not believed, so that one wrong clock cannot push everyone's messages to the end. */
const MAX_CLOCK_AHEAD_MS = 5 * 60_000
/** Twice the gaps that one sender's chain may have (`SenderRow.ahead`). A gap that never closes costs one of them, and mutes nobody. */
const MAX_AHEAD = 1_000

type MessageOf = Extract<Received, { kind: 'message' }>
type CommitOf = Extract<Received, { kind: 'commit' }>
type EpochName = Pick<EpochRow, 'eid' | 'epoch'>

/**
 * Takes one object from anyone. Answers `stored` only once it is durable; whatever is refused changes nothing that
 * a later, honest object could miss.
 */
export function receiveObject(group: LiveGroup, object: WireObject): Promise<ObjectAck> {
  return group.exclusive(async () => {
    const { engine, store, logger } = group.deps
    const objectId = objectIdOf(object.bytes)
    if (store.objects.has(objectId)) return 'stored'
    const header = engine.inspect(object.bytes)
    if (!header.ok || header.value.groupId !== group.groupId || header.value.kind === 'proposal') return 'rejected'
    const { row } = group.tip
    // The tip is in memory: what is stored of it grows with the group, and nearly every message is of it.
    const past = object.eid === row.tip ? undefined : store.epochs.get(group.groupId, object.eid)
    if (past === null) return header.value.epoch < oldestKept(group) ? 'rejected' : 'unknown-epoch'
    if (header.value.kind === 'commit' && past !== undefined) return lateCommit(group, object.bytes, past)
    const state = past === undefined ? group.tip.state : engine.decode(past)
    const received = await engine.receive(state, object.bytes, authorise(group.groupId))
    if (!received.ok) {
      logger.warn('object-refused', { reason: received.error.reason, detail: received.error.detail })
      return 'rejected'
    }
    if (received.value.kind === 'removed') return 'rejected'
    if (received.value.kind === 'commit') return adoptCommit(group, received.value, object, objectId)
    return storeMessage(group, received.value, past ?? { eid: row.tip, epoch: row.epoch }, object.bytes, objectId)
  })
}

/** Of earlier epochs nothing can be read here, ever: to ask for what led to them would be no use. */
const oldestKept = (group: LiveGroup): number => group.deps.store.epochs.list(group.groupId).at(-1)?.epoch ?? group.tip.row.joinedEpoch

/**
 * A commit beside one that was followed: two members changed the group at once, and this device cannot follow both.
 * Only one that could have been followed says so: anybody can write the header of a commit.
 */
async function lateCommit(group: LiveGroup, bytes: Uint8Array, epoch: EpochRow): Promise<ObjectAck> {
  const { engine, logger } = group.deps
  const received = await engine.receive(engine.decode(epoch), bytes, authorise(group.groupId))
  if (!received.ok) {
    logger.warn('late-commit-refused', { reason: received.error.reason, detail: received.error.detail })
    return 'rejected'
  }
  logger.warn('commit-conflict')
  markSplit(group)
  return 'rejected'
}

/** Notes durably that the group is split, so that the window can say so. Call inside `exclusive`. */
export function markSplit(group: LiveGroup): void {
  if (group.tip.row.split) return
  group.commitTip({ ...group.tip, row: { ...group.tip.row, split: true } }, () => undefined)
  group.deps.events.split(group.groupId)
}

async function adoptCommit(group: LiveGroup, received: CommitOf, object: WireObject, objectId: ObjectId): Promise<ObjectAck> {
  const { clock, events } = group.deps
  const { row } = group.tip
  const next = await group.nextEpoch(received.state)
  const changed: ObjectId[] = []
  group.commitTip(next.tip, (tx) => {
    next.write(tx)
    tx.objects.put({
      objectId,
      groupId: group.groupId,
      kind: 'commit',
      eid: object.eid,
      epoch: row.epoch,
      sender: received.change.author.memberId,
      senderSeq: null,
      bytes: object.bytes,
      storedAt: clock.now(),
    })
    for (const gone of received.change.removed) changed.push(...tx.deliveries.forgive(group.groupId, gone.memberId))
  })
  events.epochChanged(group.groupId)
  events.deliveryChanged(group.groupId, messagesOf(group.deps.store, changed))
  events.objectStored(group.groupId, objectId)
  return 'stored'
}

/** The messages that objects carry, of those that carry any. */
export const messagesOf = (store: Repositories, objects: readonly ObjectId[]): MessageId[] =>
  objects.flatMap((objectId) => store.messages.ofObject(objectId)?.messageId ?? [])

function storeMessage(group: LiveGroup, received: MessageOf, epoch: EpochName, bytes: Uint8Array, objectId: ObjectId): ObjectAck {
  const { engine, store, clock, events, logger } = group.deps
  const { groupId } = group
  const isTip = epoch.eid === group.tip.row.tip
  const tip = isTip ? { ...group.tip, state: received.state } : group.tip
  const movingPart = engine.encodeMoving(received.state)
  const content = readable(group, received, epoch)
  const sender = received.sender.memberId
  const chain = store.senders.get(groupId, sender)
  if (content === null) {
    // The ratchet moved all the same: keep that, so that the same bytes are a replay from now on.
    group.commitTip(tip, (tx) => tx.epochs.setMovingPart(groupId, epoch.eid, movingPart))
    logger.warn('message-unreadable')
    return 'rejected'
  }
  const { seq, prev } = content.extensions
  const advanced = advance(chain, { groupId, memberId: sender, objectId, seq, prev }, group.tip.row.joinedEpoch)
  // What fills the gap is always taken: nothing else would ever make room again.
  if (advanced.ahead.length > Math.max(MAX_AHEAD, chain?.ahead.length ?? 0)) return 'later'
  const object: ObjectRow = {
    objectId,
    groupId,
    kind: 'message',
    eid: epoch.eid,
    epoch: epoch.epoch,
    sender,
    senderSeq: seq,
    bytes,
    storedAt: clock.now(),
  }
  const added = group.commitTip(tip, (tx): StoredMessage | null => {
    tx.epochs.setMovingPart(groupId, epoch.eid, movingPart)
    tx.objects.put(object)
    tx.senders.put(advanced)
    return tx.messages.add(messageRow(groupId, content, received, objectId, clock.now()))
  })
  if (added !== null) events.messageAdded(added)
  events.objectStored(groupId, objectId)
  return 'stored'
}

/** The content, if it is well-formed and speaks of a channel of this group that existed in its epoch. */
function readable(group: LiveGroup, received: MessageOf, epoch: EpochName): MimiContent | null {
  const { engine, store } = group.deps
  const content = decodeContent(received.plaintext)
  if (content === null) return null
  const isTip = epoch.eid === group.tip.row.tip
  const settings = isTip ? group.tip.settings : decodeSettings(engine.settings(received.state))
  const channelId = toHex(content.topicId) as ChannelId
  if (settings?.channels.some((c) => c.channelId === channelId) !== true) return null
  // A group may claim the id of another group's channel: then it must not write there.
  const owner = store.directory.channel(channelId)?.groupId ?? group.groupId
  return owner === group.groupId ? content : null
}

function messageRow(groupId: GroupId, content: MimiContent, received: MessageOf, objectId: ObjectId, now: number) {
  const { lamport, sentAt } = content.extensions
  const latest = now + MAX_CLOCK_AHEAD_MS
  return {
    messageId: toHex(content.salt) as MessageId,
    groupId,
    channelId: toHex(content.topicId) as ChannelId,
    objectId,
    author: received.sender.memberId,
    sentAt: Math.min(sentAt, latest),
    lamport: Math.min(lamport, latest),
    text: content.text,
    replyTo: content.inReplyTo && (toHex(content.inReplyTo) as MessageId),
    content: received.plaintext,
    failure: null,
  }
}
