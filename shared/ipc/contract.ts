import * as z from 'zod'
import type { SpaceId } from '../domain/ids.ts'
import type {
  Channel,
  Connection,
  HistoryPolicy,
  Invitation,
  Join,
  Member,
  Message,
  MessagePage,
  Profile,
  ProfileStatus,
  SafetyNumber,
  SearchPage,
  Reach,
  Settings,
  Space,
  StoredDraft,
} from '../domain/models.ts'
import type { BackupStatus, Task } from '../domain/tasks.ts'
import * as s from './schemas.ts'

/** One call: the schema its arguments must pass, and (as a type only) what it answers. */
interface Call<Args extends z.ZodType, Result> {
  args: Args
  /** Never set: carries the result's type. */
  result?: Result
}

const call =
  <Result>() =>
  <Args extends z.ZodType>(args: Args): Call<Args, Result> => ({ args })

const nothing = z.strictObject({})
const DAY_MS = 86_400_000

/**
 * Every call that the window and the local socket may make, in one place.
 * Arguments are checked against the schema on the far side; results are plain data.
 */
export const contract = {
  'profile.status': call<ProfileStatus>()(nothing),
  'profile.create': call<Profile>()(z.strictObject({ name: s.displayName, passphrase: s.passphrase.nullable() })),
  'profile.unlock': call<Profile>()(z.strictObject({ passphrase: z.string().max(s.limits.passphrase).nullable() })),
  /** Opens a profile by its recovery phrase and gives it a new passphrase; null leaves its key to the keyring. */
  'profile.recover': call<Profile>()(z.strictObject({ recoveryPhrase: s.typedRecoveryPhrase, passphrase: s.passphrase.nullable() })),
  /** Closes it and forgets its key. Refused where no passphrase would have to be given to open it again. */
  'profile.lock': call<ProfileStatus>()(nothing),
  /** Sets, changes or (null) removes the passphrase. `current` must open the profile if it has one. */
  'profile.setPassphrase': call<Profile>()(z.strictObject({ current: s.typedPassphrase.nullable(), next: s.passphrase.nullable() })),
  /** Makes a recovery phrase, to be written down; one made before opens nothing any more. */
  'profile.makeRecoveryPhrase': call<{ recoveryPhrase: string }>()(z.strictObject({ current: s.typedPassphrase.nullable() })),
  'profile.removeRecoveryPhrase': call<Profile>()(z.strictObject({ current: s.typedPassphrase.nullable() })),
  'profile.rename': call<Profile>()(z.strictObject({ name: s.displayName })),

  'spaces.list': call<Space[]>()(nothing),
  'spaces.create': call<Space>()(z.strictObject({ name: s.displayName })),
  'spaces.rename': call<Space>()(z.strictObject({ spaceId: s.spaceId, name: s.displayName })),
  /** From here on a private channel's `membersOf` takes the place of a space, too. Asks its members for fresh keys. */
  'spaces.repair': call<null>()(z.strictObject({ spaceId: s.spaceId })),
  /** At once where nobody else is there, else as soon as a member could be told; then what is here of it is deleted. */
  'spaces.leave': call<null>()(z.strictObject({ spaceId: s.spaceId })),
  /** Deletes from this device what is left of a space that it was removed from. */
  'spaces.forget': call<null>()(z.strictObject({ spaceId: s.spaceId })),
  'spaces.history': call<HistoryPolicy>()(z.strictObject({ spaceId: s.spaceId })),
  'spaces.setHistory': call<HistoryPolicy>()(z.strictObject({ spaceId: s.spaceId, history: s.historyPolicy })),
  'channels.create': call<Channel>()(
    z.strictObject({
      spaceId: s.spaceId,
      name: s.channelName,
      kind: z.enum(['open', 'private', 'pseudonymous']),
      /** Of a private channel: who is in it besides whoever makes it. Those who are away come in when they are back. */
      members: z.array(s.memberId).max(s.limits.channelMembers).optional(),
    }),
  ),
  'channels.rename': call<Channel>()(z.strictObject({ channelId: s.channelId, name: s.channelName })),
  /** How long this device keeps the channel's messages; null for as long as it exists. */
  'channels.setKeepDays': call<Channel>()(
    z.strictObject({ channelId: s.channelId, keepDays: z.int().min(1).max(s.limits.keepDays).nullable() }),
  ),
  /** The conversation with a member of the space, the same one each time; made if there is none. */
  'channels.direct': call<Channel>()(z.strictObject({ spaceId: s.spaceId, memberId: s.memberId })),
  /** Who is in a channel: of an open one everybody in the space. */
  'channels.members': call<Member[]>()(z.strictObject({ channelId: s.channelId })),
  'channels.addMember': call<Channel>()(z.strictObject({ channelId: s.channelId, memberId: s.memberId })),
  'channels.removeMember': call<Channel>()(z.strictObject({ channelId: s.channelId, memberId: s.memberId })),
  /** Of a private channel or a direct message: as `spaces.leave`. */
  'channels.leave': call<null>()(z.strictObject({ channelId: s.channelId })),
  'members.list': call<Member[]>()(z.strictObject({ spaceId: s.spaceId })),
  'members.remove': call<null>()(z.strictObject({ spaceId: s.spaceId, memberId: s.memberId })),
  'members.setRole': call<Member>()(z.strictObject({ spaceId: s.spaceId, memberId: s.memberId, role: s.role })),
  /** The number to compare with that member; `verified` notes on this device that it was compared, or takes that back. */
  'members.verify': call<SafetyNumber>()(
    z.strictObject({ spaceId: s.spaceId, memberId: s.memberId, verified: z.boolean().nullable().default(null) }),
  ),

  'invitations.create': call<Invitation>()(
    z.strictObject({
      spaceId: s.spaceId,
      role: s.invitableRole.default('member'),
      maxUses: z.int().min(1).max(s.limits.invitationUses).nullable().default(null),
      expiresInMs: z
        .int()
        .min(60_000)
        .max(30 * DAY_MS)
        .default(7 * DAY_MS),
    }),
  ),
  'invitations.list': call<Invitation[]>()(z.strictObject({ spaceId: s.spaceId })),
  'invitations.revoke': call<Invitation>()(z.strictObject({ spaceId: s.spaceId, invitationId: s.invitationId })),
  /** Reads a link without acting on it, so that the person can be asked first. */
  'invitations.read': call<{ spaceId: SpaceId; spaceName: string; expiresAt: number }>()(
    z.strictObject({ link: z.string().max(s.limits.pastedLink) }),
  ),

  /** Starts a join, or returns the one already under way for the same invitation. */
  'joins.start': call<Join>()(z.strictObject({ link: z.string().max(s.limits.pastedLink), name: s.displayName.optional() })),
  'joins.list': call<Join[]>()(nothing),
  'joins.cancel': call<Join>()(z.strictObject({ joinId: s.joinId })),
  /** Try now instead of at `retryAt`. */
  'joins.retry': call<Join>()(z.strictObject({ joinId: s.joinId })),
  /** Removes an ended join from the list. */
  'joins.dismiss': call<null>()(z.strictObject({ joinId: s.joinId })),

  /** Answers once the message is durable here; its delivery follows as `message.changed` events. */
  'messages.send': call<Message>()(
    z.strictObject({ channelId: s.channelId, text: s.messageText, replyTo: s.messageId.nullable().default(null) }),
  ),
  /** What was begun in each channel, and is not sent. */
  'drafts.list': call<StoredDraft[]>()(nothing),
  /** Takes the place of what was kept of that channel; an empty one is none. */
  'drafts.put': call<null>()(z.strictObject({ channelId: s.channelId, text: s.draftText })),
  'messages.get': call<Message>()(z.strictObject({ messageId: s.messageId })),
  'messages.page': call<MessagePage>()(
    z.strictObject({
      channelId: s.channelId,
      limit: z.int().min(1).max(s.limits.page).default(50),
      before: z.string().max(64).nullable().default(null),
      after: z.string().max(64).nullable().default(null),
      /** At most one of the three. Without any: the newest. */
      around: s.landing.nullable().default(null),
    }),
  ),
  /** Words, prefixes of words, and phrases in double quotes; all of them must occur. */
  'messages.search': call<SearchPage>()(
    z.strictObject({
      text: z.string().max(s.limits.query),
      spaceId: s.spaceId.nullable().default(null),
      channelId: s.channelId.nullable().default(null),
      order: z.enum(['newest', 'relevance']).default('newest'),
      limit: z.int().min(1).max(s.limits.hits).default(30),
      before: z.string().max(64).nullable().default(null),
    }),
  ),
  /** Deletes it from this device alone; it does not come back when others send it again. */
  'messages.deleteForMe': call<null>()(z.strictObject({ messageId: s.messageId })),
  'messages.markRead': call<null>()(z.strictObject({ channelId: s.channelId, seq: z.int().min(0) })),

  'connection.status': call<Connection>()(nothing),
  'connection.retry': call<null>()(nothing),
  /** They are not told of any more; `connection.changed` follows. */
  'connection.dismissUnmet': call<null>()(z.strictObject({ unmetIds: z.array(s.unmetId).min(1).max(s.limits.unmet) })),
  /** Tries out what the connections of this device stand on, one thing after another. */
  'connection.test': call<Task>()(nothing),

  'reach.get': call<Reach>()(nothing),
  /** Takes effect at once; sessions that it touches end and begin again. An address that is none changes nothing. */
  'reach.set': call<Reach>()(
    z.strictObject({
      reachability: s.reachability,
      relays: s.relayAddresses,
      /** Those of them that are to stay. */
      invitedRelays: s.relayAddresses,
      bootstrap: s.relayAddresses,
    }),
  ),

  'settings.get': call<Settings>()(nothing),
  'settings.set': call<Settings>()(
    z.strictObject({
      theme: z.enum(['system', 'light', 'dark']),
      lockAfterMinutes: z.int().min(1).max(1_440).nullable(),
      lockOnSuspend: z.boolean(),
      readReceipts: z.boolean(),
      notices: s.noticeMode,
      keepRunning: z.boolean(),
    }),
  ),

  /** Long work answers with the task; how it goes on is told by `task.changed`. */
  'tasks.list': call<Task[]>()(nothing),
  'tasks.cancel': call<Task>()(z.strictObject({ taskId: s.taskId })),

  /** Writes one encrypted file and verifies it. `passphrase` opens it where the profile has neither passphrase nor recovery phrase. */
  'backup.create': call<Task>()(z.strictObject({ file: s.path, passphrase: s.passphrase.nullable().default(null) })),
  'backup.verify': call<Task>()(s.opener.extend({ file: s.path })),
  /** Makes this computer's profile from a backup; refused where there is a profile. */
  'backup.restore': call<Task>()(s.opener.extend({ file: s.path })),
  'backup.status': call<BackupStatus>()(nothing),
  'backup.setSchedule': call<BackupStatus>()(
    z.strictObject({
      schedule: z.strictObject({ folder: s.path, everyDays: z.int().min(1).max(365), keep: z.int().min(1).max(100) }).nullable(),
    }),
  ),
  'export.channel': call<Task>()(z.strictObject({ channelId: s.channelId, format: z.enum(['json', 'html']), file: s.path })),

  /** Looks at everything the profile stands on. With `repair` it also mends what it can; nothing is thrown away. */
  'doctor.run': call<Task>()(s.opener.extend({ repair: z.boolean().default(false) })),
} as const

export type Contract = typeof contract
export type Method = keyof Contract
export const methods = Object.keys(contract) as Method[]

/** What a caller passes (defaults may be left out). */
export type ArgsIn<M extends Method> = z.input<Contract[M]['args']>
/** What a handler receives, after validation. */
export type Args<M extends Method> = z.output<Contract[M]['args']>
export type ResultOf<M extends Method> = Contract[M] extends Call<z.ZodType, infer R> ? R : never

/** The node's face: one asynchronous function per method; they throw `AppError` on failure. */
export type Api = { [M in Method]: (args: Args<M>) => Promise<ResultOf<M>> }
