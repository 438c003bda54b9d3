import * as z from 'zod'
import type { GroupId } from '../../../../shared/domain/ids.ts'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { PeerHint } from '../../../ports/wire.ts'
import { groupField, idBytes } from '../fields.ts'
import { hintsField, toHintFields } from '../peer-hint.ts'

/** Where members of one group were last reached. */
export interface PeerHints {
  groupId: GroupId
  hints: PeerHint[]
}

const schema = z
  .strictObject({ group: groupField, hints: hintsField })
  .transform((wire): PeerHints => ({ groupId: wire.group, hints: wire.hints }))

export const encodePeerHints = ({ groupId, hints }: PeerHints): Uint8Array =>
  toCbor({ group: idBytes(groupId), hints: toHintFields(hints) })

export const decodePeerHints = (body: Uint8Array): PeerHints | null => fromCbor(body, schema)
