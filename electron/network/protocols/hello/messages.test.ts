import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../../kernel/random.ts'
import { wireCodecContract } from '../../../testing/contracts/wire-codec-contract.ts'
import { MAX_HELLO_BYTES, MAX_TAGS, MAX_VERSIONS } from './constants.ts'
import { decodeHelloRequest, decodeHelloResponse, encodeHelloRequest, encodeHelloResponse } from './messages.ts'

const tags = (count: number): Uint8Array[] => Array.from({ length: count }, () => systemRandom.bytes(32))
const proofs = (count: number) =>
  Array.from({ length: count }, () => ({ tag: systemRandom.bytes(32), leafIndex: 0xffffffff, signature: systemRandom.bytes(64) }))
const nonce = systemRandom.bytes(32)
const proofWire = { tag: nonce, leaf: 1, signature: new Uint8Array(64) }

const badProofs: (readonly [string, unknown])[] = [
  ['too many proofs', { kind: 'proofs', proofs: Array.from({ length: MAX_TAGS + 1 }, () => proofWire) }],
  ['a short signature', { kind: 'proofs', proofs: [{ ...proofWire, signature: new Uint8Array(63) }] }],
  ['a leaf that is no leaf', { kind: 'proofs', proofs: [{ ...proofWire, leaf: -1 }] }],
  ['a leaf beyond 32 bits', { kind: 'proofs', proofs: [{ ...proofWire, leaf: 2 ** 32 }] }],
  ['a group id in a proof', { kind: 'proofs', proofs: [{ ...proofWire, group: new Uint8Array(16) }] }],
]

wireCodecContract('a hello request', {
  encode: encodeHelloRequest,
  decode: decodeHelloRequest,
  valid: [
    { kind: 'open', versions: [1, 2], nonce },
    { kind: 'tags', tags: [] },
    { kind: 'tags', tags: tags(MAX_TAGS) },
    { kind: 'proofs', proofs: [] },
    { kind: 'proofs', proofs: proofs(MAX_TAGS) },
  ],
  invalid: [
    ['no version', { kind: 'open', versions: [], nonce }],
    ['too many versions', { kind: 'open', versions: Array.from({ length: MAX_VERSIONS + 1 }, () => 1), nonce }],
    ['version zero', { kind: 'open', versions: [0], nonce }],
    ['a short nonce', { kind: 'open', versions: [1], nonce: nonce.subarray(1) }],
    ['an unknown kind', { kind: 'shut' }],
    ['too many tags', { kind: 'tags', tags: tags(MAX_TAGS + 1) }],
    ['a long tag', { kind: 'tags', tags: [new Uint8Array(33)] }],
    ['a field too many', { kind: 'tags', tags: [], nonce }],
    ['an answer', { kind: 'opened', version: 1, nonce }],
    ...badProofs,
  ],
})

wireCodecContract('a hello answer', {
  encode: encodeHelloResponse,
  decode: decodeHelloResponse,
  valid: [
    { kind: 'opened', version: 1, nonce },
    { kind: 'proofs', proofs: proofs(3) },
    { kind: 'accepted', tags: tags(2) },
  ],
  invalid: [
    ['a question', { kind: 'open', versions: [1], nonce }],
    ['a long tag', { kind: 'accepted', tags: [new Uint8Array(33)] }],
    ...badProofs,
  ],
})

describe('hello messages', () => {
  it('fit the protocol at their largest', () => {
    expect(encodeHelloRequest({ kind: 'proofs', proofs: proofs(MAX_TAGS) }).length).toBeLessThanOrEqual(MAX_HELLO_BYTES)
    expect(encodeHelloRequest({ kind: 'tags', tags: tags(MAX_TAGS) }).length).toBeLessThanOrEqual(MAX_HELLO_BYTES)
  })
})
