import type { MemberId } from '../../../shared/domain/ids.ts'
import type { Delivery } from '../../../shared/domain/models.ts'
import type { DeliveryRow } from '../../ports/store.ts'

/** Who is in the group still, and who read the message. */
export interface Readers {
  isMember: (memberId: MemberId) => boolean
  hasRead: (memberId: MemberId) => boolean
  /** Whether a mailbox keeps it that somebody who lacks it asks. That is more than `stored`, and never `delivered`. */
  inMailbox: boolean
}

const noReaders: Readers = { isMember: () => true, hasRead: () => false, inMailbox: false }

/**
 * What may be said of one of our messages: `held` once one other member has it, or a mailbox that a reader asks, `delivered` once all have, `read` once all of them
 * who are members still said that they read it.
 */
export function deliveryOf(rows: readonly DeliveryRow[], failure: string | null, readers: Partial<Readers> = {}): Delivery {
  const { isMember, hasRead, inMailbox } = { ...noReaders, ...readers }
  const recipients = rows.length
  const delivered = rows.filter((row) => row.ackedAt !== null).length
  const read = rows.filter((row) => row.ackedAt !== null && hasRead(row.memberId)).length
  const counts = { delivered, read, recipients }
  if (failure !== null) return { ...counts, state: 'failed', reason: failure }
  const members = rows.filter((row) => isMember(row.memberId))
  const isRead = read > 0 && delivered === recipients && members.every((row) => hasRead(row.memberId))
  if (isRead) return { ...counts, state: 'read', reason: null }
  const state = delivered === 0 && !(inMailbox && recipients > 0) ? 'stored' : delivered < recipients ? 'held' : 'delivered'
  return { ...counts, state, reason: null }
}

/** A message of somebody else is here: that is all this device knows of it. */
export const receivedDelivery: Delivery = { state: 'delivered', delivered: 1, read: 0, recipients: 1, reason: null }
