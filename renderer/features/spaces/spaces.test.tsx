// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { refuse } from '../../testing/fake-node.ts'
import { makeMessage, makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { emptyWorld, worldWith } from '../../testing/world.ts'

const choir = makeSpace('Choir', ['general', 'tea'])
const owls = makeSpace('Owls', ['night'])
const tea = choir.channels[1]?.channelId ?? ('' as never)
const both = () => {
  const world = worldWith(choir, ['Bob'])
  return { ...world, spaces: [...world.spaces, owls], members: { ...world.members, [owls.spaceId]: [] } }
}

it('goes between spaces by mouse and by arrow keys, and comes back to the channel last open', async () => {
  const { user } = openWindow(both())
  await user.click(await screen.findByRole('link', { name: 'tea' }))
  const rail = within(screen.getByRole('navigation', { name: 'Spaces' }))
  await user.click(rail.getByRole('button', { name: 'Owls' }))
  expect(await screen.findByRole('main', { name: 'night' })).toBeDefined()
  rail.getByRole('button', { name: 'Owls' }).focus()
  await user.keyboard('{ArrowUp}{Enter}')
  expect(await screen.findByRole('main', { name: 'tea' })).toBeDefined()
})

it('counts unread messages of other channels, and forgets them when the node says so', async () => {
  const { fake } = openWindow(both())
  const link = await screen.findByRole('link', { name: 'tea' })
  fake.emit('message.added', makeMessage(tea, 1, 'Bob', 'one'))
  fake.emit('message.added', makeMessage(tea, 2, 'Alice', 'mine'))
  fake.emit('message.added', makeMessage(tea, 3, 'Bob', 'two'))
  await expect.poll(() => link.getAttribute('aria-description')).toBe('2 unread messages')
  fake.emit('channel.read', { channelId: tea, unread: 0, readSeq: 3 })
  await expect.poll(() => link.getAttribute('aria-description')).toBeNull()
})

it('keeps the name that was typed when a space could not be made', async () => {
  const { fake, user } = openWindow(emptyWorld())
  fake.on('spaces.create', () => refuse('disk'))
  await user.click(await screen.findByRole('button', { name: 'Create a space' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Create a space' }))
  await user.click(dialog.getByRole('button', { name: 'Create' }))
  expect(dialog.getByRole('alert').textContent).toContain('Give the space a name')
  await user.type(dialog.getByRole('textbox', { name: 'Space name' }), 'Owls{Enter}')
  expect((await dialog.findByText(/The disk did not take it/)).textContent).toBeDefined()
  expect(dialog.getByRole('textbox', { name: 'Space name' })).toHaveProperty('value', 'Owls')
})

it('offers both ways to begin as cards', async () => {
  const { user } = openWindow(emptyWorld())
  await user.click(await screen.findByText('I have an invitation'))
  expect(screen.getByRole('dialog', { name: 'Join a space' })).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Close' }))
  expect(screen.queryByRole('dialog')).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Name your space' }))
  expect(screen.getByRole('dialog', { name: 'Create a space' })).toBeDefined()
})

it('creates a channel, open unless Private is chosen', async () => {
  const { fake, user } = openWindow(both())
  await user.click(await screen.findByRole('button', { name: 'Create a channel' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Create a channel' }))
  expect(dialog.getByRole('checkbox', { name: 'Private' })).toHaveProperty('ariaChecked', 'false')
  await user.type(dialog.getByRole('textbox', { name: 'Channel name' }), 'minutes')
  await user.click(dialog.getByRole('button', { name: 'Create' }))
  expect(await screen.findByRole('main', { name: 'minutes' })).toBeDefined()
  expect(fake.calls.find(({ method }) => method === 'channels.create')?.args).toMatchObject({ name: 'minutes', kind: 'open' })
})

it('moves the edge of the channel list by keys, within bounds, and remembers it', async () => {
  const { user } = openWindow(both())
  const edge = await screen.findByRole('separator', { name: 'Width of the channel list' })
  edge.focus()
  await user.keyboard('{ArrowRight}')
  expect(edge.getAttribute('aria-valuenow')).toBe('256')
  await user.keyboard('{End}{ArrowRight}')
  expect(edge.getAttribute('aria-valuenow')).toBe('360')
  await user.keyboard('{Home}{ArrowLeft}')
  expect(edge.getAttribute('aria-valuenow')).toBe('200')
  expect(window.localStorage.getItem('window')).toContain('200')
})

it('says that spaces could not be loaded, and loads them when asked again', async () => {
  const { fake, user } = openWindow(both())
  fake.on('spaces.list', () => refuse('disk'))
  const again = await screen.findByRole('button', { name: 'Try again' })
  fake.on('spaces.list', () => ({ ok: true, value: [choir] }))
  await user.click(again)
  expect(await screen.findByRole('main', { name: 'general' })).toBeDefined()
})
