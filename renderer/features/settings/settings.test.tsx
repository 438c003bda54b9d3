// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { makeConnection, makeProfile, makeQueued, makeSpace, NOON } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const space = makeSpace('Choir')
const channelId = space.channels[0]?.channelId ?? ('' as never)
const begin = async () => {
  const connection = makeConnection({
    queued: [makeQueued(channelId, 2)],
    lastErrors: [{ at: NOON, message: 'Could not reach a member.', peerId: null }],
  })
  const view = openWindow(worldWith(space, [], { connection }))
  await view.user.click(await screen.findByRole('button', { name: 'Settings' }))
  return { ...view, dialog: within(screen.getByRole('dialog', { name: 'Settings' })) }
}

it('changes the name', async () => {
  const { fake, user, dialog } = await begin()
  const field = dialog.getByRole('textbox', { name: 'Your name' })
  expect(dialog.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true)
  await user.clear(field)
  await user.type(field, 'Alicia{Enter}')
  expect(await dialog.findByText('Saved')).toBeDefined()
  expect(fake.calls.find(({ method }) => method === 'profile.rename')?.args).toEqual({ name: 'Alicia' })
})

it('shows ids short and copies them whole', async () => {
  const { fake, user, dialog } = await begin()
  const { deviceId } = makeProfile()
  expect(dialog.queryByText(deviceId)).toBeNull()
  await user.click(dialog.getByRole('button', { name: 'Copy device id' }))
  expect(fake.copied).toEqual([deviceId])
})

it('changes the theme at once and remembers it for the next start', async () => {
  const { user, dialog } = await begin()
  await user.click(dialog.getByRole('tab', { name: 'Appearance' }))
  await user.click(dialog.getByRole('radio', { name: 'Dark' }))
  await expect.poll(() => document.documentElement.dataset['theme']).toBe('dark')
  expect(window.localStorage.getItem('window')).toContain('"theme":"dark"')
})

it('says what waits and what went wrong', async () => {
  const { user, dialog } = await begin()
  await user.click(dialog.getByRole('tab', { name: 'Connection' }))
  expect(dialog.getByText('Choir · general').parentElement?.textContent).toBe('Choir · general 2 messages waiting')
  expect(dialog.getByText(/Could not reach a member\.$/)).toBeDefined()
})
