import type { SpaceId } from '../../shared/domain/ids.ts'
import type {
  BackupStatus,
  Connection,
  DoctorCheck,
  Invitation,
  Join,
  Member,
  Message,
  ProfileStatus,
  Reach,
  Settings,
  Space,
  Task,
} from '../../shared/domain/models.ts'
import { makeBackupStatus, makeConnection, makeMember, makeProfile } from './make.ts'

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
  reach: Reach
  tasks: Task[]
  backup: BackupStatus
  /** What a check of the profile finds. */
  checks: DoctorCheck[]
  /** What the person chooses in the system's dialog; null cancels it. */
  chosen: string | null
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
  settings: { theme: 'system', lockAfterMinutes: null, lockOnSuspend: false, readReceipts: true },
  reach: { reachability: 'relays', relays: [], invitedRelays: [], bootstrap: [] },
  tasks: [],
  backup: makeBackupStatus(),
  checks: [{ name: 'database', ok: true, detail: 'Every page of the database is whole.' }],
  chosen: '/home/alice/chosen',
  ...part,
})

/** A space, with Alice and those named as its members. */
export function worldWith(space: Space, others: readonly string[] = [], part: Partial<World> = {}): World {
  const self = makeMember('Alice', { self: true, role: 'owner', online: true })
  const members = [self, ...others.map((name) => makeMember(name, { online: true }))]
  return emptyWorld({ spaces: [{ ...space, memberCount: members.length }], members: { [space.spaceId]: members }, ...part })
}
