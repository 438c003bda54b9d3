import * as z from 'zod'
import type { MemberId } from '../../../../shared/domain/ids.ts'
import type { MemberOffer } from '../../../ports/wire.ts'
import { byteField, countField, idBytes, idField } from '../fields.ts'
import { MAX_KEY_PACKAGE_BYTES } from '../join/constants.ts'
import { MAX_OFFER_PACKAGES } from './constants.ts'

/** `MemberOffer` as it travels. */
export const offerField = z
  .tuple([idField<MemberId>(), countField, z.array(byteField(1, MAX_KEY_PACKAGE_BYTES)).min(1).max(MAX_OFFER_PACKAGES), byteField(64, 64)])
  .transform(([memberId, at, packages, signature]): MemberOffer => ({ memberId, at, packages, signature }))

export const toOfferField = ({ memberId, at, packages, signature }: MemberOffer) => [idBytes(memberId), at, packages, signature]
