import type { DeviceId, GroupId, MemberId } from '../../shared/domain/ids.ts'
import type { Redacted } from '../kernel/redacted.ts'

/**
 * This profile as one space sees it: an Ed25519 identity key made for that space alone, a device key it certifies,
 * and a signature key for the group that the device certifies. Nothing in it links two spaces.
 */
export interface LocalIdentity {
  groupId: GroupId
  memberId: MemberId
  deviceId: DeviceId
  name: string
  /** What others see: the encoded chain identity → device → leaf, with the name inside what the identity signed. */
  credential: Uint8Array
  /** 32 bytes, raw Ed25519. */
  leafPublicKey: Uint8Array
  /** 32-byte Ed25519 seeds. */
  leafSecret: Redacted<Uint8Array>
  deviceSecret: Redacted<Uint8Array>
  identitySecret: Redacted<Uint8Array>
}
