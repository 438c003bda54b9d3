import type { ChannelId, ObjectId } from '../../../../shared/domain/ids.ts'
import type { ProposedChange, Received } from '../../../crypto/mls/group-engine.ts'
import type { ObjectRow } from '../../../ports/store.ts'
import type { ObjectAck, WireObject } from '../../../ports/wire.ts'
import { eraOf } from '../../anti-entropy/era.ts'
import { authorise } from '../../policy/authorise.ts'
import { decodeSettings } from '../../policy/settings.ts'
import { isLeave } from '../../members/leave-claim.ts'
import { hasLeaveOffer } from '../../members/leave-offer.ts'
import { isReturn } from '../../returning/claim.ts'
import { oldestKept, reachedBefore, readState } from '../epoch-store.ts'
import type { GroupDeps } from '../group-deps.ts'
import { nextTip } from '../next-tip.ts'
import { objectIdOf } from '../object-id.ts'
import { isBeyondUs } from './beyond-us.ts'
import type { Draft, DraftEpoch, Step } from './draft.ts'
import { planMessage } from './plan-message.ts'

export interface Planning extends Pick<GroupDeps, 'engine' | 'store' | 'clock' | 'logger'> {
  /** Channels that were found to be this group's: they stay so, and nearly all messages of a batch are of few. */
  ownChannels: Set<ChannelId>
  /** Takes the checks of signatures that are to be done beside; without it each is done before the next object. */
  verifyLater: ((verify: () => Promise<boolean>) => void) | undefined
}
type CommitOf = Extract<Received, { kind: 'commit' }>

const nothing = (ack: ObjectAck): Step => ({ kind: 'nothing', ack })

/**
 * What one object from anyone comes to, in a group as `draft` has it. Reads the store and writes nothing; whatever is
 * refused changes nothing that a later, honest object could miss.
 */
export async function planObject(deps: Planning, draft: Draft, object: WireObject): Promise<Step> {
  const { engine, store, logger } = deps
  const { groupId } = draft.tip.row
  const objectId = objectIdOf(object.bytes)
  if (draft.seen.has(objectId) || store.objects.has(objectId)) return nothing('stored')
  const epoch = epochOf(deps, draft, object)
  if (epoch === null) return unknown(deps, draft, object)
  const takeOwn = draft.tip.row.returning || isBeforeReturn(draft, epoch)
  const received = await engine.receive(epoch.state, object.bytes, authorise(groupId), { takeOwn, verifyLater: deps.verifyLater })
  if (!received.ok) {
    if (received.error.reason === 'own' && (await isBeyondUs(deps, draft, epoch, object))) return { kind: 'outdated', ack: 'later' }
    logger.warn('object-refused', { reason: received.error.reason, detail: received.error.detail })
    return nothing('rejected')
  }
  const commit: Followed = { epoch, object, objectId }
  switch (received.value.kind) {
    case 'removed':
      if (!isReturn(received.value.change)) return planRemoved(deps, draft, received.value, commit)
      return takeOwn ? carry(deps, draft, received.value, commit) : nothing('rejected')
    case 'own-commit':
      return carry(deps, draft, received.value, commit)
    case 'commit':
      return planCommit(deps, draft, received.value, commit)
    case 'message':
      return planMessage(deps, draft, { epoch, received: received.value, object, objectId })
  }
}

function unknown(deps: Planning, draft: Draft, object: WireObject): Step {
  const header = deps.engine.inspect(object.bytes)
  const sound = header.ok && header.value.groupId === draft.tip.row.groupId && header.value.kind !== 'proposal'
  return nothing(sound && !isLost(deps, draft, header.value.epoch) ? 'unknown-epoch' : 'rejected')
}

interface Followed {
  epoch: DraftEpoch
  object: WireObject
  objectId: ObjectId
}

/** The tip is in memory: what is stored of it grows with the group, and nearly every message is of it. */
function epochOf({ engine, store }: Planning, draft: Draft, { eid }: WireObject): DraftEpoch | null {
  const known = draft.epochs.get(eid)
  if (known !== undefined) return known
  const stored = readState(store, engine, draft.tip.row.groupId, eid)
  return stored && { ...stored, stored: stored.state, settings: decodeSettings(engine.settings(stored.state)) }
}

