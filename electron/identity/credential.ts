import * as z from 'zod'
import type { DeviceId, GroupId, MemberId } from '../../shared/domain/ids.ts'
import { trimmedName } from '../../shared/ipc/schemas.ts'
import { copyBytes } from '../kernel/bytes.ts'
import { fromCbor, toCbor } from '../kernel/cbor.ts'
import { deviceLinkHolds, leafLinkHolds } from './certificates.ts'
import { ED25519 } from './ed25519.ts'
import { deviceIdOf, memberIdOf } from './key-ids.ts'

/** What others see of a member: the chain identity → device → leaf without the leaf's own key, which its leaf node holds. */
export interface Credential {
  identityKey: Uint8Array
  name: string
  deviceKey: Uint8Array
  /** The identity over device key and name. */
  deviceSignature: Uint8Array
  /** The device over group id and leaf key. */
  leafSignature: Uint8Array
}

/** Who a credential speaks for. */
export interface CredentialSubject {
  memberId: MemberId
  deviceId: DeviceId
  name: string
}

const VERSION = 1

/** More than any valid credential has (64 UTF-16 units of name are at most 192 bytes of UTF-8); spares parsing the rest. */
export const CREDENTIAL_BYTES = 512

const sized = (length: number) => z.instanceof(Uint8Array).refine((bytes) => bytes.length === length)

const shape = z.tuple([
  z.literal(VERSION),
  sized(ED25519.publicKey),
  z.string(),
  sized(ED25519.publicKey),
  sized(ED25519.signature),
  sized(ED25519.signature),
])

/** A name as a person may type it, already trimmed; well-formed, so that UTF-8 keeps it. */
export const isMemberName = (name: string): boolean => trimmedName.safeParse(name).success && !/\p{Surrogate}/u.test(name)

export const encodeCredential = (credential: Credential): Uint8Array =>
  copyBytes(
    toCbor([VERSION, credential.identityKey, credential.name, credential.deviceKey, credential.deviceSignature, credential.leafSignature]),
  )

/** Null unless it is one, with a name that may be shown. Says nothing about its signatures. */
export function decodeCredential(bytes: Uint8Array): Credential | null {
  if (bytes.length > CREDENTIAL_BYTES) return null
  const parsed = fromCbor(copyBytes(bytes), shape)
  if (parsed === null) return null
  const [, identityKey, name, deviceKey, deviceSignature, leafSignature] = parsed
  return isMemberName(name) ? { identityKey, name, deviceKey, deviceSignature, leafSignature } : null
}

export const subjectOf = (credential: Credential): CredentialSubject => ({
  memberId: memberIdOf(credential.identityKey),
  deviceId: deviceIdOf(credential.deviceKey),
  name: credential.name,
})

/** Who holds this leaf key in this group, if the whole chain holds; else null. `leafKey`: 32 bytes, raw Ed25519. */
export function verifyCredential(bytes: Uint8Array, groupId: GroupId, leafKey: Uint8Array): CredentialSubject | null {
  const credential = decodeCredential(bytes)
  if (credential === null) return null
  const { identityKey, deviceKey, name } = credential
  const holds =
    deviceLinkHolds({ identityKey, deviceKey, name }, credential.deviceSignature) &&
    leafLinkHolds({ identityKey, deviceKey, groupId, leafKey }, credential.leafSignature)
  return holds ? subjectOf(credential) : null
}
