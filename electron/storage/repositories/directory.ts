import type { ChannelRow, DirectoryRepository, MemberRow, SpaceRow } from '../../ports/store.ts'
import { flag, hexId, integer, nullableHexId, oneOf, optional, row, text } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'
import { idBytes } from '../sqlite/id-bytes.ts'

const SPACE = 'group_id AS groupId, kind, parent, name, created_at AS createdAt'
const CHANNEL = 'channel_id AS channelId, group_id AS groupId, name, kind, position'
const MEMBER = 'group_id AS groupId, member_id AS memberId, name, role, devices, active'

const decodeSpace = row<SpaceRow>({
  groupId: hexId,
  kind: oneOf('space', 'private', 'direct'),
  parent: nullableHexId,
  name: text,
  createdAt: integer,
})
const decodeChannel = row<ChannelRow>({
  channelId: hexId,
  groupId: hexId,
  name: text,
  kind: oneOf('open', 'private', 'pseudonymous'),
  position: integer,
})
const decodeMember = row<MemberRow>({
  groupId: hexId,
  memberId: hexId,
  name: text,
  role: oneOf('owner', 'admin', 'moderator', 'member', 'guest'),
  devices: integer,
  active: flag,
})

export function createDirectoryRepository(db: Connection): DirectoryRepository {
  const spaces = db.prepare(`SELECT ${SPACE} FROM spaces ORDER BY created_at, group_id`)
  const under = db.prepare(`SELECT ${SPACE} FROM spaces WHERE parent = ? ORDER BY created_at, group_id`)
  const space = db.prepare(`SELECT ${SPACE} FROM spaces WHERE group_id = ?`)
  const channels = db.prepare(`SELECT ${CHANNEL} FROM channels WHERE group_id = ? ORDER BY position, channel_id`)
  const channel = db.prepare(`SELECT ${CHANNEL} FROM channels WHERE channel_id = ?`)
  const members = db.prepare(`SELECT ${MEMBER} FROM members WHERE group_id = ? ORDER BY member_id`)
  const member = db.prepare(`SELECT ${MEMBER} FROM members WHERE group_id = ? AND member_id = ?`)
  return {
    spaces: () => spaces.all().map(decodeSpace),
    under: (parent) => under.all(idBytes(parent)).map(decodeSpace),
    space: (groupId) => optional(decodeSpace, space.get(idBytes(groupId))),
    channels: (groupId) => channels.all(idBytes(groupId)).map(decodeChannel),
    channel: (channelId) => optional(decodeChannel, channel.get(idBytes(channelId))),
    members: (groupId) => members.all(idBytes(groupId)).map(decodeMember),
    member: (groupId, memberId) => optional(decodeMember, member.get(idBytes(groupId), idBytes(memberId))),
    replace: createReplace(db),
  }
}

function createReplace(db: Connection): DirectoryRepository['replace'] {
  const putSpace = db.prepare(
    `INSERT INTO spaces (group_id, kind, parent, name, created_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET kind = excluded.kind, parent = excluded.parent, name = excluded.name, created_at = excluded.created_at`,
  )
  const dropChannels = db.prepare('DELETE FROM channels WHERE group_id = ?')
  // An id that is another group's channel stays that group's: group state is written by strangers.
  const addChannel = db.prepare(
    'INSERT INTO channels (channel_id, group_id, name, kind, position) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const retire = db.prepare('UPDATE members SET active = 0 WHERE group_id = ?')
  const putMember = db.prepare(
    `INSERT INTO members (group_id, member_id, name, role, devices, active) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET name = excluded.name, role = excluded.role, devices = excluded.devices, active = excluded.active`,
  )
  return (space, channels, members) => {
    putSpace.run(idBytes(space.groupId), space.kind, space.parent && idBytes(space.parent), space.name, space.createdAt)
    dropChannels.run(idBytes(space.groupId))
    for (const c of channels) addChannel.run(idBytes(c.channelId), idBytes(space.groupId), c.name, c.kind, c.position)
    retire.run(idBytes(space.groupId))
    for (const m of members) putMember.run(idBytes(space.groupId), idBytes(m.memberId), m.name, m.role, m.devices, m.active ? 1 : 0)
  }
}
