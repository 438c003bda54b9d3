import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../kernel/errors.ts'
import type { MlsFixedParts } from '../../../ports/mls-storage.ts'
import type { CurrentStore } from '../store/current-store.ts'
import { eid, groupId } from '../store/rows.ts'
import { E, G, bytesOf, epochRow, writing } from './rows.ts'

const parts: [put: Extract<keyof MlsFixedParts, `put${string}`>, get: Exclude<keyof MlsFixedParts, `put${string}`>][] = [
  ['putGroupContext', 'groupContext'],
  ['putRatchetTree', 'ratchetTree'],
  ['putKeySchedule', 'keySchedule'],
  ['putConfirmation', 'confirmation'],
]

export function mlsFixedPartContract(current: CurrentStore): void {
  describe.each(parts)('%s', (put, get) => {
    test('comes back, for its group and epoch alone', () => {
      writing(current, (mls) => {
        mls.putEpoch(epochRow())
        mls.putEpoch(epochRow({ eid: eid(2) }))
        mls[put](G, E, bytesOf(1, 2, 3))
      })
      const { mls } = current()
      expect(mls[get](G, E)).toEqual(bytesOf(1, 2, 3))
      expect([mls[get](G, eid(2)), mls[get](G, eid(3)), mls[get](groupId(2), E)]).toEqual([null, null, null])
    })

    test('is written once: the same again does nothing, another is refused and leaves the first', () => {
      writing(current, (mls) => {
        mls.putEpoch(epochRow())
        mls[put](G, E, bytesOf(1, 2, 3))
      })
      expect(() => writing(current, (mls) => mls[put](G, E, bytesOf(1, 2, 3)))).not.toThrow()
      for (const other of [bytesOf(1, 2, 4), bytesOf(1, 2), bytesOf(1, 2, 3, 0), bytesOf()])
        expect(() => writing(current, (mls) => mls[put](G, E, other))).toThrow(InvariantError)
      expect(current().mls[get](G, E)).toEqual(bytesOf(1, 2, 3))
    })

    test('of an epoch that is not there is refused', () => {
      expect(() => writing(current, (mls) => mls[put](G, E, bytesOf(1)))).toThrow(InvariantError)
      expect(current().mls[get](G, E)).toBeNull()
    })

    test('is a copy on its way in and out', () => {
      const given = bytesOf(1, 2, 3)
      writing(current, (mls) => {
        mls.putEpoch(epochRow())
        mls[put](G, E, given)
      })
      given.fill(0)
      current().mls[get](G, E)?.fill(9)
      expect(current().mls[get](G, E)).toEqual(bytesOf(1, 2, 3))
    })
  })

  test('a ratchet tree may be as large as the largest group', () => {
    const tree = new Uint8Array(3_000_000).map((_, i) => i % 251)
    writing(current, (mls) => {
      mls.putEpoch(epochRow())
      mls.putRatchetTree(G, E, tree)
    })
    expect(Buffer.compare(current().mls.ratchetTree(G, E) ?? bytesOf(), tree)).toBe(0)
  })
}
