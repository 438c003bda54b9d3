import { expect, it } from 'vitest'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import { idOf, makeMessage } from '../../testing/make.ts'
import { closeEnd, firstUnread, fromPage, mergeChange, mergeEvent, partBeside, trim, withNewer, withOlder, without } from './history.ts'
import type { History } from './history.ts'

const channel = idOf<ChannelId>('channel')
const message = (seq: number, author = 'Bob') => makeMessage(channel, seq, author, `text ${seq}`)
/** A page as the node gives it: the newest first. */
const page = (seqs: number[], nextCursor: string | null = null, previousCursor: string | null = null) => ({
  messages: seqs.map((seq) => message(seq)).reverse(),
  nextCursor,
  previousCursor,
})
const history = (...seqs: number[]): History => fromPage(page(seqs))
const seqs = (of: { messages: readonly { seq: number }[] }) => of.messages.map(({ seq }) => seq)
const withState = (seq: number, state: 'stored' | 'held' | 'delivered', delivered: number) => ({
  ...message(seq, 'Alice'),
  delivery: { state, delivered, read: 0, recipients: 3, reason: null },
})

it('keeps messages in order of their position, each once, whatever the order of arrival', () => {
  const result = [5, 3, 4, 3, 5].reduce((before, seq) => mergeEvent(before, message(seq)), history(1, 2))
  expect(seqs(result)).toEqual([1, 2, 3, 4, 5])
})

it('leaves pages in the order the node gave them, though a message arrived later than it was written', () => {
  const late = fromPage({ ...page([]), messages: [message(3), message(9), message(2)] })
  expect(seqs(late)).toEqual([2, 9, 3])
  expect(seqs(mergeEvent(late, message(10)))).toEqual([2, 9, 3, 10])
  expect(seqs(withOlder({ ...late, older: { kind: 'cursor', cursor: 'c' } }, page([11, 1])))).toEqual([11, 1, 2, 9, 3])
})

it('is the same object when nothing is new, and never touches what it was given', () => {
  const [one, two] = [message(1), message(2)]
  const run: History = { messages: Object.freeze([one, two]), older: { kind: 'none' }, newer: { kind: 'none' } }
  const before = Object.freeze(run)
  expect(mergeEvent(before, one)).toBe(before)
  mergeEvent(before, message(3))
  withOlder(before, page([0]))
  without(before, new Set([message(1).messageId]))
  trim(before, 'older', 1)
  expect(before.messages).toHaveLength(2)
})

it('takes a change that comes before the message itself, and is not set back by the message', () => {
  const changed = mergeChange(history(1), withState(2, 'delivered', 3))
  const added = mergeEvent(changed, withState(2, 'stored', 0))
  expect(added.messages[1]?.delivery.state).toBe('delivered')
})

it('does not put an old message, whose state changed, at the end', () => {
  const run = fromPage(page([10, 11], 'more'))
  expect(mergeChange(run, withState(4, 'delivered', 3))).toBe(run)
})

it('goes back where only a mailbox had a message, and not where anybody has it', () => {
  const states = (...changes: ReturnType<typeof withState>[]) => changes.reduce(mergeEvent, history()).messages[0]?.delivery.state
  expect(states(withState(1, 'held', 0), withState(1, 'stored', 0))).toBe('stored')
  expect(states(withState(1, 'held', 0), withState(1, 'held', 1), withState(1, 'stored', 0))).toBe('held')
})

it('never goes back in who has a message', () => {
  const held = mergeEvent(history(), withState(1, 'held', 2))
  expect(mergeEvent(held, withState(1, 'held', 1)).messages[0]?.delivery.delivered).toBe(2)
  expect(mergeEvent(held, withState(1, 'delivered', 3)).messages[0]?.delivery.delivered).toBe(3)
})

it('takes an edit and a deletion, and does not undo them', () => {
  const edited = { ...message(1), text: 'better', editedAt: 5 }
  const once = mergeChange(history(1), edited)
  expect(mergeEvent(once, message(1)).messages[0]?.text).toBe('better')
  const deleted = mergeChange(once, { ...edited, deleted: true })
  expect(mergeChange(deleted, edited).messages[0]?.deleted).toBe(true)
})

it('leaves an event that belongs beyond either end to the page it comes with', () => {
  const older = fromPage(page([10, 11], 'more'))
  expect(mergeEvent(older, message(4))).toBe(older)
  const whole = withOlder(older, page([4, 9]))
  expect(seqs(whole)).toEqual([4, 9, 10, 11])
  expect(whole.older.kind).toBe('none')
  const newer = fromPage(page([10, 11], null, 'more'))
  expect(mergeEvent(newer, message(12))).toBe(newer)
  expect(seqs(withNewer(newer, page([12, 13])))).toEqual([10, 11, 12, 13])
})

it('takes each message of a page once, though an event told of it before', () => {
  expect(seqs(withNewer(history(1, 2), page([2, 3])))).toEqual([1, 2, 3])
  expect(seqs(withOlder(history(2, 3), page([1, 2])))).toEqual([1, 2, 3])
})

it('lets go of what is far, and remembers that there was more', () => {
  const run = history(1, 2, 3, 4)
  expect(seqs(trim(run, 'older', 3))).toEqual([1, 2, 3])
  expect(trim(run, 'older', 3).newer.kind).toBe('beside')
  expect(seqs(trim(run, 'newer', 3))).toEqual([2, 3, 4])
  expect(trim(run, 'newer', 3).older.kind).toBe('beside')
  expect(trim(run, 'newer', 4)).toBe(run)
})

it('finds what is beside a message in a page around it', () => {
  const around = page([1, 2, 3, 4, 5], 'older', 'newer')
  expect(seqs(partBeside(around, message(3).messageId, 'older'))).toEqual([2, 1])
  expect(seqs(partBeside(around, message(3).messageId, 'newer'))).toEqual([5, 4])
})

it('takes nothing new once its end was closed', () => {
  const closed = closeEnd(history(1))
  expect(mergeEvent(closed, message(2))).toBe(closed)
})

it('finds the first message of others that was not read', () => {
  const messages = [message(1), message(2, 'Alice'), message(3), message(4, 'Alice'), message(5)]
  expect(firstUnread(messages, 1)).toBe(message(3).messageId)
  expect(firstUnread(messages, 3)).toBe(message(5).messageId)
  expect(firstUnread(messages, 5)).toBeNull()
})
