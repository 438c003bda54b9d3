import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../../kernel/random.ts'
import type { ObjectPush } from '../../../ports/wire.ts'
import { wireCodecContract } from '../../../testing/contracts/wire-codec-contract.ts'
import { MAX_OBJECT_BYTES } from '../wire-object.ts'
import { MAX_ACKS_BYTES, MAX_BATCH_BYTES, MAX_OBJECTS, MAX_PUSH_BYTES } from './constants.ts'
import { decodeObjectAcks, encodeObjectAcks } from './object-acks.ts'
import { decodeObjectPush, encodeObjectPush } from './object-push.ts'

const id = new Uint8Array(16).fill(3)
const object = { eid: id, bytes: Uint8Array.of(1) }
const push = (count: number, size: number): ObjectPush => ({
  groupId: systemRandom.id(),
  objects: Array.from({ length: count }, () => ({ eid: systemRandom.id(), bytes: new Uint8Array(size) })),
})

wireCodecContract('an object push', {
  encode: encodeObjectPush,
  decode: decodeObjectPush,
  valid: [push(2, 30), push(MAX_OBJECTS, MAX_BATCH_BYTES / MAX_OBJECTS), push(1, 100_000)],
  invalid: [
    ['no objects', { group: id, objects: [] }],
    ['too many objects', { group: id, objects: Array.from({ length: MAX_OBJECTS + 1 }, () => object) }],
    ['too many bytes together', { group: id, objects: [{ ...object, bytes: new Uint8Array(MAX_BATCH_BYTES) }, object] }],
    ['an empty object', { group: id, objects: [{ ...object, bytes: new Uint8Array() }] }],
    ['a field too many', { group: id, objects: [object], more: 1 }],
    ['a field too many in an object', { group: id, objects: [{ ...object, more: 1 }] }],
    ['no group', { objects: [object] }],
    ['a group that is text', { group: '03'.repeat(16), objects: [object] }],
    ['a group of 15 bytes', { group: id.subarray(1), objects: [object] }],
    ['an epoch of 17 bytes', { group: id, objects: [{ ...object, eid: new Uint8Array(17) }] }],
    ['objects that are none', { group: id, objects: [null] }],
  ],
})

describe('an object push', () => {
  it('may hold one object of the largest size and none larger, and then fits the protocol', () => {
    const largest = encodeObjectPush(push(1, MAX_OBJECT_BYTES))
    expect(decodeObjectPush(largest)?.objects).toHaveLength(1)
    expect(largest.length).toBeLessThanOrEqual(MAX_PUSH_BYTES)
    expect(decodeObjectPush(encodeObjectPush(push(1, MAX_OBJECT_BYTES + 1)))).toBeNull()
  })
})

wireCodecContract('object acks', {
  encode: encodeObjectAcks,
  decode: (body) => decodeObjectAcks(body, 3),
  valid: [
    ['stored', 'unknown-epoch', 'later'],
    ['rejected', 'rejected', 'rejected'],
  ],
  invalid: [
    ['too few', ['stored', 'stored']],
    ['too many', ['stored', 'stored', 'stored', 'stored']],
    ['an unknown word', ['stored', 'stored', 'maybe']],
    ['a number', ['stored', 'stored', 0]],
  ],
})

describe('object acks', () => {
  it('fit the protocol at their largest', () => {
    expect(encodeObjectAcks(Array.from({ length: MAX_OBJECTS }, () => 'unknown-epoch')).length).toBeLessThanOrEqual(MAX_ACKS_BYTES)
  })
})
