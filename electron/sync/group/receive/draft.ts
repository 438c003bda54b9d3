import type { Eid, MemberId, ObjectId } from '../../../../shared/domain/ids.ts'
import type { GroupState } from '../../../crypto/mls/group-engine.ts'
import type { CommitRow } from '../../../ports/branch-store.ts'
import type { MessageRow, ObjectRow, SenderRow } from '../../../ports/store.ts'
import type { LeaveRequest, ObjectAck } from '../../../ports/wire.ts'
import type { ReadClaim } from '../../reading/read-claims.ts'
import type { ChannelSettings, SpaceSettings } from '../../policy/settings.ts'
import type { Tip } from '../next-tip.ts'

/** One epoch as a batch has moved it. */
export interface DraftEpoch {
  readonly eid: Eid
  readonly epoch: number
  /** As it is stored; null for an epoch that this batch enters. */
  readonly stored: GroupState | null
  readonly state: GroupState
  readonly settings: SpaceSettings | null
}

/** Somebody whom a commit sees off: should that lose and its author be gone, whoever has it does so again. */
type Leaves = Omit<LeaveRequest, 'groupId'>

/** What one object comes to. Data only: nothing has happened yet. */
export type Step =
  /** Nothing changes. */
  | { kind: 'nothing'; ack: ObjectAck }
  | {
      kind: 'message'
      ack: 'stored'
      epoch: DraftEpoch
      object: ObjectRow
      sender: SenderRow
      message: MessageRow | null
      /** Its channel, where the group has it no more. */
      lost: ChannelSettings | null
      /** What its sender says to have read. */
      read: ReadClaim | null
      owed: MemberId[]
    }
  /** A commit out of the tip, and none beside it is known: it is followed at once. */
  | { kind: 'commit'; ack: 'stored'; object: ObjectRow; commit: CommitRow; leaves: Leaves | null; tip: Tip }
  /** One that leads elsewhere: to another branch, or through a time before this device came back with a fresh leaf. */
  | { kind: 'aside'; ack: 'stored'; object: ObjectRow; commit: CommitRow; leaves: Leaves | null; epoch: DraftEpoch }
  /** One after which this device would be in no more: what follows from it is for others to read. `isLeave`: because it said that it leaves. */
  | { kind: 'removal'; ack: 'stored'; object: ObjectRow; commit: CommitRow; isLeave: boolean }
  /** A commit that cannot be followed here and is kept for others: of our own lost time, or the one that exchanged our leaf. */
  | { kind: 'carried'; ack: 'stored'; object: ObjectRow }
  /** What is stored here is older than what was sent from it. Once that is known the object is taken like all that was lost. */
  | { kind: 'outdated'; ack: 'later' }

/**
 * A group as it would be after the objects of a batch so far, laid over what is stored. Each step gives a new one;
 * thrown away, nothing has happened.
 */
export interface Draft {
  readonly tip: Tip
  /** The tip's, each that an object was of, and each that this batch came to. */
  readonly epochs: ReadonlyMap<Eid, DraftEpoch>
  readonly senders: ReadonlyMap<MemberId, SenderRow>
  readonly seen: ReadonlySet<ObjectId>
  /** Epochs that a commit of this batch leads out of. */
  readonly left: ReadonlySet<Eid>
  readonly steps: readonly Step[]
}

export function beginDraft(tip: Tip): Draft {
  const { tip: eid, epoch } = tip.row
  const current: DraftEpoch = { eid, epoch, stored: tip.state, state: tip.state, settings: tip.settings }
  return { tip, epochs: new Map([[eid, current]]), senders: new Map(), seen: new Set(), left: new Set(), steps: [] }
}

export function withStep(draft: Draft, step: Step): Draft {
  const { tip, epochs, senders, seen } = draft
  const steps = [...draft.steps, step]
  switch (step.kind) {
    case 'nothing':
      return { ...draft, steps }
    case 'message':
      return {
        ...draft,
        ...moved(draft, step.epoch),
        senders: new Map(senders).set(step.sender.memberId, step.sender),
        seen: new Set(seen).add(step.object.objectId),
        steps,
      }
    case 'commit': {
      const { row, state, settings } = step.tip
      const entered: DraftEpoch = { eid: row.tip, epoch: row.epoch, stored: null, state, settings }
      return { ...followed(draft, step.object), tip: step.tip, epochs: new Map(epochs).set(row.tip, entered), steps }
    }
    case 'aside':
      return { ...followed(draft, step.object), epochs: new Map(epochs).set(step.epoch.eid, step.epoch), steps }
    case 'removal':
    case 'carried':
      return { ...followed(draft, step.object), steps }
    case 'outdated':
      return { ...draft, tip: { ...tip, row: { ...tip.row, returning: true } }, steps }
  }
}

const followed = (draft: Draft, { objectId, eid }: ObjectRow): Draft => ({
  ...draft,
  seen: new Set(draft.seen).add(objectId),
  left: new Set(draft.left).add(eid),
})

/** A message moves its epoch's ratchets; if that epoch is the tip's, the tip with it. */
function moved({ tip, epochs }: Draft, epoch: DraftEpoch): Pick<Draft, 'tip' | 'epochs'> {
  return {
    tip: tip.row.tip === epoch.eid ? { ...tip, state: epoch.state } : tip,
    epochs: new Map(epochs).set(epoch.eid, epoch),
  }
}