const isBeforeReturn = ({ tip }: Draft, { epoch }: Pick<DraftEpoch, 'epoch'>): boolean => epoch < eraOf(tip.row.sentSeq)

/** Whether a commit that leads out of this epoch was followed or kept here. */
const isLeft = ({ store }: Planning, draft: Draft, { eid }: Pick<DraftEpoch, 'eid'>): boolean =>
  draft.left.has(eid) || store.objects.commitAfter(draft.tip.row.groupId, eid) !== null

/**
 * Whether nothing of an epoch that is not here can be read, ever, so that to ask for what led to it would be no use: it is
 * older than what is kept, or of the time between the last epoch a lost leaf could follow and the return.
 */
function isLost(deps: Planning, draft: Draft, epoch: number): boolean {
  const { groupId, joinedEpoch, returning } = draft.tip.row
  if (epoch < (oldestKept(deps.store, groupId) ?? joinedEpoch)) return true
  if (returning || !isBeforeReturn(draft, { epoch })) return false
  const reached = reachedBefore(deps.store, groupId, eraOf(draft.tip.row.sentSeq))
  return reached === null || (epoch > reached.epoch && isLeft(deps, draft, reached))
}

async function planCommit(deps: Planning, draft: Draft, received: CommitOf, commit: Followed): Promise<Step> {
  const { engine } = deps
  const { epoch } = commit
  const object = commitRow(deps, draft, received, commit)
  if (epoch.eid === draft.tip.row.tip) {
    const tip = await nextTip(engine, draft.tip, received.state)
    const staying = new Set(engine.members(tip.state).map((m) => m.memberId))
    const gone = received.change.removed.map((leaf) => leaf.memberId).filter((memberId) => !staying.has(memberId))
    return { kind: 'commit', ack: 'stored', object, tip, parent: epoch.eid, gone }
  }
  if (!isBeforeReturn(draft, epoch) || isLeft(deps, draft, epoch)) return besides(deps, draft)
  const { state } = received
  const past: DraftEpoch = {
    eid: await engine.eid(state),
    epoch: engine.epoch(state),
    stored: null,
    state,
    settings: decodeSettings(engine.settings(state)),
  }
  return { kind: 'past', ack: 'stored', object, epoch: past, parent: epoch.eid }
}

/**
 * A commit beside one that was followed: two members changed the group at once, and this device cannot follow both.
 * Only one that could have been followed says so: anybody can write the header of a commit.
 */
function besides({ logger }: Planning, draft: Draft): Step {
  logger.warn('commit-conflict')
  return draft.tip.row.split ? nothing('rejected') : { kind: 'split', ack: 'rejected' }
}

function carry(deps: Planning, draft: Draft, received: { change: ProposedChange }, commit: Followed): Step {
  if (isLeft(deps, draft, commit.epoch)) return besides(deps, draft)
  return { kind: 'carried', ack: 'stored', object: commitRow(deps, draft, received, commit) }
}

function planRemoved(deps: Planning, draft: Draft, received: { change: ProposedChange }, commit: Followed): Step {
  const { groupId, tip } = draft.tip.row
  if (commit.epoch.eid !== tip) return isBeforeReturn(draft, commit.epoch) ? nothing('rejected') : besides(deps, draft)
  const { change } = received
  const kind = isLeave(change) || hasLeaveOffer(deps.store, groupId) ? 'left' : 'removed'
  const object = commitRow(deps, draft, received, commit)
  return { kind: 'removed', ack: 'stored', object, ended: { kind, at: object.storedAt, by: change.author.memberId } }
}

const commitRow = (
  { clock }: Planning,
  draft: Draft,
  { change }: { change: ProposedChange },
  { epoch, object, objectId }: Followed,
): ObjectRow => ({
  objectId,
  groupId: draft.tip.row.groupId,
  kind: 'commit',
  eid: epoch.eid,
  epoch: epoch.epoch,
  sender: change.author.memberId,
  senderSeq: null,
  bytes: object.bytes,
  storedAt: clock.now(),
})
