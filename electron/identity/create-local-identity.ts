import type { GroupId } from '../../shared/domain/ids.ts'
import { copyBytes } from '../kernel/bytes.ts'
import { AppError } from '../kernel/errors.ts'
import type { Random } from '../kernel/random.ts'
import { Redacted } from '../kernel/redacted.ts'
import { certifyDevice, certifyLeaf } from './certificates.ts'
import { encodeCredential, isMemberName } from './credential.ts'
import { ED25519, ed25519PublicKey } from './ed25519.ts'
import { deviceIdOf, memberIdOf } from './key-ids.ts'
import type { LocalIdentity } from './local-identity.ts'

/** The parts that identify someone in one group; everything else of a `LocalIdentity` follows from them. Seeds of 32 bytes. */
export interface IdentitySecrets {
  groupId: GroupId
  name: string
  identitySecret: Uint8Array
  deviceSecret: Uint8Array
  leafSecret: Uint8Array
}

/** Derives the public keys and certifies them. Ed25519 is deterministic: the same secrets give the same identity. */
export function assembleIdentity(secrets: IdentitySecrets): LocalIdentity {
  const { groupId, name } = secrets
  const identityKey = ed25519PublicKey(secrets.identitySecret)
  const deviceKey = ed25519PublicKey(secrets.deviceSecret)
  const leafKey = ed25519PublicKey(secrets.leafSecret)
  const credential = encodeCredential({
    identityKey,
    name,
    deviceKey,
    deviceSignature: certifyDevice(secrets.identitySecret, { identityKey, deviceKey, name }),
    leafSignature: certifyLeaf(secrets.deviceSecret, { identityKey, deviceKey, groupId, leafKey }),
  })
  return {
    groupId,
    memberId: memberIdOf(identityKey),
    deviceId: deviceIdOf(deviceKey),
    name,
    credential,
    leafPublicKey: leafKey,
    leafSecret: new Redacted(secrets.leafSecret),
    deviceSecret: new Redacted(secrets.deviceSecret),
    identitySecret: new Redacted(secrets.identitySecret),
  }
}

/**
 * A new identity for one space: three fresh keys that nothing else shares.
 * Throws `AppError('invalid')` for a name that may not be shown (see `displayName`).
 */
export function createLocalIdentity(groupId: GroupId, name: string, random: Random): LocalIdentity {
  const trimmed = name.trim()
  if (!isMemberName(trimmed)) throw new AppError('invalid', 'That name cannot be used: it must be 1 to 64 ordinary characters on one line.')
  return assembleIdentity({
    groupId,
    name: trimmed,
    identitySecret: random.bytes(ED25519.seed),
    deviceSecret: random.bytes(ED25519.seed),
    leafSecret: random.bytes(ED25519.seed),
  })
}

/** The same person and device with a fresh leaf for another group of the same space (a private channel, a direct message). */
export const leafForGroup = (identity: LocalIdentity, groupId: GroupId, random: Random): LocalIdentity =>
  assembleIdentity({
    groupId,
    name: identity.name,
    identitySecret: copyBytes(identity.identitySecret.reveal()),
    deviceSecret: copyBytes(identity.deviceSecret.reveal()),
    leafSecret: random.bytes(ED25519.seed),
  })
