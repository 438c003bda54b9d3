import { describe, expect, it } from 'vitest'
import type { Eid, GroupId, MemberId } from '../../../../shared/domain/ids.ts'
import { systemRandom } from '../../../kernel/random.ts'
import type { Frontier } from '../../../ports/wire.ts'
import { wireCodecContract } from '../../../testing/contracts/wire-codec-contract.ts'
import { MAX_FRONTIER_BYTES, MAX_KNOWN, MAX_ROOTS, MAX_RUNS, MAX_SENDERS } from './constants.ts'
import { frontierRpc } from './frontier-rpc.ts'
import { decodeFrontier, encodeFrontier } from './frontier.ts'

const frontier = (senders: number): Frontier => ({
  groupId: systemRandom.id<GroupId>(),
  eid: systemRandom.id<Eid>(),
  epoch: 7,
  joinedEpoch: 0,
  roots: Array.from({ length: Math.min(senders, MAX_ROOTS) }, () => systemRandom.id<Eid>()),
  known: Array.from({ length: Math.min(senders, MAX_KNOWN) }, () => systemRandom.id<Eid>()),
  senders: Array.from({ length: senders }, (_, i) => ({ memberId: systemRandom.id<MemberId>(), seq: Number.MAX_SAFE_INTEGER - i })),
})
/** As many runs as there may be, in as many bytes. */
const longest = Array.from({ length: 2 * MAX_RUNS }, (_, i) => 2 ** 52 + 2 * i)
const withRuns = (senders: number, ahead: number[]): Frontier => {
  const whole = frontier(senders)
  return { ...whole, senders: whole.senders.map((s, i) => (i === 0 ? { ...s, ahead } : s)) }
}
const id = new Uint8Array(16)
const wire = { group: id, eid: id, epoch: 1, joinedEpoch: 0, roots: [id], known: [id], senders: [{ member: id, seq: 1 }] }

wireCodecContract('a frontier', {
  encode: encodeFrontier,
  decode: decodeFrontier,
  valid: [
    frontier(1),
    frontier(0),
    frontier(MAX_SENDERS),
    withRuns(1, [5, 5, 7, 9]),
    withRuns(MAX_SENDERS, longest),
    { ...frontier(1), inReturn: true },
  ],
  invalid: [
    ['too many senders', { ...wire, senders: Array.from({ length: MAX_SENDERS + 1 }, () => wire.senders[0]) }],
    ['too many roots', { ...wire, roots: Array.from({ length: MAX_ROOTS + 1 }, () => id) }],
    ['too many known epochs', { ...wire, known: Array.from({ length: MAX_KNOWN + 1 }, () => id) }],
    ['a known epoch of another length', { ...wire, known: [id.subarray(1)] }],
    ['a negative epoch', { ...wire, epoch: -1 }],
    ['half an epoch', { ...wire, epoch: 0.5 }],
    ['an epoch beyond exact numbers', { ...wire, epoch: 2n ** 60n }],
    ['half a run', { ...wire, senders: [{ member: id, seq: 1, ahead: [3] }] }],
    ['no run', { ...wire, senders: [{ member: id, seq: 1, ahead: [] }] }],
    ['runs in any order', { ...wire, senders: [{ member: id, seq: 1, ahead: [7, 9, 3, 4] }] }],
    ['runs that touch', { ...wire, senders: [{ member: id, seq: 1, ahead: [3, 4, 5, 6] }] }],
    ['too many runs', { ...wire, senders: [1, 2].map(() => ({ member: id, seq: 1, ahead: longest })) }],
    ['a count that is text', { ...wire, senders: [{ member: id, seq: '1' }] }],
    ['not asked in return, and saying so', { ...wire, inReturn: false }],
    ['a field too many', { ...wire, more: true }],
    ['a field too few', { group: id, eid: id, epoch: 1, senders: [] }],
  ],
})

describe('a frontier', () => {
  it('is no answer if it was asked in return', () => {
    const ours = frontier(1)
    const theirs: Frontier = { ...frontier(1), groupId: ours.groupId }
    expect(frontierRpc.decodeResponse(encodeFrontier(theirs), ours)).toEqual(theirs)
    expect(frontierRpc.decodeResponse(encodeFrontier({ ...theirs, inReturn: true }), ours)).toBeNull()
  })

  it('fits the protocol at its largest', () => {
    expect(encodeFrontier({ ...withRuns(MAX_SENDERS, longest), inReturn: true }).length).toBeLessThanOrEqual(MAX_FRONTIER_BYTES)
  })
})
