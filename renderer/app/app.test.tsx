// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { makeMessage, makeSpace } from '../testing/make.ts'
import { openWindow } from '../testing/render.tsx'
import { emptyWorld, worldWith } from '../testing/world.ts'

const space = makeSpace('Harbour choir', ['general', 'rehearsals'])
const general = space.channels[0]?.channelId ?? ('' as never)

it('goes from the first run to a space with a channel and a message, by names only', async () => {
  const { user } = openWindow(emptyWorld({ status: { kind: 'none', passphraseRequired: false } }))
  await user.type(await screen.findByRole('textbox', { name: 'Your name' }), 'Alice')
  await user.type(screen.getByRole('textbox', { name: 'Passphrase' }), 'correct horse')
  await user.type(screen.getByRole('textbox', { name: 'Passphrase, again' }), 'correct horse')
  await user.click(screen.getByRole('button', { name: 'Create profile' }))

  await user.click(await screen.findByRole('button', { name: 'Create a space' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Create a space' }))
  await user.type(dialog.getByRole('textbox', { name: 'Space name' }), 'Night Owls')
  await user.click(dialog.getByRole('button', { name: 'Create' }))

  expect(await screen.findByRole('main', { name: 'general' })).toBeDefined()
  expect(screen.queryByRole('dialog')).toBeNull()
  const composer = screen.getByRole('textbox', { name: 'Message #general' })
  await user.type(composer, 'Hello there{Enter}')
  const list = await screen.findByRole('list', { name: 'Messages' })
  expect(await within(list).findByRole('listitem', { name: /^Alice, Hello there, / })).toBeDefined()
})

it('has every landmark and control that the contract names', async () => {
  openWindow(worldWith(space, ['Bob']))
  const spaces = within(await screen.findByRole('navigation', { name: 'Spaces' }))
  for (const name of ['Harbour choir', 'Create a space', 'Join a space']) expect(spaces.getByRole('button', { name })).toBeDefined()
  const channels = within(await screen.findByRole('navigation', { name: 'Channels' }))
  expect(channels.getAllByRole('link').map((link) => link.getAttribute('aria-label'))).toEqual(['general', 'rehearsals'])
  expect(channels.getByRole('button', { name: 'Create a channel' })).toBeDefined()
  expect(screen.getByRole('button', { name: 'Invite people' })).toBeDefined()
  expect(screen.getByRole('main', { name: 'general' })).toBeDefined()
  expect(screen.getByRole('complementary', { name: 'Members' })).toBeDefined()
  expect(screen.getByRole('status', { name: 'Connection' })).toBeDefined()
  expect(screen.getByRole('button', { name: 'Send' })).toBeDefined()
  expect(screen.getByRole('button', { name: 'Settings' })).toBeDefined()
})

it('jumps to a channel with Ctrl K and a few letters', async () => {
  const { user } = openWindow(worldWith(space))
  await screen.findByRole('main', { name: 'general' })
  await user.keyboard('{Control>}k{/Control}')
  await user.type(screen.getByRole('combobox', { name: 'Jump to' }), 'rehe{Enter}')
  expect(await screen.findByRole('main', { name: 'rehearsals' })).toBeDefined()
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message #rehearsals' }))
})

it('asks before it joins by a link that was opened from outside', async () => {
  const { fake } = openWindow(worldWith(space))
  await screen.findByRole('main', { name: 'general' })
  fake.emit('link.opened', { link: 'spacepanda:join/abc' })
  const dialog = within(await screen.findByRole('dialog', { name: 'Join a space' }))
  expect(dialog.getByRole('textbox', { name: 'Invitation link' })).toHaveProperty('value', 'spacepanda:join/abc')
  expect(await dialog.findByText('Harbour choir')).toBeDefined()
  expect(fake.calls.some(({ method }) => method === 'joins.start')).toBe(false)
})

it('keeps a link opened before there is a profile until there is one', async () => {
  const { fake, user } = openWindow(
    emptyWorld({ status: { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false } }),
  )
  await user.type(await screen.findByRole('textbox', { name: 'Passphrase' }), 'correct horse')
  fake.emit('link.opened', { link: 'spacepanda:join/abc' })
  await user.click(screen.getByRole('button', { name: 'Unlock' }))
  expect(await screen.findByRole('dialog', { name: 'Join a space' })).toBeDefined()
})

it('keeps a link that is opened before the window knows whether there is a profile', async () => {
  const { fake, user } = openWindow(
    emptyWorld({ status: { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false } }),
  )
  fake.emit('link.opened', { link: 'spacepanda:join/abc' })
  await user.type(await screen.findByRole('textbox', { name: 'Passphrase' }), 'correct horse')
  await user.click(screen.getByRole('button', { name: 'Unlock' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Join a space' }))
  expect(dialog.getByRole('textbox', { name: 'Invitation link' })).toHaveProperty('value', 'spacepanda:join/abc')
})

it('says messages to screen readers: whole in the open channel, only where from elsewhere', async () => {
  const { fake } = openWindow(worldWith(space, ['Bob']))
  await screen.findByRole('main', { name: 'general' })
  fake.emit('message.added', makeMessage(general, 1, 'Bob', 'Can you hear me?'))
  expect(await screen.findByText('Bob: Can you hear me?')).toBeDefined()
  const elsewhere = space.channels[1]?.channelId ?? general
  fake.emit('message.added', makeMessage(elsewhere, 2, 'Bob', 'A secret of the other channel'))
  expect(await screen.findByText('Bob wrote in rehearsals')).toBeDefined()
  expect(screen.queryByText(/A secret of the other channel/)).toBeNull()
})

it('lets go of every subscription when the window is taken away', async () => {
  const { fake, unmount } = openWindow(worldWith(space))
  await screen.findByRole('main', { name: 'general' })
  expect(fake.listeners()).toBeGreaterThan(0)
  unmount()
  expect(fake.listeners()).toBe(0)
})

it('says what is wrong when the node cannot start, and asks again', async () => {
  const world = emptyWorld()
  const { fake, user } = openWindow(world)
  await screen.findByRole('heading', { name: 'Hello, Alice' })
  fake.emit('profile.changed', {
    kind: 'unreadable',
    code: 'unreadable',
    reason: 'The keyring answered with another key.',
    repairable: false,
  })
  expect(await screen.findByText('The keyring answered with another key.')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByRole('heading', { name: 'Hello, Alice' })).toBeDefined()
})
