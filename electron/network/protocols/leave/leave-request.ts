import * as z from 'zod'
import type { MemberId } from '../../../../shared/domain/ids.ts'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { LeaveRequest } from '../../../ports/wire.ts'
import { byteField, groupField, idBytes, idField } from '../fields.ts'

const schema = z
  .strictObject({ group: groupField, member: idField<MemberId>(), leaf: byteField(32, 32), signature: byteField(64, 64) })
  .transform(({ group, member, leaf, signature }): LeaveRequest => ({ groupId: group, memberId: member, leafKey: leaf, signature }))

export const encodeLeaveRequest = ({ groupId, memberId, leafKey, signature }: LeaveRequest): Uint8Array =>
  toCbor({ group: idBytes(groupId), member: idBytes(memberId), leaf: leafKey, signature })

export const decodeLeaveRequest = (body: Uint8Array): LeaveRequest | null => fromCbor(body, schema)
