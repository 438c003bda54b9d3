import * as z from 'zod'
import { isHexId } from '../domain/ids.ts'
import { limits } from './limits.ts'
import { passphraseFlaw } from './passphrase-flaw.ts'
import type { ChannelId, InvitationId, JoinId, MemberId, MessageId, SpaceId, TaskId, UnmetId } from '../domain/ids.ts'

export { limits }

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u

/** Of a pair of surrogates only one, which no encoding can say; and what ends a text for some programs. */
const BROKEN = /\p{Surrogate}|\0/u

const hexId = z.string().refine(isHexId, 'must be 32 hexadecimal digits')
const brandedId = <T extends string>() => hexId.transform((text) => text as T)

export const spaceId = brandedId<SpaceId>()
export const channelId = brandedId<ChannelId>()
export const memberId = brandedId<MemberId>()
export const messageId = brandedId<MessageId>()
export const invitationId = brandedId<InvitationId>()
export const joinId = brandedId<JoinId>()
export const taskId = brandedId<TaskId>()
export const unmetId = brandedId<UnmetId>()

const nameIn = (text: z.ZodString) =>
  text
    .min(1, 'must not be empty')
    .max(limits.name, `must be at most ${limits.name} characters`)
    .refine((name) => !CONTROL.test(name), 'must not hold control characters')

/** Names of people, spaces and channels as they are typed: one line, no control or direction-changing characters. */
export const displayName = nameIn(z.string().trim())

/** A channel is written with a number sign before its name, and so it is often typed; that is no part of the name. */
export const channelName = z
  .string()
  .transform((typed) => typed.replace(/^[\s#]+/, '').trim())
  .pipe(nameIn(z.string()))

/** The same as they travel and are stored: with nothing left to trim, so that one name has one form. */
export const trimmedName = nameIn(z.string()).refine((name) => name === name.trim(), 'must not begin or end with white space')

export const passphrase = z
  .string()
  .min(limits.passphraseLeast, `must be at least ${limits.passphraseLeast} characters`)
  .max(limits.passphrase)
  .refine((text) => passphraseFlaw(text) !== 'trivial', 'must be harder to guess: a few random words work well')

export const messageText = z
  .string()
  .max(limits.text, `must be at most ${limits.text} characters`)
  .refine((text) => text.trim().length > 0, 'must not be empty')
  .refine((text) => !BROKEN.test(text), 'must be text: there is a zero byte or half a character in it')

export const draftText = z.string().max(limits.draft)

export const reachability = z.enum(['local', 'relays', 'public'])

/** Only of a sane length here: what an address means is for the node to say. */
export const relayAddresses = z
  .array(z.string().trim().min(1).max(limits.address))
  .max(limits.relays, `must be at most ${limits.relays} addresses`)

export const noticeMode = z.enum(['off', 'without-text', 'with-text'])

export const role = z.enum(['owner', 'admin', 'moderator', 'member', 'guest'])
export const invitableRole = z.enum(['admin', 'moderator', 'member', 'guest'])

/** What newcomers are given of what was said before they came. */
export const historyPolicy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('last'), count: z.int().min(1).max(limits.historyCount) }),
  z.strictObject({ kind: z.literal('all') }),
])

/** A secret that somebody typed to open something: any text, because what is wrong with it is for the lock to say. */
export const typedPassphrase = z.string().max(limits.passphrase)
export const typedRecoveryPhrase = z.string().max(limits.recoveryPhrase)

/** An absolute path on this computer. The window may only name one that its person chose in a dialog of the system's. */
export const path = z
  .string()
  .min(1, 'must not be empty')
  .max(limits.path, `must be at most ${limits.path} characters`)
  .refine((text) => !text.includes('\0'), 'must not hold control characters')

/** What opens a backup or a locked profile: one of the two, or none where the keyring does. */
export const opener = z.strictObject({
  passphrase: typedPassphrase.nullable().default(null),
  recoveryPhrase: typedRecoveryPhrase.nullable().default(null),
})

export const landing = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('message'), messageId }),
  z.strictObject({ kind: z.literal('date'), at: z.int().min(0) }),
  z.strictObject({ kind: z.literal('unread') }),
])
