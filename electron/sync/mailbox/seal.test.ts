import { describe, expect, it } from 'vitest'
import type { Eid, GroupId, PeerId } from '../../../shared/domain/ids.ts'
import { equalBytes, toHex } from '../../kernel/bytes.ts'
import { systemRandom } from '../../kernel/random.ts'
import { MAX_SEALED_BYTES, MIN_SEALED_BYTES } from '../../network/protocols/mailbox/constants.ts'
import { MAX_OBJECT_BYTES } from '../../network/protocols/wire-object.ts'
import { DAY_MS, dayKeys, dayOf } from './day-keys.ts'
import { paddedSize, seal, sealedHash, unseal } from './seal.ts'
import { isReceipt, isSignedRequest, makeGet, makePut, receiptStatement } from './statements.ts'
import { ed25519PublicKey, ed25519Sign } from '../../identity/index.ts'

const groupId = systemRandom.id<GroupId>()
const presenceKey = systemRandom.bytes(32)
const keys = dayKeys(groupId, presenceKey, 20_000)
const object = (size: number) => ({ eid: systemRandom.id<Eid>(), bytes: systemRandom.bytes(size) })
const mailbox = `12D3KooW${'a'.repeat(44)}` as PeerId

describe('the keys of a day', () => {
  it('are the same for all who share the presence key, and others on another day, by another key, in another group', () => {
    expect(dayKeys(groupId, presenceKey, 20_000)).toEqual(keys)
    const others = [
      dayKeys(groupId, presenceKey, 20_001),
      dayKeys(groupId, systemRandom.bytes(32), 20_000),
      dayKeys(systemRandom.id(), presenceKey, 20_000),
    ]
    const all = [keys, ...others].flatMap(({ tag, seed, sealingKey, nonceKey }) => [tag, seed, sealingKey, nonceKey])
    expect(new Set(all.map(toHex)).size).toBe(16)
  })

  it('change at midnight UTC', () => {
    expect(dayOf(Date.UTC(2026, 10, 26) - 1) + 1).toBe(dayOf(Date.UTC(2026, 10, 26)))
    expect(dayOf(DAY_MS)).toBe(1)
  })
})

describe('a sealed object', () => {
  it.each([1, 1_004, 1_005, 65_516, 65_517, MAX_OBJECT_BYTES])('of %d bytes opens for who has the keys, and for nobody else', (size) => {
    const said = object(size)
    const sealed = seal(keys, said)
    const opened = unseal(keys, sealed)
    expect(opened?.eid).toBe(said.eid)
    expect(opened !== null && equalBytes(opened.bytes, said.bytes)).toBe(true)
    expect(unseal(dayKeys(groupId, presenceKey, 20_001), sealed)).toBeNull()
    expect(unseal(dayKeys(groupId, systemRandom.bytes(32), 20_000), sealed)).toBeNull()
  })

  it('is not what it was with any byte changed or missing', () => {
    const sealed = seal(keys, object(40))
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.map((byte, i) => (i === at ? byte ^ 1 : byte))
      expect(unseal(keys, changed), `byte ${at}`).toBeNull()
    }
    expect(unseal(keys, sealed.subarray(1))).toBeNull()
    expect(unseal(keys, new Uint8Array())).toBeNull()
  })

  it('tells its size in steps only, within what the protocol takes', () => {
    expect([1, 1_024, 1_025, 4_097, 65_536, 65_537, 131_073].map(paddedSize)).toEqual([
      1_024, 1_024, 2_048, 8_192, 65_536, 131_072, 196_608,
    ])
    expect(seal(keys, object(1)).length).toBe(MIN_SEALED_BYTES)
    expect(seal(keys, object(MAX_OBJECT_BYTES)).length).toBe(MAX_SEALED_BYTES)
  })

  it('is the same bytes whoever seals it, and shares its nonce with no other', () => {
    const said = object(300)
    expect(seal(dayKeys(groupId, presenceKey, 20_000), said)).toEqual(seal(keys, said))
    const nonces = Array.from({ length: 200 }, (_, i) => toHex(seal(keys, { ...said, bytes: Uint8Array.of(1, i) }).subarray(0, 12)))
    expect(new Set(nonces).size).toBe(200)
  })
})

describe('a request to a mailbox', () => {
  it('holds for that mailbox, as it is', () => {
    const objects = [seal(keys, object(9)), seal(keys, object(10))]
    const put = makePut(keys, mailbox, objects, 77)
    const get = makeGet(keys, mailbox, 5, 77)
    expect([put, get].map((request) => isSignedRequest(mailbox, request))).toEqual([true, true])
    const other = `12D3KooW${'b'.repeat(44)}` as PeerId
    const changed = [
      { ...put, at: 78 },
      { ...put, objects: objects.slice(1) },
      { ...put, objects: objects.toReversed() },
      { ...put, tag: dayKeys(groupId, presenceKey, 20_001).tag },
      { ...get, after: 6 },
      { ...put, signature: get.signature },
    ]
    expect(changed.map((request) => isSignedRequest(mailbox, request))).not.toContain(true)
    expect([put, get].map((request) => isSignedRequest(other, request))).toEqual([false, false])
  })
})

describe('a receipt', () => {
  it('holds for that object, tag and time, by that mailbox', () => {
    const seed = systemRandom.bytes(32)
    const key = ed25519PublicKey(seed)
    const kept = { tag: keys.tag, hash: sealedHash(seal(keys, object(9))), storedAt: 7, keptUntil: 9 }
    const signature = ed25519Sign(seed, receiptStatement(kept))
    expect(isReceipt(key, kept, signature)).toBe(true)
    expect(isReceipt(key, { ...kept, keptUntil: 10 }, signature)).toBe(false)
    expect(isReceipt(key, { ...kept, hash: keys.tag }, signature)).toBe(false)
    expect(isReceipt(keys.tag, kept, signature)).toBe(false)
  })
})
