// @vitest-environment jsdom
import { fireEvent, screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Message } from '../../../shared/domain/models.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import { refuse } from '../../testing/fake-node.ts'
import { makeMessage, makeSpace, noRights } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const space = makeSpace('Choir', ['general', 'second'])
const channelId = space.channels[0]?.channelId ?? ('' as never)
const say = (seq: number, author: string, text: string, part: Partial<Message> = {}) => makeMessage(channelId, seq, author, text, part)
const opened = async (messages: Message[]) => {
  const view = openWindow(worldWith(space, ['Bob', 'Mira'], { messages }))
  const list = within(await screen.findByRole('list', { name: 'Messages' }))
  return { ...view, list, composer: screen.getByRole('textbox', { name: 'Message #general' }) }
}

it('names each message “author, text, time”', async () => {
  const { list } = await opened([say(1, 'Bob', 'Hello\nthere')])
  expect(await list.findByRole('listitem', { name: /^Bob, Hello there, \d/ })).toBeDefined()
})

const attacks = [
  '<img src=x onerror="window.attacked=1">',
  '<script>window.attacked=1</script>',
  '"><svg onload=window.attacked=1>',
  'javascript:window.attacked=1',
  '[x](javascript:window.attacked=1)',
  '{{constructor.constructor("window.attacked=1")()}}',
  '$t(app.name) {{name}}',
]

it.each(attacks)('draws %s as the text it is, in messages and in names', async (attack) => {
  const { list } = await opened([
    say(1, 'Bob', attack, { author: { memberId: say(1, 'Bob', '').author.memberId, name: attack, self: false } }),
  ])
  await list.findByRole('listitem')
  expect(list.getAllByText(attack).length).toBeGreaterThanOrEqual(2)
  expect(document.querySelector('img, script, iframe, [onload], [onerror], a[href^="javascript"]')).toBeNull()
  expect('attacked' in window).toBe(false)
})

it('says where an own message is, and follows it', async () => {
  const mine = say(1, 'Alice', 'Mine', { delivery: { state: 'stored', delivered: 0, read: 0, recipients: 2, reason: null } })
  const { fake, list } = await opened([mine])
  expect(await list.findByText('Safe on this device. Waiting for Bob and Mira.')).toBeDefined()
  // Whoever came after it was written is not waited for, and who of the two did is not known.
  fake.emit('message.changed', { ...mine, delivery: { state: 'stored', delivered: 0, read: 0, recipients: 1, reason: null } })
  expect(await list.findByText('Safe on this device. Waiting for 1 device.')).toBeDefined()
  fake.emit('message.changed', { ...mine, delivery: { state: 'held', delivered: 0, read: 0, recipients: 2, reason: null } })
  expect(await list.findByText(/^In the mailbox of a relay/)).toBeDefined()
  fake.emit('message.changed', { ...mine, delivery: { state: 'held', delivered: 1, read: 0, recipients: 2, reason: null } })
  expect(await list.findByText(/^Held by 1 of 2 devices/)).toBeDefined()
  fake.emit('message.changed', { ...mine, delivery: { state: 'delivered', delivered: 2, read: 0, recipients: 2, reason: null } })
  expect(await list.findByText('Delivered to everyone.')).toBeDefined()
})

it('sends with Enter, breaks the line with Shift and Enter', async () => {
  const { fake, user, composer } = await opened([])
  await user.type(composer, 'one{Shift>}{Enter}{/Shift}two{Enter}')
  const sent = fake.calls.find(({ method }) => method === 'messages.send')
  expect(sent?.args).toMatchObject({ text: 'one\ntwo' })
  expect(composer).toHaveProperty('value', '')
})

it('does not send while a word is being composed', async () => {
  const { fake, user, composer } = await opened([])
  await user.type(composer, 'にほ')
  fireEvent.keyDown(composer, { key: 'Enter', isComposing: true })
  expect(fake.calls.some(({ method }) => method === 'messages.send')).toBe(false)
})

it('keeps the text where it stands when it could not be sent, and says so', async () => {
  const { fake, user, composer } = await opened([])
  fake.on('messages.send', () => refuse('disk'))
  await user.type(composer, 'Do not lose me{Enter}')
  expect((await screen.findByRole('alert')).textContent).toContain('Not sent. The disk did not take it.')
  expect(composer).toHaveProperty('value', 'Do not lose me')
})

it('keeps a draft for each channel', async () => {
  const { user, composer } = await opened([])
  await user.type(composer, 'half a thought')
  await user.click(screen.getByRole('link', { name: 'second' }))
  expect(await screen.findByRole('textbox', { name: 'Message #second' })).toHaveProperty('value', '')
  await user.click(screen.getByRole('link', { name: 'general' }))
  expect(await screen.findByRole('textbox', { name: 'Message #general' })).toHaveProperty('value', 'half a thought')
})

