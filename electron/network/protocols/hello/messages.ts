import * as z from 'zod'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { MembershipProof } from '../../../ports/network.ts'
import { byteField } from '../fields.ts'
import { MAX_TAGS, MAX_VERSIONS, NONCE_BYTES, SIGNATURE_BYTES, TAG_BYTES } from './constants.ts'

/**
 * The exchange, three questions of the initiator on one stream:
 * open → opened (both nonces are known: the binding is fixed), tags → proofs (of the responder), proofs → accepted.
 */
export type HelloRequest =
  | { kind: 'open'; versions: number[]; nonce: Uint8Array }
  | { kind: 'tags'; tags: Uint8Array[] }
  | { kind: 'proofs'; proofs: MembershipProof[] }

export type HelloResponse =
  | { kind: 'opened'; version: number; nonce: Uint8Array }
  | { kind: 'proofs'; proofs: MembershipProof[] }
  /** Under which of the initiator's proof tags the responder now knows it. */
  | { kind: 'accepted'; tags: Uint8Array[] }

const versionField = z.number().int().min(1).max(0xffff)
const nonceField = byteField(NONCE_BYTES, NONCE_BYTES)
const tagField = byteField(TAG_BYTES, TAG_BYTES)
const proofField = z
  .strictObject({ tag: tagField, leaf: z.number().int().min(0).max(0xffffffff), signature: byteField(SIGNATURE_BYTES, SIGNATURE_BYTES) })
  .transform((wire): MembershipProof => ({ tag: wire.tag, leafIndex: wire.leaf, signature: wire.signature }))
const proofsField = z.array(proofField).max(MAX_TAGS)
const tagsField = z.array(tagField).max(MAX_TAGS)

const requestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), versions: z.array(versionField).min(1).max(MAX_VERSIONS), nonce: nonceField }),
  z.strictObject({ kind: z.literal('tags'), tags: tagsField }),
  z.strictObject({ kind: z.literal('proofs'), proofs: proofsField }),
])

const responseSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('opened'), version: versionField, nonce: nonceField }),
  z.strictObject({ kind: z.literal('proofs'), proofs: proofsField }),
  z.strictObject({ kind: z.literal('accepted'), tags: tagsField }),
])

const toWire = (message: HelloRequest | HelloResponse): unknown =>
  message.kind === 'proofs'
    ? { kind: 'proofs', proofs: message.proofs.map(({ tag, leafIndex, signature }) => ({ tag, leaf: leafIndex, signature })) }
    : message

export const encodeHelloRequest = (message: HelloRequest): Uint8Array => toCbor(toWire(message))
export const decodeHelloRequest = (body: Uint8Array): HelloRequest | null => fromCbor(body, requestSchema)
export const encodeHelloResponse = (message: HelloResponse): Uint8Array => toCbor(toWire(message))
export const decodeHelloResponse = (body: Uint8Array): HelloResponse | null => fromCbor(body, responseSchema)
