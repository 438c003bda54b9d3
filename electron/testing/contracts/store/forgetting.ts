import { describe, expect, test } from 'vitest'
import type { GroupId } from '../../../../shared/domain/ids.ts'
import type { Repositories } from '../../../ports/store.ts'
import { epochRow, secretsRow } from '../mls-storage/rows.ts'
import type { CurrentStore } from './current-store.ts'
import {
  channelId,
  channelRow,
  groupId,
  groupRow,
  invitationId,
  joinRow,
  memberId,
  memberRow,
  messageRow,
  objectId,
  objectRow,
  peerRow,
  SELF,
  spaceRow,
} from './rows.ts'

const OTHER = groupId(2)
const GONE = groupId(1)

/** A group with something of everything; `n` tells one from another. */
function live(tx: Repositories, group: GroupId, n: number): void {
  tx.groups.put(groupRow({ groupId: group }))
  tx.identities.put(group, Uint8Array.of(n))
  tx.mls.putEpoch({ ...epochRow(), groupId: group })
  tx.mls.putMessageSecrets(group, epochRow().eid, secretsRow())
  tx.directory.replace(spaceRow({ groupId: group }), [channelRow(n, { groupId: group })], [memberRow(1, { groupId: group })])
  for (let i = n * 100; i < n * 100 + 7; i++) {
    tx.objects.put(objectRow(i, { groupId: group }))
    tx.deliveries.owe(objectId(i), group, [memberId(1), memberId(2)])
    tx.messages.add(messageRow(i, { groupId: group, channelId: channelId(n), author: SELF, text: `bamboo ${n}` }))
  }
  tx.senders.put({ groupId: group, memberId: SELF, seq: 3, ahead: [], lastObject: null })
  tx.peers.put(peerRow(n, { groupId: group }))
  tx.invitations.putLink(group, invitationId(n), 'spacepanda:join/x')
  tx.invitations.putGrant(group, 'ab'.repeat(16), Uint8Array.of(1), 5)
  tx.joins.put(joinRow(n, { groupId: group }))
  tx.messages.setKeepDays(channelId(n), 30)
  tx.settings.set(`of/${group}`, Uint8Array.of(n))
}

/** What the port shows of a group. */
const shown = (store: Repositories, group: GroupId, n: number) => ({
  group: store.groups.get(group),
  identity: store.identities.get(group),
  epochs: store.mls.epochs(group),
  space: store.directory.space(group),
  channels: store.directory.channels(group),
  members: store.directory.members(group),
  objects: store.objects.since(group, 0, null, 100),
  known: store.objects.has(group, objectId(n * 100)),
  deliveries: store.deliveries.of(objectId(n * 100)),
  queued: store.deliveries.queued().filter((q) => q.channelId === channelId(n)),
  messages: store.messages.page(channelId(n), 100, null).messages,
  found: find(store, group),
  keepDays: store.messages.keepDays(channelId(n)),
  senders: store.senders.list(group),
  peers: store.peers.ofGroup(group),
  link: store.invitations.link(group, invitationId(n)),
  grant: store.invitations.grant(group, 'ab'.repeat(16)),
  joins: store.joins.list().filter((j) => j.groupId === group),
})

const find = (store: Repositories, group: GroupId): number =>
  store.search.find({
    terms: [{ words: 'bamboo', prefix: false }],
    groups: [group],
    channelId: null,
    order: 'newest',
    limit: 100,
    before: null,
  }).messages.length

export function forgettingContract(current: CurrentStore): void {
  describe('forgetting a group', () => {
    const begin = () => {
      const store = current()
      store.transaction((tx) => {
        live(tx, GONE, 1)
        live(tx, OTHER, 2)
      })
      while (store.transaction((tx) => tx.search.indexMore(100)));
      return store
    }
    const forget = (limit: number): void => {
      const store = current()
      for (let steps = 0; store.transaction((tx) => tx.groups.forget(GONE, limit)); steps++)
        if (steps > 100) throw new Error('it never comes to an end')
    }

    test.each([1, 3, 1_000])('leaves nothing of it, %i at a time, and all of the others', (limit) => {
      const store = begin()
      const other = shown(store, OTHER, 2)
      expect(other).toMatchObject({ found: 7, known: true })
      forget(limit)
      expect(shown(store, OTHER, 2)).toEqual(other)
      const gone = shown(store, GONE, 1)
      for (const [what, value] of Object.entries(gone)) expect([what, value]).toEqual([what, emptied(value)])
      expect(store.settings.get(`of/${GONE}`)).toEqual(Uint8Array.of(1))
    })

    test('can be done twice, and the group can be there again', () => {
      const store = begin()
      const before = shown(store, GONE, 1)
      forget(2)
      forget(2)
      store.transaction((tx) => live(tx, GONE, 1))
      expect({ ...shown(store, GONE, 1), messages: [] }).toEqual({ ...before, messages: [] })
      expect(store.messages.page(channelId(1), 100, null).messages.map((m) => m.messageId)).toEqual(before.messages.map((m) => m.messageId))
    })

    test('undone, is as if it had not been', () => {
      const store = begin()
      const before = shown(store, GONE, 1)
      expect(() =>
        store.transaction((tx) => {
          while (tx.groups.forget(GONE, 3));
          throw new Error('no')
        }),
      ).toThrow('no')
      expect(shown(store, GONE, 1)).toEqual(before)
    })
  })
}

const emptied = (value: unknown): unknown =>
  Array.isArray(value) ? [] : typeof value === 'number' ? 0 : typeof value === 'boolean' ? false : null
