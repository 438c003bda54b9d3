import type { GroupId, MessageId } from '../../../shared/domain/ids.ts'
import type { GroupEngine } from '../../crypto/mls/group-engine.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import type { ObjectRow, StoredMessage, Store } from '../../ports/store.ts'

/** What a group reports once it is durable. */
export interface GroupEvents {
  /** A message is new here, ours included. */
  messageAdded(message: StoredMessage): void
  deliveryChanged(groupId: GroupId, messages: readonly MessageId[]): void
  /** The group is in another epoch: name, channels, members, roles or invitations may differ. */
  epochChanged(groupId: GroupId): void
  /** An object others may lack: pass it on. */
  objectStored(groupId: GroupId, object: Pick<ObjectRow, 'objectId' | 'sender'>): void
  /** Commits beside each other are known: which one all follow is to be decided soon (`fork-resolution`). */
  contested(groupId: GroupId): void
  /** What was asked here lost against another change, and cannot be done again: it is among what was asked in vain (`intents/unmet.ts`). */
  intentFailed(groupId: GroupId): void
  /** What is stored here is older than what was sent from it; it is stored of all groups that they return. */
  outdated(): void
  /** This device is in the group no more (`members/ended.ts`). */
  ended(groupId: GroupId): void
  /** This device was out of the group, and is in it after all. */
  back(groupId: GroupId): void
}

export interface GroupDeps {
  engine: GroupEngine
  store: Store
  clock: Clock
  random: Random
  logger: Logger
  events: GroupEvents
}

/**
 * Which superseded epochs stay readable, for messages that come late: always the newest few, and more of them for as long
 * as the ciphertext of a message is kept. An evening of invitations is dozens of commits, and what somebody without a
 * connection wrote before them is under way in an epoch that is long superseded. It is the horizon of forks, too: a commit out of
 * an epoch that is kept can still be followed. `aside`: epochs that did not lead to the tip.
 */
export const KEPT_EPOCHS = { atLeast: 16, atMost: 128, aside: 64, forMs: 30 * 24 * 3_600_000 } as const
