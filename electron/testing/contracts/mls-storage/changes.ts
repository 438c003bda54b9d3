import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../kernel/errors.ts'
import type { CurrentStore } from '../store/current-store.ts'
import { eid, groupId } from '../store/rows.ts'
import { E, G, bytesOf, epochRow, proposalRow, writing } from './rows.ts'

export function mlsChangeContract(current: CurrentStore): void {
  const begin = () =>
    writing(current, (mls) => {
      mls.putEpoch(epochRow())
      mls.putEpoch(epochRow({ eid: eid(2) }))
      mls.putEpoch(epochRow({ groupId: groupId(2) }))
    })

  describe('queued proposals', () => {
    const queue = (...numbers: number[]) =>
      writing(current, (mls) => {
        for (const n of numbers) mls.queueProposal(G, E, proposalRow(n))
      })
    const queued = (epoch = E) => current().mls.queuedProposals(G, epoch)

    test('come back in the order they were queued, in their epoch alone', () => {
      begin()
      queue(3, 1, 2)
      expect(queued()).toEqual([proposalRow(3), proposalRow(1), proposalRow(2)])
      expect([queued(eid(2)), queued(eid(7)), current().mls.queuedProposals(groupId(2), E)]).toEqual([[], [], []])
    })

    test('keep their place when they come twice', () => {
      begin()
      queue(3, 1, 3)
      expect(queued()).toEqual([proposalRow(3), proposalRow(1)])
    })

    test('can be taken out one by one, and put at the end again', () => {
      begin()
      queue(1, 2, 3)
      writing(current, (mls) => {
        mls.removeProposal(G, E, proposalRow(1).reference)
        mls.removeProposal(G, E, proposalRow(9).reference)
        mls.removeProposal(G, eid(2), proposalRow(2).reference)
      })
      queue(1)
      expect(queued()).toEqual([proposalRow(2), proposalRow(3), proposalRow(1)])
    })

    test('are cleared for one epoch', () => {
      begin()
      queue(1, 2)
      writing(current, (mls) => {
        mls.queueProposal(G, eid(2), proposalRow(1))
        mls.clearProposals(G, E)
        mls.clearProposals(G, eid(9))
      })
      expect([queued(), queued(eid(2))]).toEqual([[], [proposalRow(1)]])
    })

    test('of an epoch that is not there are refused', () => {
      expect(() => queue(1)).toThrow(InvariantError)
    })
  })

  describe('a pending commit', () => {
    const pending = (n: number, epoch = E) => ({ groupId: G, eid: epoch, commit: bytesOf(n, 1), next: bytesOf(n, 2) })

    test('is one for each group: another takes its place', () => {
      begin()
      const other = { ...pending(3), groupId: groupId(2) }
      writing(current, (mls) => {
        mls.putPendingCommit(pending(1))
        mls.putPendingCommit(other)
        mls.putPendingCommit(pending(2, eid(2)))
      })
      expect(current().mls.pendingCommit(G)).toEqual(pending(2, eid(2)))
      expect(current().mls.pendingCommit(groupId(2))).toEqual(other)
      expect(current().mls.pendingCommit(groupId(3))).toBeNull()
    })

    test('is gone once cleared, and clearing nothing is no error', () => {
      begin()
      writing(current, (mls) => mls.putPendingCommit(pending(1)))
      for (let i = 0; i < 2; i++) writing(current, (mls) => mls.clearPendingCommit(G))
      expect(current().mls.pendingCommit(G)).toBeNull()
    })

    test('goes with the epoch it leads out of, and not with another', () => {
      begin()
      writing(current, (mls) => {
        mls.putPendingCommit(pending(1))
        mls.deleteEpoch(G, eid(2))
      })
      expect(current().mls.pendingCommit(G)).toEqual(pending(1))
      writing(current, (mls) => mls.deleteEpoch(G, E))
      expect(current().mls.pendingCommit(G)).toBeNull()
    })

    test('out of an epoch that is not there is refused', () => {
      expect(() => writing(current, (mls) => mls.putPendingCommit(pending(1)))).toThrow(InvariantError)
    })
  })

  describe('exports', () => {
    const note = (label: string, context: Uint8Array, epoch = E) => writing(current, (mls) => mls.noteExport(G, epoch, { label, context }))

    test('are noted once: by epoch, label and context', () => {
      begin()
      expect(note('a', bytesOf(1))).toBe(true)
      expect(note('a', bytesOf(1))).toBe(false)
      expect([note('b', bytesOf(1)), note('a', bytesOf()), note('a', bytesOf(1), eid(2))]).toEqual([true, true, true])
      const was = (label: string, context: Uint8Array) => current().mls.wasExported(G, E, { label, context })
      expect([was('a', bytesOf(1)), was('a', bytesOf(2)), was('c', bytesOf(1))]).toEqual([true, false, false])
    })

    test('of an epoch that is not there are refused', () => {
      expect(() => note('a', bytesOf())).toThrow(InvariantError)
      expect(current().mls.wasExported(G, E, { label: 'a', context: bytesOf() })).toBe(false)
    })
  })
}
