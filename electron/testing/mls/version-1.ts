import { createHash } from 'node:crypto'
import { clientStateEncoder, encode } from 'ts-mls'
import type { GenerationSecret } from 'ts-mls'
import type { GroupState, KeyPackagePair } from '../../crypto/mls/group-engine.ts'
import { unwrap } from '../../crypto/mls/state.ts'
import { toCbor } from '../../kernel/cbor.ts'

/** How schema 1 wrote a state, and what a join had offered: for tests of what reads them. */

const entries = (record: Record<number, Uint8Array>): [number, Uint8Array][] =>
  Object.entries(record).map(([index, value]) => [Number(index), value])
const ratchet = (from: GenerationSecret) => [from.secret, from.generation, entries(from.unusedGenerations)]

export function encodeVersion1(state: GroupState): { fixedPart: Uint8Array; movingPart: Uint8Array } {
  const client = unwrap(state)
  const { leafWidth, intermediateNodes, leafNodes } = client.secretTree
  const name = createHash('sha256').update(client.keySchedule.epochAuthenticator).digest().subarray(0, 16)
  const fixed = encode(clientStateEncoder, { ...client, secretTree: { leafWidth, intermediateNodes: {}, leafNodes: {} } })
  const senders = Object.entries(leafNodes).map(([node, { handshake, application }]) => [
    Number(node),
    ratchet(handshake),
    ratchet(application),
  ])
  return {
    fixedPart: new Uint8Array([1, ...fixed]),
    movingPart: toCbor([1, new Uint8Array(name), leafWidth, entries(intermediateNodes), senders]),
  }
}

export const encodePairsVersion1 = (pairs: readonly KeyPackagePair[]): Uint8Array =>
  toCbor(pairs.map(({ publicPackage, privatePackage }) => [publicPackage, privatePackage]))
