import type { GroupId } from '../../shared/domain/ids.ts'
import { fromHex } from '../kernel/bytes.ts'
import { toCbor } from '../kernel/cbor.ts'
import { ed25519Sign, ed25519Verify } from './ed25519.ts'

/**
 * The two links of the chain identity → device → leaf. Each signature covers deterministic CBOR that begins with a label
 * of its own, so that none can stand for another, nor for anything MLS signs (whose input begins with a short length, not with
 * an array). The name is part of the first link: only the identity can change it. The group is part of the second: a leaf
 * certified for one group is worth nothing in another.
 */

const VERSION = 1

export interface DeviceLink {
  identityKey: Uint8Array
  deviceKey: Uint8Array
  name: string
}

export interface LeafLink {
  identityKey: Uint8Array
  deviceKey: Uint8Array
  groupId: GroupId
  leafKey: Uint8Array
}

const deviceStatement = (link: DeviceLink): Uint8Array =>
  toCbor(['SpacePanda identity certifies device', VERSION, link.identityKey, link.deviceKey, link.name])

const leafStatement = (link: LeafLink): Uint8Array =>
  toCbor(['SpacePanda device certifies leaf', VERSION, link.identityKey, link.deviceKey, fromHex(link.groupId), link.leafKey])

export const certifyDevice = (identitySecret: Uint8Array, link: DeviceLink): Uint8Array =>
  ed25519Sign(identitySecret, deviceStatement(link))

export const certifyLeaf = (deviceSecret: Uint8Array, link: LeafLink): Uint8Array => ed25519Sign(deviceSecret, leafStatement(link))

export const deviceLinkHolds = (link: DeviceLink, signature: Uint8Array): boolean =>
  ed25519Verify(link.identityKey, deviceStatement(link), signature)

export const leafLinkHolds = (link: LeafLink, signature: Uint8Array): boolean =>
  ed25519Verify(link.deviceKey, leafStatement(link), signature)
