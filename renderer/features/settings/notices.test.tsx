// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { usualSettings } from '../../../shared/domain/usual-settings.ts'
import { createClient } from '../../bridge/client.ts'
import { createFakeBridge } from '../../testing/fake-bridge.ts'
import { refuse } from '../../testing/fake-node.ts'
import { makeSpace } from '../../testing/make.ts'
import { draw, openWindow } from '../../testing/render.tsx'
import { emptyWorld, worldWith } from '../../testing/world.ts'
import { NoticesPage } from './notices-page.tsx'
import { createSettingsStore } from './settings-store.ts'

const begin = async () => {
  const view = openWindow(worldWith(makeSpace('Choir')))
  await view.user.click(await screen.findByRole('button', { name: 'Settings' }))
  await view.user.click(screen.getByRole('tab', { name: 'Notifications' }))
  const region = (name: string) => within(screen.getByRole('region', { name }))
  const sent = () => view.fake.calls.flatMap(({ method, args }) => (method === 'settings.set' ? [args] : []))
  return { ...view, region, sent }
}

it('shows who wrote and where until something else is chosen, and says what leaves the encryption', async () => {
  const { user, region, sent } = await begin()
  const messages = region('When a message arrives')
  expect(messages.getByRole('radio', { name: 'Who wrote, and where' }).getAttribute('aria-checked')).toBe('true')
  expect(messages.getByText(/leaves our encryption: your system/)).toBeDefined()
  await user.click(messages.getByRole('radio', { name: 'Who wrote, where, and the text' }))
  await user.click(messages.getByRole('radio', { name: 'Nothing' }))
  expect(sent()).toEqual([
    { ...usualSettings, notices: 'with-text' },
    { ...usualSettings, notices: 'off' },
  ])
})

it('quits with its window unless the person wants it to go on, and says why one may', async () => {
  const { user, region, sent } = await begin()
  const background = region('When you close the window')
  const box = background.getByRole('checkbox', { name: 'Keep running in the tray' })
  expect(box.getAttribute('aria-checked')).toBe('false')
  expect(background.getByText(/only while SpacePanda runs/)).toBeDefined()
  await user.click(box)
  expect(sent()).toEqual([{ ...usualSettings, keepRunning: true }])
})

it('offers no tray where closing a window quits nothing', () => {
  const settings = createSettingsStore(createClient(createFakeBridge(emptyWorld())))
  draw(<NoticesPage settings={settings} loginItem={async () => ({ ok: true, value: 'off' })} platform="darwin" />)
  const background = within(screen.getByRole('region', { name: 'When you close the window' }))
  expect(background.queryByRole('checkbox')).toBeNull()
  expect(background.getByText(/until you quit it/)).toBeDefined()
})

it('says why a change could not be stored, and follows what is changed elsewhere', async () => {
  const { fake, user, region } = await begin()
  fake.on('settings.set', () => refuse('disk', 'The disk is full.'))
  await user.click(region('When you close the window').getByRole('checkbox'))
  expect(await screen.findByRole('alert')).toBeDefined()
  fake.emit('settings.changed', { ...usualSettings, keepRunning: true })
  await expect.poll(() => region('When you close the window').getByRole('checkbox').getAttribute('aria-checked')).toBe('true')
})

it('starts when its person logs in if they want that, and says when that cannot be', async () => {
  const { fake, user, region } = await begin()
  const box = () => region('When you log in').getByRole('checkbox', { name: 'Start when I log in' })
  expect(box().getAttribute('aria-checked')).toBe('false')
  await user.click(box())
  expect([box().getAttribute('aria-checked'), fake.loginItemState]).toEqual(['true', 'on'])
  fake.loginItem = async () => refuse('disk', 'The disk is full.')
  await user.click(box())
  expect(await screen.findByRole('alert')).toBeDefined()
  expect(box().getAttribute('aria-checked')).toBe('true')
})

it('offers no start at login to what is not installed', async () => {
  const settings = createSettingsStore(createClient(createFakeBridge(emptyWorld())))
  draw(<NoticesPage settings={settings} loginItem={async () => ({ ok: true, value: 'unavailable' })} platform="linux" />)
  const login = within(screen.getByRole('region', { name: 'When you log in' }))
  expect(await login.findByText(/Only a SpacePanda that is installed/)).toBeDefined()
  expect(login.queryByRole('checkbox')).toBeNull()
})
