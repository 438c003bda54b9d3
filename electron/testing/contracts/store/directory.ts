import { describe, expect, test } from 'vitest'
import type { CurrentStore } from './current-store.ts'
import { channelId, channelRow, groupId, memberId, memberRow, peerId, peerRow, spaceRow } from './rows.ts'

export function directoryContract(current: CurrentStore): void {
  describe('the directory', () => {
    test('answers what it was given, channels by position, members by id', () => {
      const store = current()
      const channels = [channelRow(1, { position: 9 }), channelRow(2, { kind: 'private', position: 3 }), channelRow(3, { position: 3 })]
      const members = [memberRow(2, { role: 'guest', devices: 2 }), memberRow(1, { role: 'owner' })]
      store.transaction((tx) => tx.directory.replace(spaceRow(), channels, members))
      expect(store.directory.space(groupId(1))).toEqual(spaceRow())
      expect(store.directory.channels(groupId(1))).toEqual([channels[1], channels[2], channels[0]])
      expect(store.directory.channel(channelId(2))).toEqual(channels[1])
      expect(store.directory.members(groupId(1))).toEqual([members[1], members[0]])
      expect(store.directory.member(groupId(1), memberId(2))).toEqual(members[0])
    })

    test('answers nothing of what it does not know', () => {
      const { directory } = current()
      expect([directory.space(groupId(1)), directory.channel(channelId(1)), directory.member(groupId(1), memberId(1))]).toEqual([
        null,
        null,
        null,
      ])
      expect([directory.spaces(), directory.channels(groupId(1)), directory.members(groupId(1))]).toEqual([[], [], []])
    })

    test('lists spaces by when they were made, then by id', () => {
      const store = current()
      store.transaction((tx) => {
        tx.directory.replace(spaceRow({ groupId: groupId(2) }), [], [])
        tx.directory.replace(spaceRow({ groupId: groupId(1) }), [], [])
        tx.directory.replace(spaceRow({ groupId: groupId(3), createdAt: 1 }), [], [])
      })
      expect(store.directory.spaces().map((s) => s.groupId)).toEqual([groupId(3), groupId(1), groupId(2)])
    })

    test('lists what is under a space, and nothing else', () => {
      const store = current()
      const [first, second] = [
        spaceRow({ groupId: groupId(3), kind: 'direct', parent: groupId(1) }),
        spaceRow({ groupId: groupId(2), kind: 'private', parent: groupId(1), createdAt: 2000 }),
      ]
      store.transaction((tx) => {
        tx.directory.replace(second, [channelRow(2, { groupId: groupId(2), kind: 'private' })], [])
        tx.directory.replace(first, [], [])
        tx.directory.replace(spaceRow(), [], [])
        tx.directory.replace(spaceRow({ groupId: groupId(4), kind: 'private', parent: groupId(5) }), [], [])
      })
      expect(store.directory.under(groupId(1))).toEqual([first, second])
      expect(store.directory.under(groupId(2))).toEqual([])
      expect(store.directory.space(groupId(2))).toEqual(second)
    })

    test('replaces a group: names change, channels go, members that left stay as inactive', () => {
      const store = current()
      store.transaction((tx) => tx.directory.replace(spaceRow(), [channelRow(1), channelRow(2)], [memberRow(1), memberRow(2)]))
      store.transaction((tx) =>
        tx.directory.replace(
          spaceRow({ name: 'Park' }),
          [channelRow(2, { name: 'renamed' }), channelRow(3)],
          [memberRow(1, { name: 'Ann B.', role: 'admin' }), memberRow(3)],
        ),
      )
      expect(store.directory.space(groupId(1))?.name).toBe('Park')
      expect(store.directory.channels(groupId(1)).map((c) => c.name)).toEqual(['renamed', 'channel-3'])
      expect(store.directory.channel(channelId(1))).toBeNull()
      expect(store.directory.members(groupId(1))).toEqual([
        memberRow(1, { name: 'Ann B.', role: 'admin' }),
        memberRow(2, { active: false }),
        memberRow(3),
      ])
    })

    test('takes back a member that was gone', () => {
      const store = current()
      store.transaction((tx) => tx.directory.replace(spaceRow(), [], [memberRow(1)]))
      store.transaction((tx) => tx.directory.replace(spaceRow(), [], []))
      expect(store.directory.member(groupId(1), memberId(1))?.active).toBe(false)
      store.transaction((tx) => tx.directory.replace(spaceRow(), [], [memberRow(1)]))
      expect(store.directory.member(groupId(1), memberId(1))?.active).toBe(true)
    })

    test('leaves other groups alone', () => {
      const store = current()
      const other = { space: spaceRow({ groupId: groupId(2) }), channel: channelRow(9, { groupId: groupId(2) }) }
      const theirs = memberRow(1, { groupId: groupId(2) })
      store.transaction((tx) => tx.directory.replace(other.space, [other.channel], [theirs]))
      store.transaction((tx) => tx.directory.replace(spaceRow(), [], []))
      expect(store.directory.channels(groupId(2))).toEqual([other.channel])
      expect(store.directory.members(groupId(2))).toEqual([theirs])
    })

    test("does not let one group take another's channel by naming its id", () => {
      const store = current()
      store.transaction((tx) => tx.directory.replace(spaceRow(), [channelRow(1)], []))
      const thief = spaceRow({ groupId: groupId(2), name: 'Thief' })
      const stolen = channelRow(1, { groupId: groupId(2), name: 'stolen' })
      store.transaction((tx) => tx.directory.replace(thief, [stolen, channelRow(5, { groupId: groupId(2) })], []))
      expect(store.directory.channel(channelId(1))).toEqual(channelRow(1))
      expect(store.directory.channels(groupId(2)).map((c) => c.channelId)).toEqual([channelId(5)])
    })
  })

  describe('peers', () => {
    test('are one for each group and member, listed in that order', () => {
      const store = current()
      const rows = [peerRow(2), peerRow(1), peerRow(1, { groupId: groupId(2), addresses: [], seenAt: 4 })]
      store.transaction((tx) => rows.forEach((row) => tx.peers.put(row)))
      expect(store.peers.list()).toEqual([rows[1], rows[0], rows[2]])
      expect(store.peers.ofGroup(groupId(1))).toEqual([rows[1], rows[0]])
    })

    test('seen replace hearsay, newer hearsay replaces hearsay, hearsay never replaces what was seen', () => {
      const store = current()
      const put = (row: Parameters<typeof peerRow>[1]): void => store.transaction((tx) => tx.peers.put(peerRow(1, row)))
      const now = () => store.peers.ofGroup(groupId(1))[0]
      put({ addresses: ['/first'] })
      put({ addresses: ['/second'] })
      expect(now()?.addresses).toEqual(['/second'])
      put({ addresses: ['/seen'], peerId: peerId(7), seenAt: 10 })
      expect(now()).toEqual(peerRow(1, { addresses: ['/seen'], peerId: peerId(7), seenAt: 10 }))
      put({ addresses: ['/rumour'], peerId: peerId(8) })
      expect(now()).toEqual(peerRow(1, { addresses: ['/seen'], peerId: peerId(7), seenAt: 10 }))
      put({ addresses: ['/moved'], seenAt: 20 })
      expect(now()).toEqual(peerRow(1, { addresses: ['/moved'], seenAt: 20 }))
    })
  })
}
