import type { ChannelId, Eid, GroupId, InvitationId, JoinId, MemberId, MessageId, ObjectId, PeerId } from '../../../../shared/domain/ids.ts'
import type {
  ChannelRow,
  GroupRow,
  JoinRow,
  MemberRow,
  MessageRow,
  ObjectRow,
  PeerRow,
  Repositories,
  SpaceRow,
  StoredMessage,
} from '../../../ports/store.ts'

/** Ids that differ by a number, and rows in which everything not named is ordinary. */

const hex = (prefix: string, n: number, length = 32): string => prefix + n.toString(16).padStart(length - prefix.length, '0')

export const groupId = (n: number): GroupId => hex('a0', n) as GroupId
export const memberId = (n: number): MemberId => hex('b0', n) as MemberId
export const channelId = (n: number): ChannelId => hex('c0', n) as ChannelId
export const messageId = (n: number): MessageId => hex('d0', n) as MessageId
export const eid = (n: number): Eid => hex('e0', n) as Eid
export const objectId = (n: number): ObjectId => hex('f0', n, 64) as ObjectId
export const peerId = (n: number): PeerId => `12D3KooW${n}` as PeerId
export const invitationId = (n: number): InvitationId => hex('10', n) as InvitationId
export const joinId = (n: number): JoinId => hex('20', n) as JoinId

/** This device's own member in every test. */
export const SELF = memberId(0)

export const groupRow = (row: Partial<GroupRow> = {}): GroupRow => ({
  groupId: groupId(1),
  tip: eid(1),
  epoch: 0,
  joinedEpoch: 0,
  selfMemberId: SELF,
  sentSeq: 0,
  sentObject: null,
  returning: false,
  createdAt: 1000,
  ...row,
})

export const objectRow = (n: number, row: Partial<ObjectRow> = {}): ObjectRow => ({
  objectId: objectId(n),
  groupId: groupId(1),
  kind: 'message',
  eid: eid(1),
  epoch: 0,
  sender: SELF,
  senderSeq: n,
  bytes: Uint8Array.of(n % 256, 1, 2),
  storedAt: 1000 + n,
  ...row,
})

export const messageRow = (n: number, row: Partial<MessageRow> = {}): MessageRow => ({
  messageId: messageId(n),
  groupId: groupId(1),
  channelId: channelId(1),
  objectId: objectId(n),
  author: memberId(1),
  sentAt: 1000 + n,
  lamport: n,
  text: `text ${n}`,
  fileNames: [],
  replyTo: null,
  content: Uint8Array.of(0xa0, n % 256),
  failure: null,
  ...row,
})

export const spaceRow = (row: Partial<SpaceRow> = {}): SpaceRow => ({
  ...{ groupId: groupId(1), kind: 'space', parent: null, name: 'Garden', createdAt: 1000 },
  ...row,
})

export const channelRow = (n: number, row: Partial<ChannelRow> = {}): ChannelRow => ({
  channelId: channelId(n),
  groupId: groupId(1),
  name: `channel-${n}`,
  kind: 'open',
  position: n,
  ...row,
})

export const memberRow = (n: number, row: Partial<MemberRow> = {}): MemberRow => ({
  groupId: groupId(1),
  memberId: memberId(n),
  name: `Member ${n}`,
  role: 'member',
  devices: 1,
  active: true,
  ...row,
})

export const peerRow = (n: number, row: Partial<PeerRow> = {}): PeerRow => ({
  seq: n,
  record: Uint8Array.of(n, 1),
  groupId: groupId(1),
  memberId: memberId(n),
  peerId: peerId(n),
  addresses: [`/ip4/127.0.0.1/tcp/${4000 + n}`],
  seenAt: null,
  ...row,
})

export const joinRow = (n: number, row: Partial<JoinRow> = {}): JoinRow => ({
  joinId: joinId(n),
  link: 'spacepanda:join/x',
  groupId: groupId(n),
  spaceName: 'Garden',
  memberName: 'Bob',
  requestId: hex('30', n),
  identity: Uint8Array.of(1),
  state: { kind: 'working', step: 'connecting' },
  attempts: 0,
  startedAt: 1000 + n,
  expiresAt: 9000,
  ...row,
})

/** A message with the object that carries it. */
export function addMessage(tx: Repositories, row: MessageRow): StoredMessage | null {
  tx.objects.put(objectRow(0, { objectId: row.objectId, groupId: row.groupId, sender: row.author }))
  return tx.messages.add(row)
}
