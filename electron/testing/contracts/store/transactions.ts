import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../kernel/errors.ts'
import type { Repositories } from '../../../ports/store.ts'
import type { CurrentStore } from './current-store.ts'
import {
  channelRow,
  groupId,
  groupRow,
  invitationId,
  joinRow,
  memberRow,
  messageRow,
  objectId,
  objectRow,
  peerRow,
  spaceRow,
  memberId,
  SELF,
  joinId,
  channelId,
} from './rows.ts'

const one = Uint8Array.of(1)

/** One write of every kind there is. */
const writes: Record<string, (tx: Repositories) => unknown> = {
  'settings.set': (tx) => tx.settings.set('name', one),
  'settings.delete': (tx) => tx.settings.delete('name'),
  'identities.put': (tx) => tx.identities.put(groupId(1), one),
  'groups.put': (tx) => tx.groups.put(groupRow()),
  'objects.put': (tx) => tx.objects.put(objectRow(1)),
  'objects.put, again': (tx) => tx.objects.put(objectRow(1)),
  'deliveries.owe': (tx) => tx.deliveries.owe(objectId(1), groupId(1), [memberId(1)]),
  'deliveries.ack': (tx) => tx.deliveries.ack(objectId(1), memberId(1), 5),
  'deliveries.owe, to nobody': (tx) => tx.deliveries.owe(objectId(1), groupId(1), []),
  'deliveries.ackThrough': (tx) => tx.deliveries.ackThrough(groupId(1), SELF, memberId(1), 9, 5),
  'senders.put': (tx) => tx.senders.put({ groupId: groupId(1), memberId: SELF, seq: 1, ahead: [], lastObject: null }),
  'deliveries.move': (tx) => tx.deliveries.move(objectId(1), objectId(1)),
  'messages.setFailure': (tx) => tx.messages.setFailure(objectId(1), 'why'),
  'messages.move': (tx) => tx.messages.move(objectId(1), objectId(1)),
  'messages.add': (tx) => tx.messages.add(messageRow(1)),
  'messages.markRead': (tx) => tx.messages.markRead(channelId(1), 1),
  'directory.replace': (tx) => tx.directory.replace(spaceRow(), [channelRow(1)], [memberRow(1)]),
  'peers.put': (tx) => tx.peers.put(peerRow(1)),
  'invitations.putLink': (tx) => tx.invitations.putLink(groupId(1), invitationId(1), 'link'),
  'invitations.putGrant': (tx) => tx.invitations.putGrant(groupId(1), 'request', one, 5),
  'joins.put': (tx) => tx.joins.put(joinRow(1)),
  'joins.delete': (tx) => tx.joins.delete(joinId(1)),
  'objects.prune': (tx) => tx.objects.prune(5000, 5000),
  'deliveries.forgive': (tx) => tx.deliveries.forgive(groupId(1), memberId(1)),
}

/** Everything that can be read, as one value. */
const everything = (store: Repositories) => ({
  setting: store.settings.get('name'),
  identity: store.identities.get(groupId(1)),
  groups: store.groups.list(),
  object: store.objects.get(objectId(1)),
  deliveries: store.deliveries.of(objectId(1)),
  senders: store.senders.list(groupId(1)),
  page: store.messages.page(channelId(1), 10, null),
  unread: store.messages.unread(channelId(1)),
  spaces: store.directory.spaces(),
  channels: store.directory.channels(groupId(1)),
  members: store.directory.members(groupId(1)),
  peers: store.peers.list(),
  link: store.invitations.link(groupId(1), invitationId(1)),
  grant: store.invitations.grant(groupId(1), 'request'),
  joins: store.joins.list(),
})

