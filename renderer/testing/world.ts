import type { SpaceId } from '../../shared/domain/ids.ts'
import type {
  Connection,
  Invitation,
  Join,
  Member,
  Message,
  ProfileStatus,
  Reach,
  Settings,
  Space,
  StoredDraft,
} from '../../shared/domain/models.ts'
import { usualSettings } from '../../shared/domain/usual-settings.ts'
import type { BackupStatus, DoctorCheck, Task } from '../../shared/domain/tasks.ts'
import type { About } from '../../shared/ipc/bridge.ts'
import type { UpdateView } from '../../shared/ipc/updates.ts'
import { makeBackupStatus, makeConnection, makeMember, makeProfile } from './make.ts'

/** Everything the fake node knows. */
export interface World {
  status: ProfileStatus
  spaces: Space[]
  members: Record<SpaceId, Member[]>
  messages: Message[]
  drafts: StoredDraft[]
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
  about: About
  updates: UpdateView
}

/** An open profile of Alice with nothing in it. */
export const emptyWorld = (part: Partial<World> = {}): World => ({
  status: { kind: 'open', profile: makeProfile() },
  spaces: [],
  members: {},
  messages: [],
  drafts: [],
  invitations: [],
  joins: [],
  connection: makeConnection(),
  settings: usualSettings,
  reach: { reachability: 'relays', relays: [], invitedRelays: [], bootstrap: [] },
  tasks: [],
  backup: makeBackupStatus(),
  checks: [{ name: 'database', ok: true, detail: 'Every page of the database is whole.' }],
  chosen: '/home/alice/chosen',
  about: {
    version: '0.1.0',
    commit: '2387b557ac1e0d4b9f6a',
    kind: 'release',
    runtime: { electron: '45.4.1', chromium: '146.0.7680.31', node: '24.14.0' },
    licences: 'SpacePanda contains software of others, under these licences.\n\nreact 19.3.1: MIT',
  },
  updates: { obstacle: null, automatic: true, checkedAt: null, step: { kind: 'quiet' } },
  ...part,
})

/** A space, with Alice and those named as its members. */
export function worldWith(space: Space, others: readonly string[] = [], part: Partial<World> = {}): World {
  const self = makeMember('Alice', { self: true, role: 'owner', online: true })
  const members = [self, ...others.map((name) => makeMember(name, { online: true }))]
  return emptyWorld({ spaces: [{ ...space, memberCount: members.length }], members: { [space.spaceId]: members }, ...part })
}
