import type { DeviceId, GroupId, InvitationId, MemberId } from '../../../shared/domain/ids.ts'
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from '../../identity/index.ts'
import { fromHex } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'

/** The 32-byte public half of an invitation's 32-byte seed. */
export const invitationPublicKey = ed25519PublicKey

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

export const signClaim = (seed: Uint8Array, claim: AdmissionClaim): Uint8Array => ed25519Sign(seed, claimBytes(claim))

/** False for anything that does not hold, malformed keys and signatures included. */
export const verifyClaim = (publicKey: Uint8Array, claim: AdmissionClaim, signature: Uint8Array): boolean =>
  ed25519Verify(publicKey, claimBytes(claim), signature)
