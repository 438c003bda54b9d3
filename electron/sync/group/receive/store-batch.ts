import type { ObjectId } from '../../../../shared/domain/ids.ts'
import type { Repositories, StoredMessage } from '../../../ports/store.ts'
import { putEnded } from '../../members/ended.ts'
import { dropLeaveOffer } from '../../members/leave-offer.ts'
import { dropOffer } from '../../returning/offer.ts'
import { writeMoved, writeNext, writePast } from '../epoch-store.ts'
import type { GroupDeps, GroupEvents } from '../group-deps.ts'
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
    case 'unreadable':
      return []
    case 'split':
      return [(events) => events.split(groupId)]
    case 'outdated':
      // One database holds all groups: what is older in one of them is in each. What it offered may have been taken and used.
      for (const row of tx.groups.list()) {
        tx.groups.put({ ...row, returning: true })
        dropOffer(tx, row.groupId)
      }
      deps.logger.error('state-outdated')
      return [(events) => events.outdated()]
    case 'message': {
      tx.objects.put(step.object)
      tx.deliveries.owe(step.object.objectId, groupId, step.owed)
      const added = tx.messages.add(step.message)
      return [...(added === null ? [] : [tellMessage(added)]), tellObject(step)]
    }
    case 'commit':
      return storeCommit(tx, deps, draft, step)
    case 'past': {
      const { eid, epoch } = step.epoch
      const state = draft.epochs.get(eid)?.state ?? step.epoch.state
      writePast(tx, deps.engine, groupId, { eid, epoch, state }, step.parent, step.object.storedAt)
      tx.objects.put(step.object)
      return [tellObject(step)]
    }
    case 'carried':
      tx.objects.put(step.object)
      return [tellObject(step)]
    case 'removed':
      tx.objects.put(step.object)
      putEnded(tx, groupId, step.ended)
      dropLeaveOffer(tx, groupId)
      return [(events) => events.ended(groupId)]
  }
}

const tellMessage =
  (added: StoredMessage): Announcement =>
  (events) =>
    events.messageAdded(added)

const tellObject =
  ({ object }: Extract<Step, { object: unknown }>): Announcement =>
  (events) =>
    events.objectStored(object.groupId, object.objectId)

function storeCommit(tx: Repositories, deps: GroupDeps, draft: Draft, step: Extract<Step, { kind: 'commit' }>): Announcement[] {
  const { engine, store } = deps
  const { groupId, tip: eid, epoch } = step.tip.row
  // With what later objects of this batch moved in it.
  const state = draft.epochs.get(eid)?.state ?? step.tip.state
  writeNext(tx, engine, groupId, { eid, epoch, state }, step.parent, step.object.storedAt)
  mirror(tx, groupId, step.tip.settings, engine.members(state))
  tx.objects.put(step.object)
  const changed: ObjectId[] = step.gone.flatMap((memberId) => tx.deliveries.forgive(groupId, memberId))
  return [
    (events) => events.epochChanged(groupId),
    (events) => events.deliveryChanged(groupId, messagesOf(store, changed)),
    tellObject(step),
  ]
}
