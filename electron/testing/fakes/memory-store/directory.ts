import type { ChannelRow, DirectoryRepository, MemberRow, PeerRepository, PeerRow, SpaceRow } from '../../../ports/store.ts'
import { type Journal, Table, by } from './table.ts'

export function memoryDirectory(journal: Journal): DirectoryRepository {
  const spaces = new Table<SpaceRow>(journal)
  const channels = new Table<ChannelRow>(journal)
  const members = new Table<MemberRow>(journal)
  return {
    spaces: () =>
      spaces
        .where(() => true)
        .sort(
          by(
            (r) => r.createdAt,
            (r) => r.groupId,
          ),
        ),
    under: (parent) =>
      spaces
        .where((r) => r.parent === parent)
        .sort(
          by(
            (r) => r.createdAt,
            (r) => r.groupId,
          ),
        ),
    space: (groupId) => spaces.get(groupId),
    channels: (groupId) =>
      channels
        .where((r) => r.groupId === groupId)
        .sort(
          by(
            (r) => r.position,
            (r) => r.channelId,
          ),
        ),
    channel: (channelId) => channels.get(channelId),
    members: (groupId) => members.where((r) => r.groupId === groupId).sort(by((r) => r.memberId)),
    member: (groupId, memberId) => members.get(groupId, memberId),
    replace: (space, newChannels, newMembers) => {
      const { groupId } = space
      spaces.set(space, groupId)
      for (const c of channels.where((r) => r.groupId === groupId)) channels.delete(c.channelId)
      for (const c of newChannels) if (!channels.has(c.channelId)) channels.set({ ...c, groupId }, c.channelId)
      for (const m of members.where((r) => r.groupId === groupId)) members.set({ ...m, active: false }, groupId, m.memberId)
      for (const m of newMembers) members.set({ ...m, groupId }, groupId, m.memberId)
    },
  }
}

export function memoryPeers(journal: Journal): PeerRepository {
  const rows = new Table<PeerRow>(journal)
  return {
    list: () =>
      rows
        .where(() => true)
        .sort(
          by(
            (r) => r.groupId,
            (r) => r.memberId,
          ),
        ),
    ofGroup: (groupId) => rows.where((r) => r.groupId === groupId).sort(by((r) => r.memberId)),
    put: (row) => {
      const isKnown = rows.get(row.groupId, row.memberId)?.seenAt != null
      if (row.seenAt !== null || !isKnown) rows.set(row, row.groupId, row.memberId)
    },
  }
}
