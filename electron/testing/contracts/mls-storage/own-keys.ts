import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../kernel/errors.ts'
import type { CurrentStore } from '../store/current-store.ts'
import { eid, groupId } from '../store/rows.ts'
import { E, G, epochRow, nodeSecret, ownLeaf, secretOf, signatureKeyRow, writing } from './rows.ts'

export function mlsOwnKeyContract(current: CurrentStore): void {
  describe('our own leaf', () => {
    test('comes back, and is written once', () => {
      writing(current, (mls) => {
        mls.putEpoch(epochRow())
        mls.putSignatureKey(signatureKeyRow(1))
        mls.putSignatureKey(signatureKeyRow(2))
        mls.putOwnLeaf(G, E, ownLeaf(1))
        mls.putOwnLeaf(G, E, ownLeaf(1))
      })
      expect(() => writing(current, (mls) => mls.putOwnLeaf(G, E, ownLeaf(2)))).toThrow(InvariantError)
      expect(() => writing(current, (mls) => mls.putOwnLeaf(G, E, { ...ownLeaf(1), leafIndex: 5 }))).toThrow(InvariantError)
      expect(current().mls.ownLeaf(G, E)).toEqual(ownLeaf(1))
      expect(current().mls.ownLeaf(G, eid(2))).toBeNull()
    })

    test('needs its signature key, and its epoch', () => {
      writing(current, (mls) => mls.putEpoch(epochRow()))
      expect(() => writing(current, (mls) => mls.putOwnLeaf(G, E, ownLeaf(1)))).toThrow(InvariantError)
      writing(current, (mls) => mls.putSignatureKey(signatureKeyRow(1)))
      expect(() => writing(current, (mls) => mls.putOwnLeaf(G, eid(2), ownLeaf(1)))).toThrow(InvariantError)
      expect(current().mls.ownLeaf(G, E)).toBeNull()
    })
  })

  describe('keys of our path', () => {
    test('come back by node, and all in order', () => {
      writing(current, (mls) => {
        mls.putEpoch(epochRow())
        for (const node of [15, 2, 7]) mls.putPathKey(G, E, nodeSecret(node))
      })
      const { mls } = current()
      expect(mls.pathKeys(G, E)).toEqual([nodeSecret(2), nodeSecret(7), nodeSecret(15)])
      expect(mls.pathKey(G, E, 7)).toEqual(secretOf(7))
      expect([mls.pathKey(G, E, 3), mls.pathKey(G, eid(2), 7), mls.pathKey(groupId(2), E, 7)]).toEqual([null, null, null])
    })

    test('are written once for each node of an epoch', () => {
      writing(current, (mls) => {
        mls.putEpoch(epochRow())
        mls.putEpoch(epochRow({ eid: eid(2) }))
        mls.putPathKey(G, E, nodeSecret(2))
        mls.putPathKey(G, E, nodeSecret(2))
        mls.putPathKey(G, eid(2), nodeSecret(2, 9))
      })
      expect(() => writing(current, (mls) => mls.putPathKey(G, E, nodeSecret(2, 8)))).toThrow(InvariantError)
      expect(current().mls.pathKey(G, E, 2)).toEqual(secretOf(2))
    })

    test('of an epoch that is not there are refused', () => {
      expect(() => writing(current, (mls) => mls.putPathKey(G, E, nodeSecret(2)))).toThrow(InvariantError)
    })

    test('can be deleted one by one, and it is no matter if one is not there', () => {
      writing(current, (mls) => {
        mls.putEpoch(epochRow())
        mls.putPathKey(G, E, nodeSecret(2))
        mls.putPathKey(G, E, nodeSecret(7))
        mls.deletePathKey(G, E, 2)
        mls.deletePathKey(G, E, 99)
        mls.deletePathKey(G, eid(9), 7)
      })
      expect(current().mls.pathKeys(G, E)).toEqual([nodeSecret(7)])
    })
  })

  describe('signature keys', () => {
    test('come back by their public half, and are written once', () => {
      writing(current, (mls) => mls.putSignatureKey(signatureKeyRow(1)))
      writing(current, (mls) => mls.putSignatureKey(signatureKeyRow(1)))
      for (const other of [{ secret: secretOf(9) }, { groupId: groupId(2) }])
        expect(() => writing(current, (mls) => mls.putSignatureKey(signatureKeyRow(1, other)))).toThrow(InvariantError)
      expect(current().mls.signatureKey(secretOf(1))).toEqual(signatureKeyRow(1))
      expect(current().mls.signatureKey(secretOf(2))).toBeNull()
    })

    const inUse = () =>
      writing(current, (mls) => {
        for (const n of [1, 2, 3]) mls.putSignatureKey(signatureKeyRow(n, n === 3 ? { groupId: groupId(2) } : {}))
        mls.putEpoch(epochRow())
        mls.putEpoch(epochRow({ eid: eid(2) }))
        mls.putOwnLeaf(G, E, ownLeaf(1))
        mls.putOwnLeaf(G, eid(2), ownLeaf(1))
      })

    test('cannot be deleted while a leaf of ours uses them', () => {
      inUse()
      expect(() => writing(current, (mls) => mls.deleteSignatureKey(secretOf(1)))).toThrow(InvariantError)
      writing(current, (mls) => mls.deleteSignatureKey(secretOf(2)))
      expect(current().mls.signatureKey(secretOf(1))).not.toBeNull()
      expect(current().mls.signatureKey(secretOf(2))).toBeNull()
    })

    test('are retired once the last epoch that used them is gone, in their group alone', () => {
      inUse()
      expect(writing(current, (mls) => mls.retireSignatureKeys(G))).toBe(1)
      writing(current, (mls) => mls.deleteEpoch(G, E))
      expect(writing(current, (mls) => mls.retireSignatureKeys(G))).toBe(0)
      writing(current, (mls) => mls.deleteEpoch(G, eid(2)))
      expect(writing(current, (mls) => mls.retireSignatureKeys(G))).toBe(1)
      const { mls } = current()
      expect([1, 2, 3].map((n) => mls.signatureKey(secretOf(n)) !== null)).toEqual([false, false, true])
    })
  })
}
