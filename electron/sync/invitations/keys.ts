import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { DeviceId, GroupId, InvitationId, MemberId } from '../../../shared/domain/ids.ts'
import { fromHex } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'

/** DER prefixes that make a raw Ed25519 key a PKCS #8 or SPKI one (RFC 8410 §7, §4). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

const privateKey = (seed: Uint8Array) => createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
const publicKey = (raw: Uint8Array) => createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' })

/** The 32-byte public half of an invitation's 32-byte seed. */
export function invitationPublicKey(seed: Uint8Array): Uint8Array {
  const der = createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' })
  return new Uint8Array(der.subarray(SPKI.length))
}

/** What the holder of an invitation signs: who exactly is to be let in, so that nobody else can use the signature. */
export interface AdmissionClaim {
  groupId: GroupId
  invitationId: InvitationId
  requestId: string
  memberId: MemberId
  deviceId: DeviceId
}

const claimBytes = (claim: AdmissionClaim): Uint8Array =>
  toCbor([
    'spacepanda/join/1',
    fromHex(claim.groupId),
    fromHex(claim.invitationId),
    fromHex(claim.requestId),
    fromHex(claim.memberId),
    fromHex(claim.deviceId),
  ])

export const signClaim = (seed: Uint8Array, claim: AdmissionClaim): Uint8Array =>
  new Uint8Array(sign(null, claimBytes(claim), privateKey(seed)))

/** False for anything that does not hold, malformed keys and signatures included. */
export function verifyClaim(raw: Uint8Array, claim: AdmissionClaim, signature: Uint8Array): boolean {
  if (raw.length !== 32 || signature.length !== 64) return false
  return verify(null, claimBytes(claim), publicKey(raw), signature)
}
