// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { About } from '../../../shared/ipc/bridge.ts'
import { makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const openAbout = async (about: Partial<About>) => {
  const world = worldWith(makeSpace('Choir'))
  world.about = { ...world.about, ...about }
  const view = openWindow(world)
  await view.user.click(await screen.findByRole('button', { name: 'Settings' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Settings' }))
  await view.user.click(dialog.getByRole('tab', { name: 'About' }))
  await dialog.findByText(/^Version/)
  return { ...view, dialog }
}

it('says which version it is, what it was built from, what it runs in, and whose work is in it', async () => {
  const { dialog } = await openAbout({ version: '1.2.3', commit: '0123456789abcdef', licences: 'yamux 1.0: MIT' })
  expect(dialog.getByText(/^Version\s+1\.2\.3$/)).toBeDefined()
  expect(dialog.getByText('0123456789ab')).toBeDefined()
  expect(dialog.getByText(/^Electron 45\.4\.1, Chromium /)).toBeDefined()
  expect(dialog.getByText('yamux 1.0: MIT')).toBeDefined()
  expect(dialog.getByText(/has not been audited/)).toBeDefined()
  expect(dialog.queryByRole('note')).toBeNull()
})

it('warns of a test build', async () => {
  const { dialog } = await openAbout({ version: '1.2.3-test.1', kind: 'test' })
  expect(dialog.getByRole('note').textContent).toMatch(/test build/)
})

it('copies all of it for a report', async () => {
  const { dialog, fake, user } = await openAbout({ version: '1.2.3', commit: '0123456789abcdef' })
  await user.click(dialog.getByRole('button', { name: 'Copy these facts' }))
  expect(fake.copied).toEqual([expect.stringContaining('SpacePanda 1.2.3, commit 0123456789abcdef, Electron 45.4.1')])
  expect(await dialog.findByText('Copied')).toBeDefined()
})

it('has no licences to show where it is not a package', async () => {
  const { dialog } = await openAbout({ commit: null, kind: 'development', licences: null })
  expect(dialog.getByText('Only packages carry the list of licences.')).toBeDefined()
  expect(dialog.getByText('Sources under development')).toBeDefined()
})
