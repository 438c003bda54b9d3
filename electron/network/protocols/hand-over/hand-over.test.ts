import { describe, expect, it } from 'vitest'
import type { GroupId } from '../../../../shared/domain/ids.ts'
import { systemRandom } from '../../../kernel/random.ts'
import { wireCodecContract } from '../../../testing/contracts/wire-codec-contract.ts'
import { MAX_CONTENT_BYTES } from '../history/constants.ts'
import { HANDED_BYTES, MAX_HAND_OVER_BYTES, MAX_HANDED } from './constants.ts'
import { decodeHandOver, encodeHandOver } from './hand-over.ts'
import { handOverRpc } from './hand-over-rpc.ts'

const groupId = systemRandom.id<GroupId>()
const id = new Uint8Array(16)
const of = (count: number, size: number) => Array.from({ length: count }, () => systemRandom.bytes(size))

wireCodecContract('messages handed over', {
  encode: encodeHandOver,
  decode: decodeHandOver,
  valid: [
    { groupId, contents: of(1, 5) },
    { groupId, contents: of(1, MAX_CONTENT_BYTES) },
    { groupId, contents: of(MAX_HANDED, HANDED_BYTES / MAX_HANDED) },
  ],
  invalid: [
    ['none', { group: id, contents: [] }],
    ['a group id of 15 bytes', { group: id.subarray(1), contents: [id] }],
    ['one without content', { group: id, contents: [new Uint8Array()] }],
    ['too large a one', { group: id, contents: of(1, MAX_CONTENT_BYTES + 1) }],
    ['too many', { group: id, contents: of(MAX_HANDED + 1, 1) }],
    ['too much together', { group: id, contents: of(2, HANDED_BYTES / 2 + 1) }],
    ['a field too many', { group: id, contents: [id], author: id }],
  ],
})

describe('messages handed over', () => {
  it('fit the protocol at their largest', () => {
    expect(encodeHandOver({ groupId, contents: of(1, MAX_CONTENT_BYTES) }).length).toBeLessThanOrEqual(MAX_HAND_OVER_BYTES)
    expect(encodeHandOver({ groupId, contents: of(MAX_HANDED, HANDED_BYTES / MAX_HANDED) }).length).toBeLessThanOrEqual(MAX_HAND_OVER_BYTES)
  })

  it('are answered one by one, or it is no answer', () => {
    const request = { groupId, contents: of(2, 9) }
    expect(handOverRpc.decodeResponse(handOverRpc.encodeResponse(['stored', 'later']), request)).toEqual(['stored', 'later'])
    expect(handOverRpc.decodeResponse(handOverRpc.encodeResponse(['stored']), request)).toBeNull()
  })
})
