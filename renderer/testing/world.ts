import type { SpaceId } from '../../shared/domain/ids.ts'
import type { Connection, Invitation, Join, Member, Message, ProfileStatus, Settings, Space } from '../../shared/domain/models.ts'
import { makeConnection, makeMember, makeProfile } from './make.ts'

/** Everything the fake node knows. */
export interface World {
  status: ProfileStatus
  spaces: Space[]
  members: Record<SpaceId, Member[]>
  messages: Message[]
  invitations: Invitation[]
  joins: Join[]
  connection: Connection
  settings: Settings
}

/** An open profile of Alice with nothing in it. */
export const emptyWorld = (part: Partial<World> = {}): World => ({
  status: { kind: 'open', profile: makeProfile() },
  spaces: [],
  members: {},
  messages: [],
  invitations: [],
  joins: [],
  connection: makeConnection(),
  settings: { theme: 'system' },
  ...part,
})

/** A space, with Alice and those named as its members. */
export function worldWith(space: Space, others: readonly string[] = [], part: Partial<World> = {}): World {
  const self = makeMember('Alice', { self: true, role: 'owner', online: true })
  const members = [self, ...others.map((name) => makeMember(name, { online: true }))]
  return emptyWorld({ spaces: [{ ...space, memberCount: members.length }], members: { [space.spaceId]: members }, ...part })
}
