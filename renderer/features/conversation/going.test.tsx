// @vitest-environment jsdom
import { fireEvent, screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { MessageId } from '../../../shared/domain/ids.ts'
import type { Channel, Message } from '../../../shared/domain/models.ts'
import { accept, refuse } from '../../testing/fake-node.ts'
import type { Handler } from '../../testing/fake-node.ts'
import { idOf, makeMessage, makeSpace, NOON } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const space = makeSpace('Choir', ['general', 'second'])
const channelId = space.channels[0]?.channelId ?? expect.unreachable('no channel')
const DAY = 86_400_000
const say = (seq: number, part: Partial<Message> = {}) =>
  makeMessage(channelId, seq, 'Bob', `text ${seq}`, { sentAt: NOON - (100 - seq) * 16 * 3_600_000, ...part })
const many = (count: number) => Array.from({ length: count }, (_, index) => say(index + 1))

async function opened(messages: Message[], unread: Partial<Channel> = {}, page?: Handler<'messages.page'>) {
  const own = structuredClone(space)
  Object.assign(own.channels[0] ?? {}, unread)
  const view = openWindow(worldWith(own, ['Bob'], { messages }))
  if (page !== undefined) view.fake.on('messages.page', page)
  await expect.poll(() => document.querySelector('li[aria-label*=", text"]')).not.toBeNull()
  const pages = () => view.fake.calls.filter(({ method }) => method === 'messages.page').map(({ args }) => args)
  return { ...view, pages }
}
// By selector: among so many rows, asking for roles takes seconds.
const row = (text: string) => document.querySelector<HTMLElement>(`li[aria-label^="Bob, ${text}, "]`)
const item = async (text: string) => {
  await expect.poll(() => row(text)).not.toBeNull()
  return row(text) ?? expect.unreachable(`no row ${text}`)
}

it('opens at the first unread message, below a line that says so', async () => {
  const { pages } = await opened(many(90), { unread: 30, readSeq: 60 })
  expect(pages()[0]).toMatchObject({ around: { kind: 'unread' } })
  const first = await item('text 61')
  expect(within(first).getByText('New messages')).toBeDefined()
  expect(screen.getAllByText('New messages')).toHaveLength(1)
})

it('goes to the newest messages from far back, and says how many came meanwhile', async () => {
  const beyond = [say(151), say(150)]
  const { fake, user, pages } = await opened(many(3), { unread: 1, readSeq: 10 }, ({ around, after, before }) => {
    if (around != null) return accept({ messages: [say(12), say(11), say(10)], nextCursor: '10', previousCursor: '12' })
    return before == null && after == null ? accept({ messages: beyond, nextCursor: '150', previousCursor: null }) : refuse('disk')
  })
  fake.emit('message.added', say(151))
  await user.click(await screen.findByRole('button', { name: '1 new message' }))
  expect(await item('text 151')).toBeDefined()
  expect(row('text 12')).toBeNull()
  await expect.poll(() => screen.queryByRole('button', { name: /Jump to newest|new message/ })).toBeNull()
  expect(
    pages().filter((page) => !['before', 'after', 'around'].some((key) => (page as Record<string, unknown>)[key] != null)),
  ).toHaveLength(1)
})

it('scrolls by the wheel also where the button lies over the list', async () => {
  const { fake } = await opened(many(3), { unread: 1, readSeq: 10 }, ({ around }) =>
    around == null ? refuse('disk') : accept({ messages: [say(12), say(11), say(10)], nextCursor: '10', previousCursor: '12' }),
  )
  fake.emit('message.added', say(151))
  const button = await screen.findByRole('button', { name: '1 new message' })
  const list = screen.getByRole('list', { name: 'Messages' }).parentElement ?? expect.unreachable('nothing scrolls')
  list.scrollTop = 500
  fireEvent.wheel(button, { deltaY: -120 })
  expect(list.scrollTop).toBe(380)
})

it('goes to a day that is chosen, and marks where it landed for a moment', async () => {
  const days = many(20).map((message, index) => ({ ...message, sentAt: NOON - (20 - index) * 5 * DAY }))
  const { user, pages } = await opened(days)
  await user.click(screen.getByRole('button', { name: 'Jump to a date' }))
  const chooser = within(screen.getByRole('dialog', { name: 'Jump to a date' }))
  fireEvent.change(chooser.getByLabelText('Date'), { target: { value: '2026-10-01' } })
  await user.click(chooser.getByRole('button', { name: 'Go' }))
  const at = new Date(2026, 9, 1).getTime()
  expect(pages()).toContainEqual(expect.objectContaining({ around: { kind: 'date', at } }))
  expect(screen.queryByRole('dialog')).toBeNull()
  const first = days.find(({ sentAt }) => sentAt >= at) ?? expect.unreachable('nothing that day')
  await expect.poll(() => row(first.text)?.dataset['landed']).toBe('true')
  await expect.poll(() => document.querySelector('[data-landed]')).toBeNull()
})

it.each([
  ['A week ago', 7],
  ['A month ago', 30],
])('goes %s in one press', async (name, days) => {
  const { user, pages } = await opened(many(5))
  await user.click(screen.getByRole('button', { name: 'Jump to a date' }))
  await user.click(screen.getByRole('button', { name }))
  const then = new Date(NOON - days * DAY)
  const at = new Date(then.getFullYear(), then.getMonth(), then.getDate()).getTime()
  expect(pages().at(-1)).toMatchObject({ around: { kind: 'date', at } })
})

it('closes the date chooser with Escape, gives the focus back, and takes no day that is none', async () => {
  const { user } = await opened(many(2))
  const button = screen.getByRole('button', { name: 'Jump to a date' })
  await user.click(button)
  fireEvent.change(screen.getByLabelText('Date'), { target: { value: '' } })
  expect(screen.getByRole('button', { name: 'Go' })).toHaveProperty('disabled', true)
  await user.keyboard('{Escape}')
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(document.activeElement).toBe(button)
  await user.click(button)
  await user.click(button)
  expect(screen.queryByRole('dialog')).toBeNull()
})

it('shows what a message answers, and goes there', async () => {
  const { user } = await opened([...many(9), say(10, { text: 'text of an answer', replyTo: say(3).messageId })])
  const quote = await screen.findByRole('button', { name: 'Go to what this answers: Bob, text 3' })
  await user.click(quote)
  expect((await item('text 3')).dataset['landed']).toBe('true')
})

it('says that what a message answers is not here, until it comes', async () => {
  const missing = say(3)
  const { fake } = await opened([say(4, { replyTo: missing.messageId })])
  expect(await screen.findByText('The message this answers is not on this device.')).toBeDefined()
  fake.emit('message.added', { ...missing, seq: 5 })
  expect(await screen.findByRole('button', { name: 'Go to what this answers: Bob, text 3' })).toBeDefined()
  fake.emit('messages.removed', { channelId, messageIds: [missing.messageId] })
  expect(await screen.findByText('The message this answers is not on this device.')).toBeDefined()
})

it('says that a message one wanted to go to is gone', async () => {
  const { stores, user } = await opened(many(3))
  stores.ui.goTo(space.spaceId, channelId, idOf<MessageId>('gone'))
  expect((await screen.findByRole('alert')).textContent).toContain('That message is no longer on this device.')
  expect(await item('text 3')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Close' }))
  expect(screen.queryByRole('alert')).toBeNull()
})

it('says that a page could not be loaded where it would stand, and tries again', async () => {
  const first = { messages: [say(61), say(60)], nextCursor: '60', previousCursor: '61' }
  let broken = true
  const { fake, user } = await opened(many(3), { unread: 1, readSeq: 59 }, (page) => {
    if (page.around != null) return accept(first)
    return broken ? refuse('disk') : accept({ messages: [say(63), say(62)], nextCursor: '62', previousCursor: null })
  })
  const newer = await screen.findByText('Newer messages could not be loaded.')
  expect(await screen.findByText('Older messages could not be loaded.')).toBeDefined()
  broken = false
  await user.click(within(newer.parentElement ?? document.body).getByRole('button', { name: 'Try again' }))
  expect(await item('text 63')).toBeDefined()
  expect(fake.calls.filter(({ method }) => method === 'messages.page').length).toBeGreaterThanOrEqual(4)
})

it('marks as read what came into view, though newer messages lie beyond', async () => {
  document.hasFocus = () => true
  const { fake } = await opened([], { unread: 50, readSeq: 9 }, ({ around }) =>
    around != null ? accept({ messages: [say(12), say(11), say(10)], nextCursor: '10', previousCursor: '12' }) : refuse('disk'),
  )
  const marks = () => fake.calls.filter(({ method }) => method === 'messages.markRead').map(({ args }) => args)
  expect(marks()).toEqual([])
  const list = screen.getByRole('list', { name: 'Messages' })
  fireEvent.scroll(list.parentElement ?? document.body)
  await expect.poll(marks).toEqual([{ channelId, seq: 12 }])
})
