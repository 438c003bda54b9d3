import type { ChannelId, Eid, ObjectId } from '../../../../shared/domain/ids.ts'
import type { ProposedChange, Received } from '../../../crypto/mls/group-engine.ts'
import type { CommitRow } from '../../../ports/branch-store.ts'
import type { ObjectRow } from '../../../ports/store.ts'
import type { ObjectAck, WireObject } from '../../../ports/wire.ts'
import { eraOf } from '../../anti-entropy/era.ts'
import { leaveRequestOf } from '../../members/leave-claim.ts'
import { authorise } from '../../policy/authorise.ts'
import { decodeSettings } from '../../policy/settings.ts'
import { isReturn } from '../../returning/claim.ts'
import { isBare, isBareStep } from '../../updates/bare-commit.ts'
import { edgeOf, withoutUs } from '../edge.ts'
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
  if (draft.seen.has(objectId) || store.objects.has(groupId, objectId)) return nothing('stored')
  const epoch = epochOf(deps, draft, object.eid)
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
      // Another leaf of this very device took our leaf's place: to follow that is for whoever has that leaf.
      if (isReturn(received.value.change))
        return takeOwn ? { kind: 'carried', ack: 'stored', object: objectRow(deps, draft, received.value, commit) } : nothing('rejected')
      return planRemoval(deps, draft, received.value, commit)
    case 'own-commit':
      return { kind: 'carried', ack: 'stored', object: objectRow(deps, draft, received.value, commit) }
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
function epochOf({ engine, store }: Planning, draft: Draft, eid: Eid): DraftEpoch | null {
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

/** So many out of one epoch by one leaf are evidence enough that it says different things to different members. */
const SIBLINGS_BY_ONE = 4

function isOneTooMany({ store }: Planning, draft: Draft, { author, epoch }: { author: number; epoch: DraftEpoch }): boolean {
  const planned = draft.steps.flatMap((step) => ('commit' in step && step.commit.parent === epoch.eid ? step.commit : []))
  const siblings = [...store.commits.outOf(draft.tip.row.groupId, epoch.eid), ...planned]
  return siblings.filter(({ authorLeaf }) => authorLeaf === author).length >= SIBLINGS_BY_ONE
}

/** The commit that leads to an epoch, planned or stored. */
function commitInto({ store }: Pick<Planning, 'store'>, draft: Draft, { eid }: Pick<DraftEpoch, 'eid'>): CommitRow | null {
  const planned = draft.steps.flatMap((step) => ('commit' in step && step.commit.child === eid ? step.commit : []))
  return planned[0] ?? store.commits.into(draft.tip.row.groupId, eid)
}

/**
 * SPEC.md T9: any member can encrypt once more what another one signed. That is another object, and no other commit: it leads to the same epoch,
 * which may have gone on since.
 */
const isThere = ({ store }: Planning, draft: Draft, child: Eid): boolean => {
  const { groupId } = draft.tip.row
  return draft.epochs.has(child) || store.mls.epoch(groupId, child) !== null || commitInto({ store }, draft, { eid: child }) !== null
}

/** SPEC.md U5: whoever led here by renewing its keys renews them again only after somebody else made a commit. */
function isRepeated(deps: Planning, draft: Draft, { change, epoch }: { change: ProposedChange; epoch: DraftEpoch }): boolean {
  if (!isBare(change)) return false
  const into = commitInto(deps, draft, epoch)
  if (into === null || into.authorLeaf !== change.author.leafIndex || into.author !== change.author.memberId) return false
  const before = epochOf(deps, draft, into.parent)
  return before !== null && isBareStep(deps.engine, before.state, epoch.state)
}

async function planCommit(deps: Planning, draft: Draft, received: CommitOf, followed: Followed): Promise<Step> {
  const { engine, logger } = deps
  const { epoch } = followed
  const { change, state } = received
  const child = await engine.eid(state)
  if (isThere(deps, draft, child)) return nothing('stored')
  if (isOneTooMany(deps, draft, { author: change.author.leafIndex, epoch })) return nothing('rejected')
  if (isRepeated(deps, draft, { change, epoch })) {
    logger.warn('update-repeated')
    return nothing('rejected')
  }
  const object = objectRow(deps, draft, received, followed)
  const commit = edgeOf(object, change, child, engine.members(state))
  const leaves = leaveRequestOf(change)
  if (epoch.eid === draft.tip.row.tip && !isLeft(deps, draft, epoch)) {
    return { kind: 'commit', ack: 'stored', object, commit, leaves, tip: await nextTip(engine, draft.tip, state) }
  }
  const settings = decodeSettings(engine.settings(state))
  const aside: DraftEpoch = { eid: commit.child, epoch: engine.epoch(state), stored: null, state, settings }
  return { kind: 'aside', ack: 'stored', object, commit, leaves, epoch: aside }
}

/** Whether this is to be followed is decided like for every commit: there may be one beside it. */
function planRemoval(deps: Planning, draft: Draft, { change }: { change: ProposedChange }, followed: Followed): Step {
  const { epoch } = followed
  if (isOneTooMany(deps, draft, { author: change.author.leafIndex, epoch })) return nothing('rejected')
  const object = objectRow(deps, draft, { change }, followed)
  const leaves = new Set(change.removed.map((leaf) => leaf.leafIndex))
  const staying = [...deps.engine.members(epoch.state).filter((m) => !leaves.has(m.leafIndex)), ...change.added]
  const commit = edgeOf(object, change, withoutUs(object.objectId), staying)
  return { kind: 'removal', ack: 'stored', object, commit, isLeave: leaveRequestOf(change) !== null }
}

const objectRow = (
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
