// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { makeMessage, makeSpace } from '../testing/make.ts'
import { openWindow } from '../testing/render.tsx'
import { emptyWorld, worldWith } from '../testing/world.ts'

const choir = makeSpace('Choir', ['general', 'tea'])
const [general, tea] = choir.channels
if (general === undefined || tea === undefined) throw new Error('two channels')

const world = () => worldWith(choir, ['Bob'], { messages: [makeMessage(tea.channelId, 1, 'Bob', 'Biscuits?')] })
const opened = () => screen.findByRole('main', { name: 'tea' })

it('goes to the channel of a notice that was clicked, and to its message', async () => {
  const { fake } = openWindow(world())
  await screen.findByRole('main', { name: 'general' })
  const { spaceId, channelId } = tea
  fake.emit('notice.opened', { spaceId, channelId, messageId: null })
  await opened()
  fake.emit('notice.opened', { spaceId, channelId, messageId: makeMessage(channelId, 1, 'Bob', '').messageId })
  expect(await screen.findByText('Biscuits?')).toBeDefined()
})

it('goes there once the profile is open, if the notice opened the window', async () => {
  const locked = emptyWorld({ status: { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false } })
  const { fake } = openWindow(locked)
  await screen.findByRole('button', { name: 'Unlock' })
  const { spaceId, channelId } = tea
  fake.emit('notice.opened', { spaceId, channelId, messageId: null })
  const { status, ...rest } = world()
  Object.assign(fake.world, rest)
  fake.world.status = status
  fake.emit('profile.changed', status)
  await opened()
})

it('says which channel is open, and that none is once the profile is closed', async () => {
  const { fake, user } = openWindow(world())
  await expect.poll(() => fake.lookedAt).toBe(general.channelId)
  await user.click(screen.getByRole('link', { name: 'tea' }))
  await expect.poll(() => fake.lookedAt).toBe(tea.channelId)
  fake.emit('profile.changed', { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false })
  await expect.poll(() => fake.lookedAt).toBeNull()
})
