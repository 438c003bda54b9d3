import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentTypes, protocolVersions, wireformats } from 'ts-mls'
import type { PrivateMessage } from 'ts-mls'
import { decodeFramed, decodeMessage, encodeMessage } from './wire.ts'

const bytes = (constraints: fc.IntArrayConstraints) => fc.uint8Array(constraints).map((b) => new Uint8Array(b))
const message: fc.Arbitrary<PrivateMessage> = fc.record({
  groupId: fc.oneof({ weight: 5, arbitrary: bytes({ minLength: 16, maxLength: 16 }) }, bytes({ maxLength: 70 })),
  epoch: fc.oneof({ weight: 5, arbitrary: fc.bigInt(0n, 1000n) }, fc.bigInt(0n, 2n ** 64n - 1n)),
  contentType: fc.constantFrom(contentTypes.application, contentTypes.proposal, contentTypes.commit),
  authenticatedData: bytes({ maxLength: 70 }),
  encryptedSenderData: bytes({ maxLength: 40 }),
  ciphertext: bytes({ maxLength: 300 }),
})
const framed = (privateMessage: PrivateMessage): Uint8Array =>
  encodeMessage({ version: protocolVersions.mls10, wireformat: wireformats.mls_private_message, privateMessage })

describe('decodeFramed', () => {
  it('reads the private messages that the library reads, and no others, whatever was done to them', () => {
    const damage = fc.array(fc.record({ at: fc.nat(120), to: fc.nat(255) }), { maxLength: 2 })
    fc.assert(
      fc.property(message, damage, fc.integer({ min: -3, max: 3 }), (value, changes, extra) => {
        let encoded = framed(value)
        for (const { at, to } of changes) encoded = encoded.with(at % encoded.length, to)
        encoded = extra < 0 ? encoded.slice(0, extra) : new Uint8Array([...encoded, ...new Array<number>(extra).fill(0)])
        const theirs = decodeMessage(encoded)
        const ours = decodeFramed(encoded)
        if (theirs?.wireformat !== wireformats.mls_private_message) {
          expect(ours).toMatchObject({ ok: false, error: { reason: theirs === null ? 'malformed' : 'unsupported' } })
          return
        }
        const { groupId, epoch } = theirs.privateMessage
        const isOurs = groupId.length === 16 && epoch <= BigInt(Number.MAX_SAFE_INTEGER)
        expect(ours.ok).toBe(isOurs)
        if (ours.ok) expect(ours.value.message).toEqual(theirs.privateMessage)
      }),
      { numRuns: 3_000 },
    )
  })

  it('shares no memory with what it was given', () => {
    const value = fc.sample(message, { numRuns: 1, seed: 3 })[0]
    if (value === undefined) throw new Error('no message')
    const encoded = framed({ ...value, groupId: new Uint8Array(16).fill(1), epoch: 1n, ciphertext: new Uint8Array(40).fill(2) })
    const read = decodeFramed(encoded)
    encoded.fill(0)
    expect(read.ok && read.value.message.ciphertext).toEqual(new Uint8Array(40).fill(2))
  })

  it('refuses a longer form of a length, which would be another object with the same meaning', () => {
    const encoded = framed({
      groupId: new Uint8Array(16),
      epoch: 1n,
      contentType: contentTypes.application,
      authenticatedData: new Uint8Array(),
      encryptedSenderData: new Uint8Array(28),
      ciphertext: new Uint8Array(40),
    })
    const at = 4 + 17 + 8 + 1
    const longer = new Uint8Array([...encoded.subarray(0, at), 0x40, ...encoded.subarray(at)])
    expect(decodeFramed(encoded).ok).toBe(true)
    expect(decodeFramed(longer)).toMatchObject({ ok: false, error: { reason: 'malformed' } })
  })
})