it('refuses what is too long and says by how much', async () => {
  const { fake, user, composer } = await opened([])
  fireEvent.change(composer, { target: { value: 'x'.repeat(limits.text + 7) } })
  expect(screen.getByText('7 characters too long')).toBeDefined()
  expect(screen.getByRole('button', { name: 'Send' })).toHaveProperty('disabled', true)
  await user.type(composer, '{Enter}')
  expect(fake.calls.some(({ method }) => method === 'messages.send')).toBe(false)
})

it('marks the channel read up to its newest message when that is in view', async () => {
  document.hasFocus = () => true
  const { fake, list } = await opened([say(1, 'Bob', 'one'), say(2, 'Bob', 'two')])
  await list.findByRole('listitem', { name: /two/ })
  expect(fake.calls.find(({ method }) => method === 'messages.markRead')?.args).toEqual({ channelId, seq: 2 })
})

it('says why one may not write, and says when the others are out of reach', async () => {
  const closed = { ...space, astray: true, may: noRights }
  openWindow(worldWith(closed, ['Bob']))
  expect(await screen.findByText(/Your role in this space is to read/)).toBeDefined()
  expect(screen.getByText(/let in again by itself/)).toBeDefined()
  expect(screen.queryByRole('textbox', { name: 'Message #general' })).toBeNull()
  expect(screen.queryByRole('button', { name: 'Invite people' })).toBeNull()
  expect(screen.queryByRole('button', { name: 'Create a channel' })).toBeNull()
})

it('says that another invitation is needed where nobody may let one in by the old one', async () => {
  openWindow(worldWith({ ...space, astray: true, uninvited: 'refused', returning: true, may: noRights }, ['Bob']))
  expect((await screen.findByRole('alert')).textContent).toMatch(/Ask one of them for a new invitation/)
  expect(screen.getByRole('button', { name: 'Use an invitation…' })).toBeDefined()
  expect(screen.queryByText(/let in again by itself/)).toBeNull()
})

it('says that another computer has the place of this one, and goes on here if that is wished', async () => {
  const { fake, user } = openWindow(worldWith({ ...space, astray: true, takenOver: true, returning: true, may: noRights }, ['Bob']))
  expect((await screen.findByRole('alert')).textContent).toMatch(/Another computer seems to use this profile/)
  fake.on('spaces.repair', () => refuse('disk'))
  await user.click(screen.getByRole('button', { name: 'Go on here' }))
  expect(await screen.findByText(/disk/i)).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Go on here' }))
  const asked = fake.calls.filter(({ method }) => method === 'spaces.repair')
  expect(asked.map(({ args }) => args)).toEqual([{ spaceId: space.spaceId }, { spaceId: space.spaceId }])
})

it('says that only somebody who is no member as far as is known would let one in', async () => {
  openWindow(worldWith({ ...space, astray: true, uninvited: 'strangers', returning: true, may: noRights }, ['Bob']))
  const why = await screen.findByRole('alert')
  expect(why.textContent).toMatch(/is no member as far as this device knows/)
  // What is written meanwhile stays a draft, and the field says why it is not sent.
  expect(screen.getByRole('textbox', { name: 'Message #general' }).getAttribute('aria-describedby')).toContain(why.id)
  expect(why.id).not.toBe('')
})

it('offers to read the channel again when it could not', async () => {
  const view = openWindow(worldWith(space, [], { messages: [say(1, 'Bob', 'still here')] }))
  view.fake.on('messages.page', () => refuse('disk'))
  const again = await screen.findByRole('button', { name: 'Try again' })
  view.fake.on('messages.page', () => ({ ok: true, value: { messages: view.fake.world.messages, nextCursor: null, previousCursor: null } }))
  await view.user.click(again)
  expect(await screen.findByRole('listitem', { name: /still here/ })).toBeDefined()
})

it('goes through the messages with the arrow keys', async () => {
  const { user, list } = await opened([say(1, 'Bob', 'one'), say(2, 'Mira', 'two')])
  const last = await list.findByRole('listitem', { name: /two/ })
  last.focus()
  await user.keyboard('{ArrowUp}')
  await expect.poll(() => document.activeElement?.getAttribute('aria-label')).toMatch(/one/)
})

it('of a channel that is not in the space what was said can be read, and nothing be written', async () => {
  const lost = makeSpace('Choir', ['general'])
  const [general] = lost.channels
  Object.assign(general ?? expect.unreachable('no channel'), { lost: true })
  openWindow(worldWith(lost, ['Bob'], { messages: [makeMessage(lost.channels[0]?.channelId ?? channelId, 1, 'Bob', 'Hello')] }))
  expect(await screen.findByRole('listitem', { name: /^Bob, Hello/ })).toBeDefined()
  expect(screen.getByText(/made while members were apart/)).toBeDefined()
  expect(screen.queryByRole('textbox', { name: 'Message #general' })).toBeNull()
})
