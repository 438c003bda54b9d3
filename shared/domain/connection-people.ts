import type { ChannelId, MemberId, SpaceId } from './ids.ts'
import type { SessionPath } from './models.ts'

/** How this device is connected with a member, where that member takes part. Nothing of it is guessed. */
export type PersonLink =
  | { kind: 'connected'; path: SessionPath | null }
  /** Their device is connected. It has not proven so far that it is that member here. */
  | { kind: 'unproven' }
  | { kind: 'connecting'; state: 'dialing' | 'handshaking' | 'proving' }
  /** Why the last try failed is null where none has; `retryAt` where no time is set. */
  | { kind: 'unreachable'; state: 'backing-off' | 'closed'; lastError: string | null; retryAt: number | null }
  /** There is nowhere to look for them. */
  | { kind: 'no-address' }
  /** An address is known, and nothing is under way. */
  | { kind: 'not-tried' }
  /** Asked into a private channel or a direct message, and not in it yet. */
  | { kind: 'awaited' }

export interface LinkedPerson {
  memberId: MemberId
  name: string
  link: PersonLink
  /** When a session with them was last ready; null if there never was one here. */
  lastSeenAt: number | null
}

/** So many people of a place are named, those who are connected first. */
export const MOST_IN_PLACE = 50
/** So many people are named for what waits in a channel. */
export const MOST_AWAITED = 20
/** So many messages of a channel are looked at for whom they wait, the newest. */
export const MOST_LOOKED_AT = 20

/** A space, or a private channel under it: who is in it besides this profile, and how each is connected. */
export interface ConnectionPlace {
  /** As `membersOf` of its channels says it. */
  membersOf: SpaceId
  /** The space, or the one it is under. */
  spaceId: SpaceId
  spaceName: string
  /** Of a private channel; empty for the space itself. */
  channelName: string
  /** So many are connected, `of` so many. */
  connected: number
  of: number
  /** At most `MOST_IN_PLACE`. */
  people: LinkedPerson[]
}

/** For whom messages wait, and why. Where they are connected, they have not said yet that they stored them. */
export interface AwaitedPerson extends LinkedPerson {
  /** How many of those that were looked at they lack. */
  messages: number
  /** How many of these a mailbox keeps that they ask. */
  inMailbox: number
}

/** Messages of ours in one channel that not every recipient has stored yet. */
export interface Queued {
  channelId: ChannelId
  messages: number
  /** The newest of them, at most `MOST_LOOKED_AT`: of what is older it is not said here for whom it waits. */
  lookedAt: number
  /** At most `MOST_AWAITED`, by name. */
  people: AwaitedPerson[]
  /** So many more people lack something of what was looked at. */
  morePeople: number
  /**
   * Why this device sends nothing there just now. `returning`: it has to be let in with fresh keys. `astray`: the others went where it could
   * not follow, and it is being let in again. `taken-over`: another computer seems to run this profile, and it leaves the place to that.
   */
  held: 'returning' | 'astray' | 'taken-over' | null
}
