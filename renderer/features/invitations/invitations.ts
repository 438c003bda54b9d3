import type { CallResult } from '../../../shared/ipc/error-codes.ts'
import type { InvitationId, SpaceId } from '../../../shared/domain/ids.ts'
import type { Invitation } from '../../../shared/domain/models.ts'
import type { Client } from '../../bridge/client.ts'

const HOUR = 3_600_000

export const expiries = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR, month: 30 * 24 * HOUR } as const
export type Expiry = keyof typeof expiries
export const usesChoices = [null, 1, 5, 10, 50] as const

export interface InvitationTerms {
  expiry: Expiry
  maxUses: number | null
}

export const usualTerms: InvitationTerms = { expiry: 'week', maxUses: null }

/** The calls of the invitation dialog. Nothing is kept: what is active is asked for while it is open. */
export interface InvitationCalls {
  create(spaceId: SpaceId, terms: InvitationTerms): Promise<CallResult<Invitation>>
  /** Those that still let somebody in, the oldest first. */
  list(spaceId: SpaceId): Promise<CallResult<Invitation[]>>
  revoke(spaceId: SpaceId, invitationId: InvitationId): Promise<CallResult<Invitation>>
  /** Calls `listener` whenever somebody came into the space or its invitations changed otherwise, until the returned function is called. */
  watch(spaceId: SpaceId, listener: () => void): () => void
}

export const createInvitationCalls = (client: Client): InvitationCalls => ({
  create: (spaceId, { expiry, maxUses }) => client.call('invitations.create', { spaceId, expiresInMs: expiries[expiry], maxUses }),
  list: (spaceId) => client.call('invitations.list', { spaceId }),
  revoke: (spaceId, invitationId) => client.call('invitations.revoke', { spaceId, invitationId }),
  // The node tells of the members with every change of what a space agrees on.
  watch: (spaceId, listener) =>
    client.on('members.changed', (changed) => {
      if (changed.spaceId === spaceId) listener()
    }),
})
