import { connectionChecks } from '../../shared/domain/connection-check.ts'
import type { ConnectionCheck, ConnectionCheckCode } from '../../shared/domain/connection-check.ts'
import type { AwaitedPerson, ConnectionPlace, LinkedPerson, Queued } from '../../shared/domain/connection-people.ts'
import type {
  ChannelId,
  DeviceId,
  InvitationId,
  JoinId,
  MemberId,
  MessageId,
  PeerId,
  ProfileId,
  SpaceId,
  TaskId,
} from '../../shared/domain/ids.ts'
import type { Channel, Connection, Invitation, Join, Member, Message, Profile, Space, SpaceRights } from '../../shared/domain/models.ts'
import type { BackupStatus, Task, TaskKind } from '../../shared/domain/tasks.ts'

/** An id of 32 hexadecimal digits that is always the same for the same word. */
export function idOf<T extends string>(word: string): T {
  let [a, b] = [0x9e3779b9, 0x85ebca6b]
  for (const character of word) {
    a = Math.imul(a ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
    b = Math.imul(b + a, 0xc2b2ae35) >>> 0
  }
  const digits = [a, b, Math.imul(a, 0x27d4eb2f) >>> 0, Math.imul(b, 0x165667b1) >>> 0]
  return digits.map((part) => part.toString(16).padStart(8, '0')).join('') as T
}

/** 21 November 2026, 14:00 UTC: “now” in tests and previews. */
export const NOON = Date.UTC(2026, 10, 21, 14, 0)
const MINUTE = 60_000

export const makeProfile = (part: Partial<Profile> = {}): Profile => ({
  profileId: idOf<ProfileId>('profile'),
  name: 'Alice',
  deviceId: idOf<DeviceId>('device'),
  peerId: '12D3KooWExampleExampleExampleExampleExampleExample1' as PeerId,
  addresses: ['/ip4/192.0.2.7/tcp/4001'],
  passphrase: true,
  recovery: false,
  passphraseRequired: false,
  ...part,
})

export const makeChannel = (spaceId: SpaceId, name: string, part: Partial<Channel> = {}): Channel => ({
  channelId: idOf<ChannelId>(`${spaceId}${name}`),
  spaceId,
  name,
  kind: 'open',
  membersOf: spaceId,
  memberCount: 3,
  with: null,
  may: { send: true, rename: true, addMembers: false, removeMembers: false, history: false, leave: false },
  status: { kind: 'member' },
  ...{ astray: false, takenOver: false, returning: false, gettingHistoryFrom: null },
  unread: 0,
  readSeq: 0,
  keepDays: null,
  before: 'nothing',
  away: [],
  lost: false,
  ...part,
})

export const allRights: SpaceRights = {
  ...{ invite: true, manageChannels: true, manageSpace: true, manageRoles: true },
  ...{ remove: true, send: true, leave: true },
}
export const noRights: SpaceRights = {
  ...{ invite: false, manageChannels: false, manageSpace: false, manageRoles: false },
  ...{ remove: false, send: false, leave: false },
}

export function makeSpace(name: string, channels: readonly string[] = ['general'], part: Partial<Space> = {}): Space {
  const spaceId = idOf<SpaceId>(name)
  return {
    spaceId,
    name,
    role: 'owner',
    may: allRights,
    status: { kind: 'member' },
    channels: channels.map((channel) => makeChannel(spaceId, channel)),
    memberCount: 1,
    ...{ astray: false, takenOver: false, uninvited: null, returning: false },
    gettingHistoryFrom: null,
    ...part,
  }
}

export const makeMember = (name: string, part: Partial<Member> = {}): Member => ({
  memberId: idOf<MemberId>(name),
  name,
  role: 'member',
  devices: 1,
  verified: false,
  online: false,
  self: false,
  awaited: false,
  may:
    part.self === true
      ? { remove: false, verify: false, roles: [], message: false }
      : { remove: true, verify: true, roles: ['owner', 'admin', 'moderator', 'guest'], message: true },
  ...part,
})

/** A message of Alice is one's own. `seq` orders it; it is one minute later than the one before. */
export function makeMessage(channelId: ChannelId, seq: number, author: string, text: string, part: Partial<Message> = {}): Message {
  const self = author === 'Alice'
  return {
    messageId: idOf<MessageId>(`${channelId}${seq}`),
    channelId,
    author: { memberId: idOf<MemberId>(author), name: author, self },
    sentAt: NOON - 10 * MINUTE + seq * MINUTE,
    text,
    replyTo: null,
    editedAt: null,
    deleted: false,
    reactions: [],
    attachments: [],
    delivery: { state: self ? 'delivered' : 'held', delivered: 1, read: 0, recipients: 1, reason: null },
    sharedBy: null,
    seq,
    ...part,
  }
}

export const makeJoin = (spaceName: string, part: Partial<Join> = {}): Join => ({
  joinId: idOf<JoinId>(spaceName),
  spaceId: idOf<SpaceId>(spaceName),
  spaceName,
  startedAt: NOON,
  expiresAt: NOON + 6 * 86_400_000,
  state: { kind: 'working', step: 'connecting' },
  trouble: null,
  ...part,
})

export const makeInvitation = (spaceId: SpaceId, part: Partial<Invitation> = {}): Invitation => ({
  invitationId: idOf<InvitationId>(`${spaceId}invitation`),
  spaceId,
  link: `spacepanda:join/${'Zm9yZXN0LWJhbWJvby0'.repeat(12)}`,
  role: 'member',
  createdBy: idOf<MemberId>('Alice'),
  madeAt: NOON,
  expiresAt: NOON + 7 * 86_400_000,
  maxUses: null,
  uses: 0,
  ...part,
})

export const makeConnection = (part: Partial<Connection> = {}): Connection => ({
  reachability: 'local',
  reachedBy: { nearby: true, outside: 'unknown', relays: { held: 0, of: 0 } },
  listening: ['/ip4/192.0.2.7/tcp/4001'],
  peers: [],
  places: [],
  queued: [],
  missing: [],
  mailboxes: [],
  unmet: [],
  lastErrors: [],
  ...part,
})

/** Messages that wait in a channel; for nobody who is known unless told. */
export const makeQueued = (channelId: ChannelId, messages: number, part: Partial<Queued> = {}): Queued => ({
  ...{ channelId, messages, lookedAt: messages, people: [], morePeople: 0, held: null },
  ...part,
})

/** Somebody for whom one message waits; not connected, and not tried, unless told. */
export const makeAwaited = (name: string, part: Partial<AwaitedPerson> = {}): AwaitedPerson => ({
  ...{ memberId: idOf<MemberId>(name), name, link: { kind: 'not-tried' }, lastSeenAt: null, messages: 1, inMailbox: 0 },
  ...part,
})

/** A space as the panel of the connection shows it. */
export const makePlace = (
  space: Pick<Space, 'spaceId' | 'name'>,
  people: LinkedPerson[],
  part: Partial<ConnectionPlace> = {},
): ConnectionPlace => ({
  ...{ membersOf: space.spaceId, spaceId: space.spaceId, spaceName: space.name, channelName: '' },
  ...{ connected: people.filter(({ link }) => link.kind === 'connected').length, of: people.length, people },
  ...part,
})

/** Something that a test of the connection found. */
export const makeCheck = (code: ConnectionCheckCode, part: Partial<ConnectionCheck> = {}): ConnectionCheck => ({
  code,
  status: connectionChecks[code],
  relay: null,
  values: {},
  away: [],
  ...part,
})

export const makeBackupStatus = (part: Partial<BackupStatus> = {}): BackupStatus => ({
  schedule: null,
  last: null,
  problem: null,
  snapshots: [],
  dataFolder: '/home/alice/.config/spacepanda',
  ...part,
})

export const makeTask = (kind: TaskKind, state: Task['state'], part: Partial<Task> = {}): Task => ({
  taskId: idOf<TaskId>(kind),
  kind,
  startedAt: NOON,
  state,
  ...part,
})
