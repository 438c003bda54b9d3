import { clientStateDecoder } from 'ts-mls'
import type { ClientState, GenerationSecret, SecretTree } from 'ts-mls'
import * as z from 'zod'
import { copyBytes, equalBytes } from '../../kernel/bytes.ts'
import { fromCbor } from '../../kernel/cbor.ts'
import { CBOR_BOUNDS } from '../../kernel/cbor-form.ts'
import { AppError } from '../../kernel/errors.ts'
import type { MlsConversion } from '../../ports/mls-storage.ts'
import { decodePair, offeredAs } from './key-package.ts'
import { epochName } from './labelled.ts'
import { encodeParts } from './state-parts.ts'
import { enter } from './state.ts'

/**
 * How schema 1 stored a state, in two parts: read by its migration, written no more.
 *
 * `fixedPart` — a version byte and the library's own encoding of everything but the secret tree.
 * `movingPart` — the secret tree, which also names its epoch, so that parts of two epochs are never put together.
 */

const VERSION = 1

const uint32 = z.number().int().min(0).max(0xffff_ffff)
const secret = z.instanceof(Uint8Array).refine((bytes) => bytes.length >= 32 && bytes.length <= 64)
const secrets = z.array(z.tuple([uint32, secret]))
const ratchet = z.tuple([secret, uint32, secrets])
const movingShape = z.tuple([z.literal(VERSION), z.instanceof(Uint8Array), uint32, secrets, z.array(z.tuple([uint32, ratchet, ratchet]))])
/** Our own: every key that was skipped by every sender is in it. */
const OWN_BOUNDS = { items: Number.MAX_SAFE_INTEGER, depth: CBOR_BOUNDS.depth }
const pairsShape = z.array(z.tuple([z.instanceof(Uint8Array), z.instanceof(Uint8Array)]))

const toRatchet = ([value, generation, unused]: z.output<typeof ratchet>): GenerationSecret => ({
  secret: value,
  generation,
  unusedGenerations: Object.fromEntries(unused),
})

function decodeFixed(bytes: Uint8Array): ClientState | null {
  if (bytes[0] !== VERSION) return null
  try {
    // a copy, because what is decoded consists of views; not by slice, which makes a view of a Buffer as a database gives it
    const own = copyBytes(bytes.subarray(1))
    const decoded = clientStateDecoder(own, 0)
    return decoded?.[1] === own.length ? decoded[0] : null
  } catch {
    // by where the damage is the library raises one error or another: all of them say the same
    return null
  }
}

function decodeMoving(bytes: Uint8Array, client: ClientState): SecretTree | null {
  const parsed = fromCbor(copyBytes(bytes), movingShape, OWN_BOUNDS)
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

const unreadable = (what: string): AppError => new AppError('unreadable', `The stored keys of ${what} cannot be read.`)

export const fromVersion1: MlsConversion = {
  epoch({ fixedPart, movingPart }) {
    const client = decodeFixed(fixedPart)
    const secretTree = client === null ? null : decodeMoving(movingPart, client)
    if (client === null || secretTree === null) throw unreadable('a space')
    return encodeParts(enter({ ...client, secretTree }))
  },
  keyPackages(stored) {
    // a join that has ended has none
    if (stored.length === 0) return []
    const pairs = fromCbor(copyBytes(stored), pairsShape)
    if (pairs === null) throw unreadable('a request to join')
    return pairs.map(([publicPackage, privatePackage]) => ({
      ...offeredAs(decodePair({ publicPackage, privatePackage })),
      publicPackage,
      privatePackage,
    }))
  },
}
