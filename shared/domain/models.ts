import type { ChannelId, DeviceId, InvitationId, JoinId, MemberId, MessageId, PeerId, ProfileId, SpaceId } from './ids.ts'
import type { ErrorCode } from '../ipc/error-codes.ts'

/** All times are milliseconds since the Unix epoch. All lists are ready to draw in the order given. */

export type Role = 'owner' | 'admin' | 'moderator' | 'member' | 'guest'

export type ProfileStatus =
  | { kind: 'none'; passphraseRequired: boolean }
  | { kind: 'locked'; passphrase: boolean }
  | { kind: 'open'; profile: Profile }
  | { kind: 'unreadable'; reason: string }

export interface Profile {
  profileId: ProfileId
  name: string
  deviceId: DeviceId
  peerId: PeerId
  addresses: string[]
  /** Whether a passphrase opens it; else the system's keyring does. */
  passphrase: boolean
}

export type ChannelKind = 'open' | 'private' | 'pseudonymous'

export interface Channel {
  channelId: ChannelId
  spaceId: SpaceId
  name: string
  kind: ChannelKind
  unread: number
}

export interface Space {
  spaceId: SpaceId
  name: string
  role: Role
  /** What this profile may do here, so that the window need not know the rules. */
  may: { invite: boolean; manageChannels: boolean; send: boolean }
  channels: Channel[]
  memberCount: number
  /** Set when two members changed the space at once and this device could not follow both. */
  split: boolean
}

export interface Member {
  memberId: MemberId
  name: string
  role: Role
  devices: number
  verified: boolean
  online: boolean
  self: boolean
}

export type MessageState = 'stored' | 'held' | 'delivered' | 'read' | 'failed'

/** Who has a message: `delivered` of `recipients` devices said that they stored it. */
export interface Delivery {
  state: MessageState
  delivered: number
  recipients: number
  reason: string | null
}

export interface Message {
  messageId: MessageId
  channelId: ChannelId
  author: { memberId: MemberId; name: string; self: boolean }
  sentAt: number
  text: string
  replyTo: MessageId | null
  editedAt: number | null
  deleted: boolean
  reactions: never[]
  attachments: never[]
  delivery: Delivery
  /** Position in this device's channel history; grows, never reused. */
  seq: number
}

export interface MessagePage {
  messages: Message[]
  /** Give it back as `before` to read what is older; null at the beginning. */
  nextCursor: string | null
}

export type JoinStep = 'connecting' | 'asking' | 'admitting' | 'opening'

export type JoinState =
  | { kind: 'working'; step: JoinStep }
  | { kind: 'waiting'; step: JoinStep; code: ErrorCode; message: string; retryAt: number }
  | { kind: 'refused'; code: ErrorCode; message: string }
  | { kind: 'cancelled' }
  | { kind: 'done'; spaceId: SpaceId }

export interface Join {
  joinId: JoinId
  /** What the link calls the space: a hint, not authenticated before the join is done. */
  spaceName: string
  startedAt: number
  expiresAt: number
  state: JoinState
}

export interface Invitation {
  invitationId: InvitationId
  spaceId: SpaceId
  /** Only the device that made the invitation has its link. */
  link: string | null
  role: Role
  createdBy: MemberId
  expiresAt: number
  maxUses: number | null
  uses: number
}

export type SessionState = 'dialing' | 'handshaking' | 'proving' | 'ready' | 'backing-off' | 'closed'

export interface PeerStatus {
  peerId: PeerId
  state: SessionState
  direction: 'inbound' | 'outbound' | null
  /** Where it stands in each space both share, once proven. */
  members: { spaceId: SpaceId; memberId: MemberId; name: string }[]
  lastError: string | null
  retryAt: number | null
}

export interface Connection {
  reachability: 'local'
  listening: string[]
  peers: PeerStatus[]
  /** Messages of ours that not every recipient has stored yet, for each channel that has any. */
  queued: { channelId: ChannelId; messages: number }[]
  /** Messages known to exist, because later ones of the same sender are here, that are not here yet. */
  missing: { spaceId: SpaceId; memberId: MemberId; name: string; messages: number }[]
  /** The newest first, since the profile was opened. */
  lastErrors: { at: number; message: string }[]
}

export interface Settings {
  theme: 'system' | 'light' | 'dark'
}
