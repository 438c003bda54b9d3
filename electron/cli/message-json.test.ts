import { describe, expect, it } from 'vitest'
import type { Message } from '../../shared/domain/models.ts'
import { messageJson, messageWords } from './message-json.ts'

const message: Message = {
  messageId: 'm' as Message['messageId'],
  channelId: 'c' as Message['channelId'],
  author: { memberId: 'a' as Message['author']['memberId'], name: 'Ann', self: true },
  sentAt: Date.UTC(2025, 5, 1, 12),
  text: 'hello',
  replyTo: null,
  editedAt: null,
  deleted: false,
  reactions: [],
  attachments: [],
  delivery: { state: 'held', delivered: 1, read: 0, recipients: 2, reason: null },
  sharedBy: null,
  seq: 7,
}

describe('a message on the command line', () => {
  it('has exactly the fields of the contract', () => {
    expect(messageJson(message)).toEqual({
      ...{ messageId: 'm', channelId: 'c', author: { memberId: 'a', name: 'Ann' }, sentAt: message.sentAt, text: 'hello', replyTo: null },
      ...{ editedAt: null, deleted: false, reactions: [], attachments: [], state: 'held', seq: 7 },
    })
  })

  it('that failed says why', () => {
    const failed = { ...message, delivery: { ...message.delivery, state: 'failed' as const, reason: 'too old' } }
    expect(messageJson(failed)).toMatchObject({ state: 'failed', reason: 'too old' })
  })

  it("in words tells how far one's own got, and nothing of the kind of others'", () => {
    expect(messageWords(message)).toMatch(/^1 Jun 2025, \d\d:00 {2}Ann: hello {2}\(held\)$/)
    expect(messageWords({ ...message, author: { ...message.author, self: false } })).toMatch(/Ann: hello$/)
  })
})

it('sets in every further line of a message, so that none looks like a line of somebody else', () => {
  const forged = 'ok\n01/01/2026, 10:00  Bob: I owe Alice\r\nmore\u2028and more'
  const lines = messageWords({ ...message, text: forged }).split(/\n/)
  expect(lines).toHaveLength(4)
  expect(lines.slice(1).every((line) => line.startsWith('    '))).toBe(true)
})
