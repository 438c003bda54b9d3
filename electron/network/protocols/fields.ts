import * as z from 'zod'
import type { GroupId, PeerId } from '../../../shared/domain/ids.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'

/** Fields that several wire structures share. On the wire ids are bytes, here hexadecimal. */

export const byteField = (min: number, max: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length >= min && value.length <= max)

export const idField = <T extends string>() => byteField(16, 16).transform((bytes) => toHex(bytes) as T)

export const idBytes = (id: string): Uint8Array => fromHex(id)

/** A counter or a number of milliseconds: whole, not negative, exact in a double. */
export const countField = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

export const groupField = idField<GroupId>()

/** Peer ids are those of Ed25519 keys: a multihash of 38 bytes in base58 always begins and ends up like this. */
const PEER_ID = /^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/
export const isPeerId = (text: string): text is PeerId => PEER_ID.test(text)

/** The port allows 16 addresses a peer; the longest of ours, IPv6 WebRTC-direct with certificate hash and peer id, has under 200 characters. */
export const MAX_ADDRESSES = 16
export const MAX_ADDRESS_CHARS = 256
