import { beforeAll, describe, expect, it } from 'vitest'
import { makeKeyPackageRef, mlsMessageDecoder, wireformats } from 'ts-mls'
import { toHex, utf8 } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import { commitBy, gather, NONE, stateOf, unwrapOk, yes } from '../../testing/mls/party.ts'
import type { Party } from '../../testing/mls/party.ts'
import { encodePairsVersion1, encodeVersion1 } from '../../testing/mls/version-1.ts'
import { makeCipherSuite } from './provider/cipher-suite.ts'
import { suites, X25519_SUITE, XWING_SUITE } from './provider/suites.ts'
import { unwrap } from './state.ts'
import { fromVersion1 } from './version-1.ts'

let party: Party
beforeAll(async () => {
  party = await gather(['Alice', 'Bob', 'Carol'])
})

describe('a state as schema 1 stored it', () => {
  it('is the same state, skipped keys included', async () => {
    const { engine } = party
    const one = await engine.encrypt(stateOf(party, 0), utf8('one'), NONE)
    const two = await engine.encrypt(one.state, utf8('two'), NONE)
    const received = unwrapOk(await engine.receive(stateOf(party, 1), two.message, yes))
    if (received.kind !== 'message') throw new Error('not a message')
    const bob = engine.decode(fromVersion1.epoch(encodeVersion1(received.state)))
    expect(unwrap(bob)).toEqual(unwrap(received.state))
    expect(unwrapOk(await engine.receive(bob, one.message, yes)).kind).toBe('message')
  })

  it('is unreadable, in words, when damaged, cut short, of another version or put together of two epochs', async () => {
    const { fixedPart, movingPart } = encodeVersion1(stateOf(party, 1))
    const next = encodeVersion1((await commitBy(party, 0, {})).state)
    const broken = [
      { fixedPart: NONE, movingPart: NONE },
      { fixedPart, movingPart: NONE },
      { fixedPart: NONE, movingPart },
      { fixedPart: fixedPart.subarray(0, -1), movingPart },
      { fixedPart: fixedPart.with(0, 2), movingPart },
      { fixedPart: new Uint8Array([...fixedPart, 0]), movingPart },
      { fixedPart, movingPart: movingPart.subarray(0, -1) },
      { fixedPart, movingPart: movingPart.with(1, 2) },
      { fixedPart, movingPart: next.movingPart },
      { fixedPart: next.fixedPart, movingPart },
    ]
    for (const [i, old] of broken.entries()) expect(() => fromVersion1.epoch(old), String(i)).toThrow(AppError)
    expect(() => fromVersion1.epoch({ fixedPart, movingPart })).not.toThrow()
  })
})

describe('key packages as a join of schema 1 offered them', () => {
  it('are the same pairs, by the reference a Welcome uses, of either suite', async () => {
    for (const suiteId of [X25519_SUITE, XWING_SUITE]) {
      const { engine, groupId, identities } = await gather(['Zoe'], suiteId)
      const [zoe] = identities
      if (zoe === undefined) throw new Error('nobody')
      const made = await engine.keyPackage(groupId, zoe)
      expect(fromVersion1.keyPackages(encodePairsVersion1([made]))).toEqual([made])
      const [message] = mlsMessageDecoder(made.publicPackage, 0) ?? []
      if (message?.wireformat !== wireformats.mls_key_package) throw new Error('not a key package')
      const { hash } = makeCipherSuite(suites[suiteId], () => NONE)
      expect(made.reference).toBe(toHex(await makeKeyPackageRef(message.keyPackage, hash)))
      expect(made.signatureKey).toEqual(zoe.leafPublicKey)
    }
  })

  it('are none where the join had ended, and unreadable where they are damaged', () => {
    expect(fromVersion1.keyPackages(NONE)).toEqual([])
    for (const damaged of [Uint8Array.of(1), encodePairsVersion1([{ publicPackage: NONE, privatePackage: NONE }])])
      expect(() => fromVersion1.keyPackages(damaged)).toThrow(AppError)
  })
})
