import * as z from 'zod'
import type { MemberId } from '../../../shared/domain/ids.ts'
import type { PeerHint } from '../../ports/wire.ts'
import { byteField, idBytes, idField } from './fields.ts'

/** One for each member of a group (SECURITY.md: 250 members tested). */
export const MAX_HINTS = 256
/** 16 addresses, the longest of which, by a relay that is found over IPv6, has 150 bytes; key, signature and frame. */
export const MAX_RECORD_BYTES = 4_096

const hintField = z
  .strictObject({ member: idField<MemberId>(), record: byteField(1, MAX_RECORD_BYTES) })
  .transform((wire): PeerHint => ({ memberId: wire.member, record: wire.record }))

export const hintsField: z.ZodType<PeerHint[]> = z.array(hintField).max(MAX_HINTS)

export const toHintFields = (hints: readonly PeerHint[]): unknown[] =>
  hints.slice(0, MAX_HINTS).map(({ memberId, record }) => ({ member: idBytes(memberId), record }))
