import { z } from 'zod'
import { isHexId } from '../domain/ids.ts'
import { limits } from './limits.ts'
import type { ChannelId, InvitationId, JoinId, MessageId, SpaceId } from '../domain/ids.ts'

export { limits }

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u

const hexId = z.string().refine(isHexId, 'must be 32 hexadecimal digits')
const brandedId = <T extends string>() => hexId.transform((text) => text as T)

export const spaceId = brandedId<SpaceId>()
export const channelId = brandedId<ChannelId>()
export const messageId = brandedId<MessageId>()
export const invitationId = brandedId<InvitationId>()
export const joinId = brandedId<JoinId>()

/** Names of people, spaces and channels: one line, no control or direction-changing characters. */
export const displayName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(limits.name, `must be at most ${limits.name} characters`)
  .refine((text) => !CONTROL.test(text), 'must not hold control characters')

export const passphrase = z
  .string()
  .min(limits.passphraseLeast, `must be at least ${limits.passphraseLeast} characters`)
  .max(limits.passphrase)

export const messageText = z
  .string()
  .max(limits.text, `must be at most ${limits.text} characters`)
  .refine((text) => text.trim().length > 0, 'must not be empty')

export const role = z.enum(['owner', 'admin', 'moderator', 'member', 'guest'])
export const invitableRole = z.enum(['admin', 'moderator', 'member', 'guest'])
