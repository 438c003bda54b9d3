import { expect, it } from 'vitest'
import type { Method } from '../../shared/ipc/contract.ts'
import { validated } from './validated.ts'

const ID = '0'.repeat(32)

it.each<[Method, Record<string, unknown>, string]>([
  ['invitations.create', { spaceId: ID, role: 'member', maxUses: null, expiresInMs: 1 }, '--expires must be at least a minute.'],
  ['invitations.create', { spaceId: ID, role: 'king', maxUses: null, expiresInMs: 3_600_000 }, 'The role must be one of: '],
  ['spaces.setHistory', { spaceId: ID, history: { kind: 'some' } }, 'What newcomers are given is none of those that there are'],
  ['messages.send', { channelId: ID, text: 'x', replyTo: 'abc' }, '--reply-to must be 32 hexadecimal digits.'],
  [
    'messages.send',
    { channelId: ID, text: 'half \ud83d', replyTo: null },
    'The text must be text: there is a zero byte or half a character in it.',
  ],
  ['channels.direct', { spaceId: ID, memberId: 'Bob' }, 'MEMBER, an id as “spacepanda members” lists it, must be 32 hexadecimal digits.'],
  ['channels.setKeepDays', { channelId: ID, keepDays: 4000 }, 'The number of days must be at most 3650.'],
  ['messages.page', { channelId: ID, limit: 201 }, '--limit must be at most 200.'],
  ['channels.create', { spaceId: 'abc', name: 'x' }, 'The id of the space must be 32 hexadecimal digits.'],
  ['profile.setPassphrase', { current: null, next: 'short' }, 'The new passphrase must be at least 8 characters.'],
])('%s with %j is refused in words that a person knows', (method, args, words) => {
  expect(() => validated(method, args as never)).toThrow(words)
})
