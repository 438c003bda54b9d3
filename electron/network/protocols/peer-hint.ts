import { z } from 'zod'
import type { MemberId } from '../../../shared/domain/ids.ts'
import type { PeerHint } from '../../ports/wire.ts'
import { idBytes, idField, peerAddressFields, toPeerAddressFields } from './fields.ts'

/** One for each member of a group (SECURITY.md: 250 members tested). */
export const MAX_HINTS = 256

const hintField = z
  .strictObject({ member: idField<MemberId>(), ...peerAddressFields })
  .transform((wire): PeerHint => ({ memberId: wire.member, peerId: wire.peer, addresses: wire.addresses }))

export const hintsField: z.ZodType<PeerHint[]> = z.array(hintField).max(MAX_HINTS)

export const toHintFields = (hints: readonly PeerHint[]): unknown[] =>
  hints.slice(0, MAX_HINTS).map((hint) => ({ member: idBytes(hint.memberId), ...toPeerAddressFields(hint) }))
