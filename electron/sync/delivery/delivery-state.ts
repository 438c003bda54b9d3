import type { Delivery } from '../../../shared/domain/models.ts'
import type { DeliveryRow } from '../../ports/store.ts'

/** What may be said of one of our messages: `held` once one other member has it, `delivered` once all have. */
export function deliveryOf(rows: readonly DeliveryRow[], failure: string | null): Delivery {
  const recipients = rows.length
  const delivered = rows.filter((row) => row.ackedAt !== null).length
  const counts = { delivered, recipients }
  if (failure !== null) return { ...counts, state: 'failed', reason: failure }
  const state = delivered === 0 ? 'stored' : delivered < recipients ? 'held' : 'delivered'
  return { ...counts, state, reason: null }
}

/** A message of somebody else is here: that is all this device knows of it. */
export const receivedDelivery: Delivery = { state: 'delivered', delivered: 1, recipients: 1, reason: null }
