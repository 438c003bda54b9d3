import { expect, it } from 'vitest'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import { idOf, makeMessage } from '../../testing/make.ts'
import { firstUnread, merge, mergeEvent, mergePage } from './history.ts'
import type { History } from './history.ts'

const channel = idOf<ChannelId>('channel')
const message = (seq: number, author = 'Bob') => makeMessage(channel, seq, author, `text ${seq}`)
const history = (...seqs: number[]): History => ({ messages: seqs.map((seq) => message(seq)), nextCursor: null })
const seqs = (of: History) => of.messages.map(({ seq }) => seq)
const withState = (seq: number, state: 'stored' | 'held' | 'delivered', delivered: number) => ({
  ...message(seq, 'Alice'),
  delivery: { state, delivered, recipients: 3, reason: null },
})

it('keeps messages in order of their position, each once, whatever the order of arrival', () => {
  const result = [5, 3, 4, 3, 5].reduce((before, seq) => mergeEvent(before, message(seq)), history(1, 2))
  expect(seqs(result)).toEqual([1, 2, 3, 4, 5])
})

it('is the same object when nothing is new, and never touches what it was given', () => {
  const before = Object.freeze({ ...history(1, 2), messages: Object.freeze([message(1), message(2)]) })
  const again = merge(before, [before.messages[0] ?? message(1)])
  expect(again).toBe(before)
  merge(before, [message(3)])
  expect(before.messages).toHaveLength(2)
})

it('takes a change that comes before the message itself, and is not set back by the message', () => {
  const changed = mergeEvent(history(1), withState(2, 'delivered', 3))
  const added = mergeEvent(changed, withState(2, 'stored', 0))
  expect(added.messages[1]?.delivery.state).toBe('delivered')
})

it('never goes back in who has a message', () => {
  const held = merge(history(), [withState(1, 'held', 2)])
  expect(merge(held, [withState(1, 'held', 1)]).messages[0]?.delivery.delivered).toBe(2)
  expect(merge(held, [withState(1, 'delivered', 3)]).messages[0]?.delivery.delivered).toBe(3)
})

it('takes an edit and a deletion, and does not undo them', () => {
  const edited = { ...message(1), text: 'better', editedAt: 5 }
  const once = merge(history(1), [edited])
  expect(merge(once, [message(1)]).messages[0]?.text).toBe('better')
  const deleted = merge(once, [{ ...edited, deleted: true }])
  expect(merge(deleted, [edited]).messages[0]?.deleted).toBe(true)
})

it('leaves an event older than the loaded run to the page it belongs to', () => {
  const partial: History = { ...history(10, 11), nextCursor: 'more' }
  expect(mergeEvent(partial, message(4))).toBe(partial)
  const whole = mergePage(partial, { messages: [message(4), message(9)], nextCursor: null, previousCursor: null })
  expect(seqs(whole)).toEqual([4, 9, 10, 11])
  expect(whole.nextCursor).toBeNull()
})

it('finds the first unread message of others; own ones do not count', () => {
  const messages = [message(1), message(2, 'Alice'), message(3), message(4, 'Alice'), message(5)]
  expect(firstUnread(messages, 2)).toBe(message(3).messageId)
  expect(firstUnread(messages, 0)).toBeNull()
  expect(firstUnread(messages, 99)).toBe(message(1).messageId)
})
