import * as z from 'zod'
import { isHexId } from '../../shared/domain/ids.ts'
import type { GroupId } from '../../shared/domain/ids.ts'
import { copyBytes } from '../kernel/bytes.ts'
import { fromCbor, toCbor } from '../kernel/cbor.ts'
import { AppError } from '../kernel/errors.ts'
import { assembleIdentity } from './create-local-identity.ts'
import { isMemberName } from './credential.ts'
import { ED25519 } from './ed25519.ts'
import type { LocalIdentity } from './local-identity.ts'

const VERSION = 1
const seed = z.instanceof(Uint8Array).refine((bytes) => bytes.length === ED25519.seed)
const shape = z.tuple([z.literal(VERSION), z.string().refine(isHexId), z.string().refine(isMemberName), seed, seed, seed])

/** Secret bytes, for the encrypted database only. */
export const encodeLocalIdentity = (identity: LocalIdentity): Uint8Array =>
  copyBytes(
    toCbor([
      VERSION,
      identity.groupId,
      identity.name,
      identity.identitySecret.reveal(),
      identity.deviceSecret.reveal(),
      identity.leafSecret.reveal(),
    ]),
  )

/** Throws `AppError('unreadable')`: the bytes are our own, so damage is a fault. The result shares no memory with `bytes`. */
export function decodeLocalIdentity(bytes: Uint8Array): LocalIdentity {
  const parsed = fromCbor(copyBytes(bytes), shape)
  if (parsed === null) throw new AppError('unreadable', 'The keys of this profile in one of its spaces cannot be read.')
  const [, groupId, name, identitySecret, deviceSecret, leafSecret] = parsed
  return assembleIdentity({
    groupId: groupId as GroupId,
    name,
    // each on memory of its own, so that wiping one secret leaves the others
    identitySecret: copyBytes(identitySecret),
    deviceSecret: copyBytes(deviceSecret),
    leafSecret: copyBytes(leafSecret),
  })
}

/** Null for one that is damaged or gone. */
export function readLocalIdentity(bytes: Uint8Array): LocalIdentity | null {
  try {
    return decodeLocalIdentity(bytes)
  } catch (thrown) {
    if (thrown instanceof AppError) return null
    throw thrown
  }
}
