import { createHash } from 'node:crypto'
import { clientStateDecoder, clientStateEncoder, encode } from 'ts-mls'
import type { ClientState, GenerationSecret, SecretTree } from 'ts-mls'
import { z } from 'zod'
import { copyBytes, equalBytes } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { EncodedState, GroupState } from './group-engine.ts'
import { unwrap, wrap } from './state.ts'

/**
 * The two durable parts of a state.
 *
 * `fixedPart` — a version byte and the library's own encoding of everything but the secret tree: group context, ratchet tree,
 * key schedule, private keys of our path, signature key, confirmation tag. Grows with the group: about 2.9 KB a member with X-Wing.
 *
 * `movingPart` — the secret tree: for each sender heard in this epoch two ratchets (about 150 bytes) with the keys of messages
 * that were overtaken, and the tree secrets nobody used yet, at most log2 of the group for each sender heard. So it grows with
 * those who speak, not with the group. It also names the epoch, so that parts of two epochs are never put together.
 */

const VERSION = 1

const uint32 = z.number().int().min(0).max(0xffff_ffff)
const secret = z.instanceof(Uint8Array).refine((bytes) => bytes.length >= 32 && bytes.length <= 64)
const secrets = z.array(z.tuple([uint32, secret]))
const ratchet = z.tuple([secret, uint32, secrets])
const shape = z.tuple([z.literal(VERSION), z.instanceof(Uint8Array), uint32, secrets, z.array(z.tuple([uint32, ratchet, ratchet]))])

const entries = (record: Record<number, Uint8Array>): [number, Uint8Array][] =>
  Object.entries(record).map(([index, value]) => [Number(index), value])

const ofRatchet = (from: GenerationSecret) => [from.secret, from.generation, entries(from.unusedGenerations)]

const toRatchet = ([value, generation, unused]: z.output<typeof ratchet>): GenerationSecret => ({
  secret: value,
  generation,
  unusedGenerations: Object.fromEntries(unused),
})

const epochName = (client: ClientState): Uint8Array =>
  new Uint8Array(createHash('sha256').update(client.keySchedule.epochAuthenticator).digest().subarray(0, 16))

const encodeMoving = (client: ClientState): Uint8Array =>
  copyBytes(
    toCbor([
      VERSION,
      epochName(client),
      client.secretTree.leafWidth,
      entries(client.secretTree.intermediateNodes),
      Object.entries(client.secretTree.leafNodes).map(([index, node]) => [
        Number(index),
        ofRatchet(node.handshake),
        ofRatchet(node.application),
      ]),
    ]),
  )

export const encodeMovingPart = (state: GroupState): Uint8Array => encodeMoving(unwrap(state))

const withoutSecretTree = (client: ClientState): ClientState => ({
  ...client,
  secretTree: { leafWidth: client.secretTree.leafWidth, intermediateNodes: {}, leafNodes: {} },
})

export function encodeState(state: GroupState): EncodedState {
  const client = unwrap(state)
  const fixed = encode(clientStateEncoder, withoutSecretTree(client))
  const fixedPart = new Uint8Array(fixed.length + 1)
  fixedPart[0] = VERSION
  fixedPart.set(fixed, 1)
  return { fixedPart, movingPart: encodeMoving(client) }
}

function decodeFixed(bytes: Uint8Array): ClientState | null {
  if (bytes[0] !== VERSION) return null
  try {
    // a copy, because what is decoded consists of views; not by slice, which makes a view of a Buffer as a database gives it
    const own = copyBytes(bytes.subarray(1))
    const decoded = clientStateDecoder(own, 0)
    return decoded?.[1] === own.length ? decoded[0] : null
  } catch {
    return null
  }
}

function decodeMoving(bytes: Uint8Array, client: ClientState): SecretTree | null {
  const parsed = fromCbor(copyBytes(bytes), shape)
  if (parsed === null) return null
  const [, name, leafWidth, intermediate, senders] = parsed
  if (!equalBytes(name, epochName(client)) || leafWidth !== client.secretTree.leafWidth) return null
  return {
    leafWidth,
    intermediateNodes: Object.fromEntries(intermediate),
    leafNodes: Object.fromEntries(
      senders.map(([index, handshake, application]) => [index, { handshake: toRatchet(handshake), application: toRatchet(application) }]),
    ),
  }
}

/** Throws `AppError('unreadable')`. The state shares no memory with what it was decoded from. */
export function decodeState({ fixedPart, movingPart }: EncodedState): GroupState {
  const client = decodeFixed(fixedPart)
  const secretTree = client === null ? null : decodeMoving(movingPart, client)
  if (client === null || secretTree === null) throw new AppError('unreadable', 'The stored keys of a space cannot be read.')
  return wrap({ ...client, secretTree })
}
