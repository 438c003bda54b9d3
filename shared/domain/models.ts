import type { ChannelId, DeviceId, InvitationId, JoinId, MemberId, MessageId, PeerId, ProfileId, SpaceId } from './ids.ts'
import type { ErrorCode } from '../ipc/error-codes.ts'
import type { ConnectionPlace, Queued } from './connection-people.ts'
import type { Unmet } from './unmet.ts'

/** All times are milliseconds since the Unix epoch. All lists are ready to draw in the order given. */

export type Role = 'owner' | 'admin' | 'moderator' | 'member' | 'guest'

export type ProfileStatus =
  | { kind: 'none'; passphraseRequired: boolean }
  /** `recovery`: a recovery phrase opens it too. */
  | ({ kind: 'locked' } & Openers)
  /** It is closed here, and another SpacePanda has it open. */
  | { kind: 'in-use' }
  | { kind: 'open'; profile: Profile }
  /** `repairable`: something is left to repair it from, see `doctor.run`. */
  | { kind: 'unreadable'; code: 'unreadable' | 'newer-profile' | 'upgrade-failed'; reason: string; repairable: boolean }

export interface Openers {
  /** Whether a passphrase opens it; else the system's keyring does. */
  passphrase: boolean
  /** Whether there is a recovery phrase. */
  recovery: boolean
  /** No keyring here could protect the profile, so it may not be without a passphrase. */
  passphraseRequired: boolean
}

export interface Profile extends Openers {
  profileId: ProfileId
  name: string
  deviceId: DeviceId
  peerId: PeerId
  addresses: string[]
}

/** Open: for everybody in the space. Private and direct ones have members of their own, and nobody else learns that they exist. */
export type ChannelKind = 'open' | 'private' | 'pseudonymous' | 'direct'

/** What a group is for: a space with its open channels, or one channel under it. */
export type GroupKind = 'space' | 'private' | 'direct'

/** What this profile may do in a channel, so that the window need not know the rules. */
export interface ChannelRights {
  send: boolean
  rename: boolean
  /** The rest is of channels with members of their own. */
  addMembers: boolean
  removeMembers: boolean
  /** Say what newcomers are given of what was said before. */
  history: boolean
  leave: boolean
}

export interface Channel {
  channelId: ChannelId
  spaceId: SpaceId
  /** Of a direct message: the name of whom it is with. */
  name: string
  kind: ChannelKind
  /** Whose members are those of the channel: the space, or a group of its own that takes the place of one in calls about members. */
  membersOf: SpaceId
  memberCount: number
  /** With whom a direct message is; null once they are gone, and for all others. */
  with: MemberId | null
  may: ChannelRights
  status: SpaceStatus
  /** Of the space, or of the group of its own (see `Space`). */
  astray: boolean
  takenOver: boolean
  returning: boolean
  gettingHistoryFrom: string | null
  unread: number
  /** `seq` up to which it was read here. */
  readSeq: number
  /** Messages older than this are deleted from this device; null keeps them. */
  keepDays: number | null
  /**
   * What came before the oldest message here. `nothing`: this device was there before anybody could write. `joined`: it was not, and has
   * nothing of it. `given`: it has what members gave of it. `deleted`: it was older than `keepDays`. `unknown`: this device cannot know.
   */
  before: 'nothing' | 'joined' | 'given' | 'deleted' | 'unknown'
  /** When this device was no member, between two times that it was; oldest first, in milliseconds. */
  away: readonly { from: number; to: number }[]
  /** It was made on one side of a parting, and is not in the space. What was said in it can be read; it may be made again yet. */
  lost: boolean
}

/** What newcomers are given of what was said before they came; `last`: so many messages of each channel. */
export type HistoryPolicy = { kind: 'none' } | { kind: 'last'; count: number } | { kind: 'all' }

/** What this profile may do in a space, so that the window need not know the rules. */
export interface SpaceRights {
  invite: boolean
  manageChannels: boolean
  /** Rename it, and say what newcomers are given. */
  manageSpace: boolean
  manageRoles: boolean
  remove: boolean
  send: boolean
  /** Not the last owner, unless nobody else is there. */
  leave: boolean
}

export type SpaceStatus =
  | { kind: 'member' }
  /** It was left here; the others are told as soon as one of them is connected. What is here is deleted then. */
  | { kind: 'leaving'; since: number }
  /** What was said before is readable; nothing comes or goes any more. `by` is the name of who did it. */
  | { kind: 'removed'; at: number; by: string | null }

