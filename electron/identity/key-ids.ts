import { createHash } from 'node:crypto'
import type { DeviceId, MemberId } from '../../shared/domain/ids.ts'

const keyId = (publicKey: Uint8Array): string => createHash('sha256').update(publicKey).digest('hex').slice(0, 32)

/** First 16 bytes of SHA-256 of the identity's public key. */
export const memberIdOf = (identityKey: Uint8Array): MemberId => keyId(identityKey) as MemberId

/** First 16 bytes of SHA-256 of the device's public key. */
export const deviceIdOf = (deviceKey: Uint8Array): DeviceId => keyId(deviceKey) as DeviceId
