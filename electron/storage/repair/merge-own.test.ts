import { expect, test } from 'vitest'
import { SELF, groupId } from '../../testing/contracts/store/rows.ts'
import { withNumber } from './merge-own.ts'

test.each<[seq: number, ahead: number[], number: number, expected: [number, number[]]]>([
  [0, [], 1, [1, []]],
  [0, [], 101, [0, [101, 101]]],
  [5, [], 5, [5, []]],
  [5, [7, 9], 6, [9, []]],
  [5, [7, 9], 8, [5, [7, 9]]],
  [5, [7, 9], 10, [5, [7, 10]]],
  [5, [8, 9, 20, 21], 7, [5, [7, 9, 20, 21]]],
  [5, [8, 9, 11, 12], 10, [5, [8, 12]]],
])('at %i with %j ahead, %i gives %j', (seq, ahead, number, [expectedSeq, expectedAhead]) => {
  const row = { groupId: groupId(1), memberId: SELF, seq, ahead, lastObject: null }
  expect(withNumber(row, number)).toEqual({ ...row, seq: expectedSeq, ahead: expectedAhead })
})