export interface Space {
  spaceId: SpaceId
  name: string
  role: Role
  may: SpaceRights
  status: SpaceStatus
  channels: Channel[]
  memberCount: number
  /** Set when the others went where this device could not follow, or somebody asked for a repair: it is being let in again, and may not write before. */
  astray: boolean
  /** Set with `astray` when another computer seems to run this profile and to have this device's place: it waits, unless a person repairs it. */
  takenOver: boolean
  /**
   * Set with `astray` when it takes another invitation to be let in. `refused`: nobody may let it in by what it came by, because whoever made
   * that invitation is out. `strangers`: only members let it in who came since it went astray, and whom it does not take at their word.
   */
  uninvited: 'refused' | 'strangers' | null
  /**
   * Set after the profile was restored from an older copy: this device may read here, but not write before a member let it in
   * with fresh keys, which happens by itself when one is online.
   */
  returning: boolean
  /** The name of the member who is giving this device what was said before it joined; null when nobody is. */
  gettingHistoryFrom: string | null
}

export interface Member {
  memberId: MemberId
  name: string
  role: Role
  devices: number
  /** The safety number was compared, on this device. */
  verified: boolean
  online: boolean
  self: boolean
  /** Asked into a private channel or a direct message and not in it yet: this device has none of their keys so far. */
  awaited: boolean
  /** What this profile may do to them; `roles` are those that it may give instead of the one they have. */
  may: { remove: boolean; verify: boolean; roles: Role[]; message: boolean }
}

/** Both sides see the same number, unless somebody stands between them: 60 digits in 12 groups. */
export interface SafetyNumber {
  memberId: MemberId
  safetyNumber: string
  verified: boolean
}

export type MessageState = 'stored' | 'held' | 'delivered' | 'read' | 'failed'

/** Who has a message: `delivered` of `recipients` members said that they stored it, `read` of them that their person read it. */
export interface Delivery {
  state: MessageState
  delivered: number
  /** Counted once all have it; 0 where read receipts are off. */
  read: number
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
  /**
   * Who gave it to this device, of what was said before it joined: nothing proves that `author` wrote it. Where `seq` is above zero it is
   * the author, who gave it to this device alone. Null for all other messages.
   */
  sharedBy: { memberId: MemberId; name: string } | null
  /** Position in this device's channel history; grows, never reused. Below zero for what was shared: the older the lower. */
  seq: number
}

/** What was begun in a channel and is not sent; on this device alone. */
export interface StoredDraft {
  channelId: ChannelId
  text: string
}

export interface MessagePage {
  /** The newest first. */
  messages: Message[]
  /** Give it back as `before` to read what is older; null at the beginning. */
  nextCursor: string | null
  /** Give it back as `after` to read what is newer; null at the end, where new messages appear. */
  previousCursor: string | null
}

/** Where in a history to land: the page reaches to both sides of it. */
export type Landing =
  | { kind: 'message'; messageId: MessageId }
  /** The first message at or after this time. */
  | { kind: 'date'; at: number }
  /** The first message that was not read here. */
  | { kind: 'unread' }

export interface SearchHit {
  message: Message
  spaceId: SpaceId
  /** A part of the text around the first match; `matches` are [from, to) in UTF-16 code units of it. */
  excerpt: string
  matches: [number, number][]
}

export interface SearchPage {
  hits: SearchHit[]
  /** Give it back as `before` for more; null when there are none. */
  nextCursor: string | null
}

export type JoinStep = 'connecting' | 'asking' | 'admitting' | 'opening'

export type JoinState =
  | { kind: 'working'; step: JoinStep }
  | { kind: 'waiting'; step: JoinStep; code: ErrorCode; message: string; retryAt: number }
  | { kind: 'refused'; code: ErrorCode; message: string }
  | { kind: 'cancelled' }
  | { kind: 'done'; spaceId: SpaceId }

/** Why a try did not lead in. */
export type JoinTrouble = Pick<Extract<JoinState, { kind: 'waiting' }>, 'step' | 'code' | 'message'>

export interface Join {
  joinId: JoinId
  /** Into which the link leads. This device need not be in it. */
  spaceId: SpaceId
  /** What the link calls the space: a hint, not authenticated before the join is done. */
  spaceName: string
  startedAt: number
  expiresAt: number
  state: JoinState
  /** Of the try before, while the next one looks for somebody. What it waits for is in `state`. */
  trouble: JoinTrouble | null
}

export interface Invitation {
  invitationId: InvitationId
  spaceId: SpaceId
  /** Only the device that made the invitation has its link. */
  link: string | null
  role: Role
  createdBy: MemberId
  /** Known only where it was made; null also for one made by an older version. */
  madeAt: number | null
  expiresAt: number
  maxUses: number | null
  uses: number
}

