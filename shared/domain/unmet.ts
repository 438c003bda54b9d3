import type { SpaceId, UnmetId } from './ids.ts'

/** What people ask of a space or a channel by a change of its group, which may lose against somebody else's change. */
export const unmetKinds = [
  'create-channel',
  'invite',
  'revoke',
  'admit',
  'readmit',
  'remove',
  'add',
  'part',
  'see-off',
  'set-role',
  'rename',
  'rename-channel',
  'set-history',
  'leave',
] as const

export type UnmetKind = (typeof unmetKinds)[number]

/** Something that was asked here, could not be done, and is to be known until it is dismissed. */
export interface Unmet {
  unmetId: UnmetId
  /** When that came out. */
  at: number
  spaceId: SpaceId
  spaceName: string
  /** Of a channel with members of its own; empty for the space itself, and for a direct message. */
  channelName: string
  kind: UnmetKind
  /** Whom or what it was about; empty where there is nothing to name. */
  name: string
  /** A whole sentence. */
  why: string
}
