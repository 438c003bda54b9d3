import { describe, expect, test } from 'vitest'
import type { SpaceId } from '../../../../shared/domain/ids.ts'
import type { JoinState } from '../../../../shared/domain/models.ts'
import type { CurrentStore } from './current-store.ts'
import { groupId, invitationId, joinId, joinRow } from './rows.ts'

const states: JoinState[] = [
  { kind: 'working', step: 'admitting' },
  { kind: 'waiting', step: 'connecting', code: 'unreachable', message: 'Nobody answers.', retryAt: 12 },
  { kind: 'refused', code: 'invitation-used-up', message: 'All uses are gone.' },
  { kind: 'cancelled' },
  { kind: 'done', spaceId: groupId(1) as string as SpaceId },
]

export function valueContract(current: CurrentStore): void {
  describe('settings', () => {
    test('are null until set, replaced when set again, gone when deleted', () => {
      const store = current()
      expect(store.settings.get('k')).toBeNull()
      store.transaction((tx) => tx.settings.set('k', Uint8Array.of(1)))
      store.transaction((tx) => tx.settings.set('k', Uint8Array.of(2)))
      expect(store.settings.get('k')).toEqual(Uint8Array.of(2))
      store.transaction((tx) => tx.settings.delete('k'))
      expect(store.settings.get('k')).toBeNull()
    })

    test('deleting what is not there is no error', () => {
      expect(() => current().transaction((tx) => tx.settings.delete('nothing'))).not.toThrow()
    })

    test('may be empty', () => {
      const store = current()
      store.transaction((tx) => tx.settings.set('k', new Uint8Array()))
      expect(store.settings.get('k')).toEqual(new Uint8Array())
    })

    test('keep bytes as they were given, not the buffer: neither side can change the stored value', () => {
      const store = current()
      const given = Uint8Array.of(1, 2, 3)
      store.transaction((tx) => tx.settings.set('k', given))
      given.fill(0)
      store.settings.get('k')?.fill(9)
      expect(store.settings.get('k')).toEqual(Uint8Array.of(1, 2, 3))
    })

    test('keep a part of a larger buffer as that part', () => {
      const store = current()
      store.transaction((tx) => tx.settings.set('k', Uint8Array.of(1, 2, 3, 4).subarray(1, 3)))
      expect(store.settings.get('k')).toEqual(Uint8Array.of(2, 3))
    })
  })

  describe('identities', () => {
    test('are one for each group', () => {
      const store = current()
      store.transaction((tx) => {
        tx.identities.put(groupId(1), Uint8Array.of(1))
        tx.identities.put(groupId(2), Uint8Array.of(2))
        tx.identities.put(groupId(1), Uint8Array.of(3))
      })
      expect(store.identities.get(groupId(1))).toEqual(Uint8Array.of(3))
      expect(store.identities.get(groupId(2))).toEqual(Uint8Array.of(2))
      expect(store.identities.get(groupId(3))).toBeNull()
    })
  })

  describe('invitations', () => {
    test('keep a link for each group and invitation', () => {
      const store = current()
      store.transaction((tx) => {
        tx.invitations.putLink(groupId(1), invitationId(1), 'first')
        tx.invitations.putLink(groupId(1), invitationId(2), 'second')
      })
      expect(store.invitations.link(groupId(1), invitationId(1))).toBe('first')
      expect(store.invitations.link(groupId(1), invitationId(2))).toBe('second')
      expect(store.invitations.link(groupId(2), invitationId(1))).toBeNull()
    })

    test('answer a granted request with the same Welcome until another replaces it', () => {
      const store = current()
      expect(store.invitations.grant(groupId(1), 'r')).toBeNull()
      store.transaction((tx) => tx.invitations.putGrant(groupId(1), 'r', Uint8Array.of(1), 5))
      expect(store.invitations.grant(groupId(1), 'r')).toEqual(Uint8Array.of(1))
      expect(store.invitations.grant(groupId(2), 'r')).toBeNull()
      store.transaction((tx) => tx.invitations.putGrant(groupId(1), 'r', Uint8Array.of(2), 6))
      expect([store.invitations.grantedAt(groupId(1), 'r'), store.invitations.grantedAt(groupId(1), 's')]).toEqual([6, null])
      expect(store.invitations.grant(groupId(1), 'r')).toEqual(Uint8Array.of(2))
    })
  })

  describe('joins', () => {
    test.each(states.map((state) => [state.kind, state] as const))('come back whole in state %s', (_kind, state) => {
      const store = current()
      const row = joinRow(1, { state, attempts: 4 })
      store.transaction((tx) => tx.joins.put(row))
      expect(store.joins.get(joinId(1))).toEqual(row)
    })

    test('are listed by when they started, and gone when deleted', () => {
      const store = current()
      store.transaction((tx) => {
        tx.joins.put(joinRow(3, { startedAt: 1 }))
        tx.joins.put(joinRow(1, { startedAt: 2 }))
        tx.joins.put(joinRow(2, { startedAt: 2 }))
      })
      expect(store.joins.list().map((r) => r.joinId)).toEqual([joinId(3), joinId(1), joinId(2)])
      store.transaction((tx) => tx.joins.delete(joinId(1)))
      expect(store.joins.get(joinId(1))).toBeNull()
      expect(store.joins.list()).toHaveLength(2)
    })

    test('are replaced by a later put, key material included', () => {
      const store = current()
      store.transaction((tx) => tx.joins.put(joinRow(1)))
      const ended = joinRow(1, {
        state: { kind: 'cancelled' },
        identity: Uint8Array.of(8),
        spaceName: 'Other',
      })
      store.transaction((tx) => tx.joins.put(ended))
      expect(store.joins.list()).toEqual([ended])
    })
  })
}
