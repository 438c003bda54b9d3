import * as z from 'zod'
import type { MemberId } from '../../../../shared/domain/ids.ts'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { WelcomeRequest } from '../../../ports/wire.ts'
import { byteField, countField, groupField, idBytes, idField } from '../fields.ts'
import { MAX_COMMITS, MAX_COMMITS_BYTES, MAX_WELCOME_BYTES } from '../join/constants.ts'
import { objectField, toObjectFields } from '../wire-object.ts'
import { MAX_MEMBERS } from './constants.ts'
import { offerField, toOfferField } from './offer-field.ts'

const commitsField = z
  .array(objectField)
  .max(MAX_COMMITS)
  .refine((commits) => commits.reduce((sum, { bytes }) => sum + bytes.length, 0) <= MAX_COMMITS_BYTES)

const call = z
  .strictObject({
    kind: z.literal('call'),
    space: groupField,
    group: groupField,
    leaf: byteField(32, 32),
    welcome: byteField(1, MAX_WELCOME_BYTES).nullable(),
    commits: commitsField,
  })
  .transform(({ kind, space, group, leaf, welcome, commits }): WelcomeRequest => ({
    ...{ kind, groupId: space },
    call: { group, leafKey: leaf, welcome, commits },
  }))

const offers = z
  .strictObject({
    kind: z.literal('offers'),
    space: groupField,
    own: offerField.nullable(),
    have: z.array(z.tuple([idField<MemberId>(), countField])).max(MAX_MEMBERS),
  })
  .transform(({ kind, space, own, have }): WelcomeRequest => ({
    ...{ kind, groupId: space, own },
    have: have.map(([memberId, at]) => ({ memberId, at })),
  }))

const schema = z.union([call, offers])

export function encodeWelcomeRequest(request: WelcomeRequest): Uint8Array {
  const { kind, groupId } = request
  if (kind === 'offers') {
    const have = request.have.map(({ memberId, at }) => [idBytes(memberId), at])
    return toCbor({ kind, space: idBytes(groupId), own: request.own && toOfferField(request.own), have })
  }
  const { group, leafKey, welcome, commits } = request.call
  return toCbor({ kind, space: idBytes(groupId), group: idBytes(group), leaf: leafKey, welcome, commits: commits.map(toObjectFields) })
}

export const decodeWelcomeRequest = (body: Uint8Array): WelcomeRequest | null => fromCbor(body, schema)