export type SessionState = 'dialing' | 'handshaking' | 'proving' | 'ready' | 'backing-off' | 'closed'

/**
 * `relayed`: somebody in between passes on what they cannot read. `hole-punched`: a straight way that was found while a relay served, and
 * took its place; `direct` where its addresses are of one network, for then there was no router to be got past.
 */
export type SessionPath = 'direct' | 'relayed' | 'hole-punched'

export interface PeerStatus {
  peerId: PeerId
  state: SessionState
  direction: 'inbound' | 'outbound' | null
  /** How what is said gets there; null while there is no connection. */
  path: SessionPath | null
  /** Where it stands in each space both share, once proven. */
  members: { spaceId: SpaceId; memberId: MemberId; name: string }[]
  lastError: string | null
  retryAt: number | null
}

/** Who may learn where this device is: those on its own network; the relays that were chosen, too; anybody who looks for it. */
export type Reachability = 'local' | 'relays' | 'public'

/** By whom this device lets itself be found. */
export interface Reach {
  reachability: Reachability
  /** Multiaddrs of relays that were chosen here, each ending in `/p2p/<its peer id>`. */
  relays: string[]
  /** Relays that invitations named by which this device joined. They count like chosen ones. */
  invitedRelays: string[]
  /** Where looking for members begins, at `public`: multiaddrs like those of relays. */
  bootstrap: string[]
}

/**
 * What is known of others coming straight from outside the local network. `confirmed`: they tried an address, and came through. `met`:
 * somebody came. `opened`: the router says that it lets them, and nobody tried. `seen`: others see an address that nobody tried.
 */
export type Outside = 'confirmed' | 'met' | 'opened' | 'seen' | 'unknown'

/** How others come to this device: nothing of it is guessed. */
export interface ReachedBy {
  /** Those on a network that this device is in. */
  nearby: boolean
  outside: Outside
  /** Relays on which it has a place, of those it wants one on. */
  relays: { held: number; of: number }
}

/** What keeps ciphertext for members who are away. */
export interface MailboxStatus {
  peerId: PeerId
  /**
   * `unknown`: not asked yet. `none`: that relay keeps no mailbox. `full`: takes nothing now. `clock`: its clock and this computer's are more than ten minutes apart.
   * `untrusted`: it said something that cannot be true.
   */
  state: 'unknown' | 'none' | 'reachable' | 'unreachable' | 'full' | 'clock' | 'untrusted'
  /** When all that it has was fetched last. */
  lastFetchedAt: number | null
  /** Objects that it lacks although another mailbox has them, or it said itself that it keeps them. */
  withheld: number
}

export interface Connection {
  reachability: Reachability
  reachedBy: ReachedBy
  listening: string[]
  peers: PeerStatus[]
  /** Who is in each space and private channel that this profile takes part in, and how they are connected. */
  places: ConnectionPlace[]
  /** What of ours waits, for whom and why, for each channel where anything does. */
  queued: Queued[]
  /**
   * Messages known to exist, because later ones of the same sender are here, that are not here yet. `asked`: names of the members who are
   * connected, and so asked for them.
   */
  missing: { spaceId: SpaceId; memberId: MemberId; name: string; messages: number; asked: string[] }[]
  mailboxes: MailboxStatus[]
  /** The newest first, however long ago: what was asked here in vain and is not dismissed. */
  unmet: Unmet[]
  /** The newest first, since the profile was opened; of connections that failed at most one to each. `peerId`: whom the connection was to, where it is of one. */
  lastErrors: { at: number; message: string; peerId: PeerId | null }[]
}

export interface Settings {
  theme: 'system' | 'light' | 'dark'
  /** Lock after this many minutes without mouse or keyboard; null never does. Counts only where a passphrase opens the profile. */
  lockAfterMinutes: number | null
  /** Lock when the computer sleeps or its screen is locked. Counts only where a passphrase opens the profile. */
  lockOnSuspend: boolean
  /** Tell others what was read here, and show what they have read: both, or neither. */
  readReceipts: boolean
  /** What the system is given to show of a message that arrives. It keeps that outside of our encryption. */
  notices: NoticeMode
  /** Without its window too, in the tray, so that messages still come in. Where there is no tray it quits with its window. */
  keepRunning: boolean
}

/** `without-text`: from whom, and in which channel of which space. */
export type NoticeMode = 'off' | 'without-text' | 'with-text'
