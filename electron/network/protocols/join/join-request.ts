import * as z from 'zod'
import type { InvitationId } from '../../../../shared/domain/ids.ts'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { JoinRequest } from '../../../ports/wire.ts'
import { byteField, groupField, idBytes, idField } from '../fields.ts'
import { presentedLeafField, presentedLeafFields } from '../fresh-leaf.ts'
import { MAX_KEY_PACKAGES, MAX_KEY_PACKAGE_BYTES } from './constants.ts'

const schema = z
  .strictObject({
    group: groupField,
    invitation: idField<InvitationId>(),
    request: idField<string>(),
    keyPackages: z.array(byteField(1, MAX_KEY_PACKAGE_BYTES)).min(1).max(MAX_KEY_PACKAGES),
    signature: byteField(64, 64),
    fresh: presentedLeafField.optional(),
  })
  .transform((wire): JoinRequest => ({
    groupId: wire.group,
    invitationId: wire.invitation,
    requestId: wire.request,
    keyPackages: wire.keyPackages,
    signature: wire.signature,
    ...(wire.fresh && { fresh: wire.fresh }),
  }))

export const encodeJoinRequest = (request: JoinRequest): Uint8Array =>
  toCbor({
    group: idBytes(request.groupId),
    invitation: idBytes(request.invitationId),
    request: idBytes(request.requestId),
    keyPackages: request.keyPackages,
    signature: request.signature,
    ...(request.fresh && { fresh: presentedLeafFields(request.fresh) }),
  })

export const decodeJoinRequest = (body: Uint8Array): JoinRequest | null => fromCbor(body, schema)
