import type { GroupId, MessageId, ObjectId } from '../../../../shared/domain/ids.ts'
import type { Repositories, StoredMessage } from '../../../ports/store.ts'
import { encodeIntent, intentIdOf } from '../../intents/intent.ts'
import { noteLeaveHeard } from '../../members/leave-offer.ts'
import { forgetAstray } from '../../returning/astray.ts'
import { dropOffer } from '../../returning/offer.ts'
import { heardRead } from '../../reading/read-claims.ts'
import { isForked, writeAside, writeMoved, writeNext } from '../epoch-store.ts'
import type { GroupDeps, GroupEvents } from '../group-deps.ts'
import { keepLost } from '../lost-channels.ts'
import { messagesOf } from '../messages-of.ts'
import { mirror } from '../mirror.ts'
import type { Draft, Step } from './draft.ts'

/** Something to tell of once it is durable. */
export type Announcement = (events: GroupEvents) => void

export const changesNothing = (draft: Draft): boolean => draft.steps.every((step) => step.kind === 'nothing')

/** Writes all that a draft changes, inside one transaction. Answers what to tell of afterwards, in order. */
export function storeBatch(tx: Repositories, deps: GroupDeps, draft: Draft): Announcement[] {
  const { groupId } = draft.tip.row
  // Before anything else: what a commit further on drops for its age must be there to be written.
  for (const { eid, stored, state } of draft.epochs.values())
    if (stored !== null && stored !== state) writeMoved(tx, deps.engine, groupId, eid, { before: stored, after: state })
  const told = draft.steps.flatMap((step) => storeStep(tx, deps, draft, step))
  for (const sender of draft.senders.values()) tx.senders.put(sender)
  return told
}

function storeStep(tx: Repositories, deps: GroupDeps, draft: Draft, step: Step): Announcement[] {
  const { groupId } = draft.tip.row
  switch (step.kind) {
    case 'nothing':
      return []
    case 'outdated':
      // One database holds all groups: what is older in one of them is in each, and none may count on from there. What it offered
      // may have been taken and used.
      for (const row of tx.groups.list()) {
        tx.groups.put({ ...row, returning: true })
        dropOffer(tx, row.groupId)
        forgetAstray(tx, row.groupId)
      }
      deps.logger.error('state-outdated')
      return [(events) => events.outdated()]
    case 'message': {
      tx.objects.put(step.object)
      tx.deliveries.owe(step.object.objectId, groupId, step.owed)
      const isWitness = tx.witnesses.note(groupId, step.object.eid, step.object.sender)
      const added = step.message && tx.messages.add(step.message)
      const read = step.read === null ? [] : heardRead(tx, deps, draft.tip.row, step.read)
      const isNews = step.lost !== null && keepLost(tx, groupId, step.lost)
      const weighs = isWitness && isForked(tx, groupId)
      return [
        ...(isNews ? [tellEpoch(groupId)] : []),
        ...(added === null ? [] : [tellMessage(added)]),
        ...(read.length > 0 ? [tellDelivery(groupId, read)] : []),
        tellObject(step),
        ...(weighs ? [tellContested(groupId)] : []),
      ]
    }
    case 'commit':
      return storeCommit(tx, deps, draft, step)
    case 'aside': {
      const { eid, epoch } = step.epoch
      const state = draft.epochs.get(eid)?.state ?? step.epoch.state
      rememberLeaver(tx, step)
      writeAside(tx, deps.engine, groupId, { eid, epoch, state }, step.commit.parent, step.object.storedAt)
      return storeContested(tx, step)
    }
    case 'removal':
      if (step.isLeave) noteLeaveHeard(tx, groupId)
      return storeContested(tx, step)
    case 'carried':
      tx.objects.put(step.object)
      return [tellObject(step)]
  }
}

/** By the name of the commit: it is one wish, whoever brings it. */
function rememberLeaver(tx: Repositories, { object, leaves }: Extract<Step, { kind: 'commit' | 'aside' }>): void {
  if (leaves === null) return
  const { objectId, groupId, storedAt } = object
  const body = encodeIntent({ kind: 'see-off', request: leaves })
  tx.intents.put({ intentId: intentIdOf(objectId), groupId, body, objectId, failure: null, createdAt: storedAt })
}

const tellMessage =
  (added: StoredMessage): Announcement =>
  (events) =>
    events.messageAdded(added)

const tellDelivery =
  (groupId: GroupId, changed: readonly MessageId[]): Announcement =>
  (events) =>
    events.deliveryChanged(groupId, changed)

const tellObject =
  ({ object }: Extract<Step, { object: unknown }>): Announcement =>
  (events) =>
    events.objectStored(object.groupId, object)

function storeContested(tx: Repositories, step: Extract<Step, { kind: 'aside' | 'removal' }>): Announcement[] {
  tx.objects.put(step.object)
  tx.commits.put(step.commit)
  return [tellObject(step), tellContested(step.object.groupId)]
}

const tellEpoch =
  (groupId: GroupId): Announcement =>
  (events) =>
    events.epochChanged(groupId)

const tellContested =
  (groupId: GroupId): Announcement =>
  (events) =>
    events.contested(groupId)

function storeCommit(tx: Repositories, deps: GroupDeps, draft: Draft, step: Extract<Step, { kind: 'commit' }>): Announcement[] {
  const { engine, store } = deps
  const { groupId, tip: eid, epoch } = step.tip.row
  // With what later objects of this batch moved in it.
  const state = draft.epochs.get(eid)?.state ?? step.tip.state
  writeNext(tx, engine, groupId, { eid, epoch, state }, step.commit.parent, step.object.storedAt)
  mirror(tx, engine, { settings: step.tip.settings, state })
  tx.objects.put(step.object)
  tx.commits.put(step.commit)
  rememberLeaver(tx, step)
  const changed: ObjectId[] = step.commit.removes.flatMap((memberId) => tx.deliveries.forgive(groupId, memberId))
  return [tellEpoch(groupId), (events) => events.deliveryChanged(groupId, messagesOf(store, changed)), tellObject(step)]
}
