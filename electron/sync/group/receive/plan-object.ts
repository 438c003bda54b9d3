import type { MemberId, ObjectId } from '../../../../shared/domain/ids.ts'
import type { Received } from '../../../crypto/mls/group-engine.ts'
import type { ObjectRow } from '../../../ports/store.ts'
import type { ObjectAck, WireObject } from '../../../ports/wire.ts'
import { authorise } from '../../policy/authorise.ts'
import { decodeSettings } from '../../policy/settings.ts'
import { oldestKept, readState } from '../epoch-store.ts'
import type { GroupDeps } from '../group-deps.ts'
import { nextTip } from '../next-tip.ts'
import { objectIdOf } from '../object-id.ts'
import type { Draft, DraftEpoch, Step } from './draft.ts'
import { planMessage } from './plan-message.ts'

export type Planning = Pick<GroupDeps, 'engine' | 'store' | 'clock' | 'logger'>
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
  const header = engine.inspect(object.bytes)
  if (!header.ok || header.value.groupId !== groupId || header.value.kind === 'proposal') return nothing('rejected')
  const epoch = epochOf(deps, draft, object)
  // Of earlier epochs nothing can be read here, ever: to ask for what led to them would be no use.
  if (epoch === null)
    return nothing(header.value.epoch < (oldestKept(store, groupId) ?? draft.tip.row.joinedEpoch) ? 'rejected' : 'unknown-epoch')
  const isTip = epoch.eid === draft.tip.row.tip
  const received = await engine.receive(epoch.state, object.bytes, authorise(groupId))
  if (!received.ok) {
    logger.warn('object-refused', { reason: received.error.reason, detail: received.error.detail })
    return nothing('rejected')
  }
  switch (received.value.kind) {
    case 'removed':
      return nothing('rejected')
    case 'commit':
      return isTip ? planCommit(deps, draft, received.value, object, objectId) : besides(deps, draft)
    case 'message':
      return planMessage(deps, draft, { epoch, received: received.value, object, objectId })
  }
}

/** The tip is in memory: what is stored of it grows with the group, and nearly every message is of it. */
function epochOf({ engine, store }: Planning, draft: Draft, { eid }: WireObject): DraftEpoch | null {
  const known = draft.epochs.get(eid)
  if (known !== undefined) return known
  const stored = readState(store, engine, draft.tip.row.groupId, eid)
  return stored && { ...stored, stored: stored.state, settings: decodeSettings(engine.settings(stored.state)) }
}

/**
 * A commit beside one that was followed: two members changed the group at once, and this device cannot follow both.
 * Only one that could have been followed says so: anybody can write the header of a commit.
 */
function besides({ logger }: Planning, draft: Draft): Step {
  logger.warn('commit-conflict')
  return draft.tip.row.split ? nothing('rejected') : { kind: 'split', ack: 'rejected' }
}

async function planCommit(deps: Planning, draft: Draft, received: CommitOf, object: WireObject, objectId: ObjectId): Promise<Step> {
  const { row } = draft.tip
  const stored: ObjectRow = {
    objectId,
    groupId: row.groupId,
    kind: 'commit',
    eid: object.eid,
    epoch: row.epoch,
    sender: received.change.author.memberId,
    senderSeq: null,
    bytes: object.bytes,
    storedAt: deps.clock.now(),
  }
  const tip = await nextTip(deps.engine, draft.tip, received.state)
  const removed = received.change.removed.map((gone): MemberId => gone.memberId)
  return { kind: 'commit', ack: 'stored', object: stored, tip, parent: row.tip, removed }
}
