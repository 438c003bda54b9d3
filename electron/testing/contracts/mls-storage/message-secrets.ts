import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../kernel/errors.ts'
import type { MovedSecrets } from '../../../ports/mls-epoch.ts'
import type { CurrentStore } from '../store/current-store.ts'
import { eid } from '../store/rows.ts'
import { E, G, epochRow, movedRow, nodeSecret, secretOf, secretsRow, step, writing } from './rows.ts'

export function mlsMessageSecretContract(current: CurrentStore): void {
  const begin = () =>
    writing(current, (mls) => {
      mls.putEpoch(epochRow())
      mls.putEpoch(epochRow({ eid: eid(2) }))
      mls.putMessageSecrets(G, E, secretsRow())
      mls.putMessageSecrets(G, eid(2), secretsRow())
    })
  const move = (moved: Partial<MovedSecrets>, epoch = E) => writing(current, (mls) => mls.moveMessageSecrets(G, epoch, movedRow(moved)))
  const stored = (epoch = E) => current().mls.messageSecrets(G, epoch)

  describe('message secrets', () => {
    test('come back whole, in order', () => {
      const given = secretsRow({
        nodes: [nodeSecret(6), nodeSecret(1)],
        ratchets: [step(3, 'application', 1), step(3, 'handshake', 0), step(2, 'application', 4), step(2, 'handshake', 0)],
        skipped: [step(2, 'application', 3), step(2, 'application', 1)],
      })
      writing(current, (mls) => {
        mls.putEpoch(epochRow())
        mls.putMessageSecrets(G, E, given)
      })
      expect(stored()).toEqual(
        secretsRow({ ratchets: [step(2, 'handshake', 0), step(2, 'application', 4), step(3, 'handshake', 0), step(3, 'application', 1)] }),
      )
      expect(current().mls.ratchets(G, E, 2)).toEqual([step(2, 'handshake', 0), step(2, 'application', 4)])
      expect(current().mls.ratchets(G, E, 1)).toEqual([])
    })

    test('may be used up to the last', () => {
      const empty = secretsRow({ nodes: [], ratchets: [], skipped: [] })
      writing(current, (mls) => {
        mls.putEpoch(epochRow())
        mls.putMessageSecrets(G, E, empty)
      })
      expect(stored()).toEqual(empty)
    })

    test('are never put over those that are there, not even the same', () => {
      begin()
      expect(() => writing(current, (mls) => mls.putMessageSecrets(G, E, secretsRow()))).toThrow(InvariantError)
      expect(stored()).toEqual(secretsRow())
    })

    test('of an epoch that is not there are refused', () => {
      expect(() => writing(current, (mls) => mls.putMessageSecrets(G, E, secretsRow()))).toThrow(InvariantError)
      expect(stored()).toBeNull()
    })
  })

  describe('a move', () => {
    test('of one ratchet changes that ratchet and nothing else', () => {
      begin()
      move({ ratchets: [step(2, 'application', 5)] })
      expect(stored()).toEqual(secretsRow({ ratchets: [step(2, 'handshake', 0), step(2, 'application', 5)] }))
      expect(stored(eid(2))).toEqual(secretsRow())
    })

    test('opens a sender: a node is used, others and two ratchets are added', () => {
      begin()
      move({
        nodes: { used: [1], added: [nodeSecret(0)] },
        ratchets: [step(1, 'handshake', 0), step(1, 'application', 1)],
      })
      expect(stored()?.nodes).toEqual([nodeSecret(0), nodeSecret(6)])
      expect(current().mls.ratchets(G, E, 1)).toEqual([step(1, 'handshake', 0), step(1, 'application', 1)])
    })

    test('uses skipped keys and adds others', () => {
      begin()
      move({ skipped: { used: [{ leaf: 2, kind: 'application', generation: 1 }], added: [step(2, 'application', 2)] } })
      expect(stored()?.skipped).toEqual([step(2, 'application', 2), step(2, 'application', 3)])
    })

    test('of nothing does nothing', () => {
      begin()
      move({})
      expect(stored()).toEqual(secretsRow())
    })

    const refused: [string, Partial<MovedSecrets>][] = [
      ['brings a ratchet back', { ratchets: [step(2, 'application', 3)] }],
      ['puts another secret where a ratchet stands', { ratchets: [step(2, 'application', 4, 9)] }],
      ['uses a node that was used', { nodes: { used: [0], added: [] } }],
      ['adds a node that is there', { nodes: { used: [], added: [nodeSecret(6, 9)] } }],
      ['uses a skipped key twice', { skipped: { used: [{ leaf: 2, kind: 'application', generation: 0 }], added: [] } }],
      ['uses a skipped key of the other ratchet', { skipped: { used: [{ leaf: 2, kind: 'handshake', generation: 1 }], added: [] } }],
      ['adds a skipped key that is there', { skipped: { used: [], added: [step(2, 'application', 3, 9)] } }],
      ['is of another epoch', { name: secretOf(2).subarray(0, 16), ratchets: [step(2, 'application', 5)] }],
    ]
    test.each(refused)('that %s is refused, and with it the whole transaction', (_, moved) => {
      begin()
      const attempt = () =>
        writing(current, (mls) => {
          mls.moveMessageSecrets(G, eid(2), movedRow({ ratchets: [step(2, 'application', 9)] }))
          mls.moveMessageSecrets(G, E, movedRow(moved))
        })
      expect(attempt).toThrow(InvariantError)
      expect([stored(), stored(eid(2))]).toEqual([secretsRow(), secretsRow()])
    })

    test('made twice is refused the second time: no generation is used twice', () => {
      begin()
      const once = { ratchets: [step(2, 'application', 5)] }
      move(once)
      expect(() => move(once)).toThrow(InvariantError)
    })

    test('in an epoch without message secrets, or that is not there, is refused', () => {
      writing(current, (mls) => mls.putEpoch(epochRow()))
      for (const epoch of [E, eid(3)]) expect(() => move({}, epoch)).toThrow(InvariantError)
    })
  })
}