export function transactionContract(current: CurrentStore): void {
  describe('transactions', () => {
    test('answer what the work answers, and what was written stays', () => {
      const store = current()
      expect(store.transaction((tx) => (tx.settings.set('a', one), 7))).toBe(7)
      expect(store.settings.get('a')).toEqual(one)
    })

    test('show their own writes before they end', () => {
      current().transaction((tx) => {
        tx.settings.set('a', one)
        expect(tx.settings.get('a')).toEqual(one)
      })
    })

    test('throw the same error and change nothing when the work throws, whatever was written', () => {
      const store = current()
      const empty = everything(store)
      const fault = new Error('planned')
      const doomed = (): void =>
        store.transaction((tx) => {
          for (const write of Object.values(writes)) write(tx)
          throw fault
        })
      expect(doomed).toThrow(fault)
      expect(everything(store)).toEqual(empty)
    })

    test('that fail leave what was there before, changed and deleted rows included', () => {
      const store = current()
      store.transaction((tx) => {
        for (const write of Object.values(writes)) write(tx)
        tx.settings.set('name', Uint8Array.of(9))
        tx.joins.put(joinRow(1, { attempts: 3 }))
      })
      const before = everything(store)
      expect(before.joins).toHaveLength(1)
      const doomed = (): void =>
        store.transaction((tx) => {
          tx.settings.set('name', one)
          for (const write of Object.values(writes)) write(tx)
          throw new Error('planned')
        })
      expect(doomed).toThrow('planned')
      expect(everything(store)).toEqual(before)
    })

    test('can follow one that failed', () => {
      const store = current()
      expect(() =>
        store.transaction(() => {
          throw new Error('planned')
        }),
      ).toThrow('planned')
      store.transaction((tx) => tx.settings.set('a', one))
      expect(store.settings.get('a')).toEqual(one)
    })

    test('that write are told by another number, those that are undone too, and reading is not', () => {
      const store = current()
      const seen = new Set([store.changes()])
      const look = (): void => {
        expect(seen).not.toContain(store.changes())
        seen.add(store.changes())
      }
      for (const write of [writes['groups.put'], writes['senders.put'], writes['joins.put'], writes['joins.delete']]) {
        store.transaction((tx) => write?.(tx))
        look()
      }
      const doomed = (): void =>
        store.transaction((tx) => {
          for (const setting of ['a', 'b']) {
            tx.settings.set(setting, one)
            look()
          }
          throw new Error('planned')
        })
      expect(doomed).toThrow('planned')
      look()
      everything(store)
      store.transaction((tx) => everything(tx))
      expect(seen).toContain(store.changes())
    })

    test('do not nest, and the attempt undoes the outer one', () => {
      const store = current()
      const nested = (): void =>
        store.transaction((tx) => {
          tx.settings.set('a', one)
          store.transaction(() => undefined)
        })
      expect(nested).toThrow(InvariantError)
      expect(store.settings.get('a')).toBeNull()
    })

    test('cannot wait: work that answers a promise is undone', () => {
      const store = current()
      const waiting = (): unknown =>
        store.transaction((tx) => {
          tx.settings.set('a', one)
          return Promise.resolve()
        })
      expect(waiting).toThrow(InvariantError)
      expect(store.settings.get('a')).toBeNull()
    })

    test.each(Object.keys(writes))('%s outside a transaction is refused and changes nothing', (name) => {
      const store = current()
      if (name !== 'deliveries.owe' && name !== 'objects.put')
        store.transaction((tx) => Object.values(writes).forEach((write) => write(tx)))
      const before = everything(store)
      expect(() => writes[name]?.(store)).toThrow(InvariantError)
      expect(everything(store)).toEqual(before)
    })

    test('a repository kept from a transaction is of no use after it', () => {
      const store = current()
      const kept = store.transaction((tx) => tx)
      expect(() => kept.settings.set('a', one)).toThrow(InvariantError)
      expect(store.settings.get('a')).toBeNull()
    })
  })

  describe('closing', () => {
    test('twice is harmless, and everything after it fails as stopping', () => {
      const store = current()
      store.close()
      store.close()
      expect(() => store.settings.get('a')).toThrow(expect.objectContaining({ code: 'stopping' }))
      expect(() => store.transaction(() => undefined)).toThrow(expect.objectContaining({ code: 'stopping' }))
      expect(() => store.changes()).toThrow(expect.objectContaining({ code: 'stopping' }))
    })

    test('inside a transaction is refused', () => {
      const store = current()
      expect(() => store.transaction(() => store.close())).toThrow(InvariantError)
      expect(store.settings.get('a')).toBeNull()
    })
  })
}
