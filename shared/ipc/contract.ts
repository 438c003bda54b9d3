import { z } from 'zod'
import type {
  Channel,
  Connection,
  Invitation,
  Join,
  Member,
  Message,
  MessagePage,
  Profile,
  ProfileStatus,
  Settings,
  Space,
} from '../domain/models.ts'
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
  'profile.rename': call<Profile>()(z.strictObject({ name: s.displayName })),

  'spaces.list': call<Space[]>()(nothing),
  'spaces.create': call<Space>()(z.strictObject({ name: s.displayName })),
  'channels.create': call<Channel>()(
    z.strictObject({ spaceId: s.spaceId, name: s.displayName, kind: z.enum(['open', 'private', 'pseudonymous']) }),
  ),
  'members.list': call<Member[]>()(z.strictObject({ spaceId: s.spaceId })),

  'invitations.create': call<Invitation>()(
    z.strictObject({
      spaceId: s.spaceId,
      role: s.invitableRole.default('member'),
      maxUses: z.int().min(1).max(1000).nullable().default(null),
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
  'invitations.read': call<{ spaceName: string; expiresAt: number }>()(z.strictObject({ link: z.string().max(s.limits.link) })),

  /** Starts a join, or returns the one already under way for the same invitation. */
  'joins.start': call<Join>()(z.strictObject({ link: z.string().max(s.limits.link), name: s.displayName.optional() })),
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
  'messages.get': call<Message>()(z.strictObject({ messageId: s.messageId })),
  'messages.page': call<MessagePage>()(
    z.strictObject({
      channelId: s.channelId,
      limit: z.int().min(1).max(s.limits.page).default(50),
      before: z.string().max(64).nullable().default(null),
    }),
  ),
  'messages.markRead': call<null>()(z.strictObject({ channelId: s.channelId, seq: z.int().min(0) })),

  'connection.status': call<Connection>()(nothing),
  'connection.retry': call<null>()(nothing),

  'settings.get': call<Settings>()(nothing),
  'settings.set': call<Settings>()(z.strictObject({ theme: z.enum(['system', 'light', 'dark']) })),
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
