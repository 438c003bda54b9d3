// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Member } from '../../../shared/domain/models.ts'
import { refuse } from '../../testing/fake-node.ts'
import { makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const space = makeSpace('Choir')
const open = (bob: Partial<Member> = {}) => {
  const world = worldWith(space, ['Bob'])
  const list = world.members[space.spaceId]
  if (list?.[1] !== undefined) Object.assign(list[1], bob)
  return openWindow(world)
}
const panel = async () => within(await screen.findByRole('complementary', { name: 'Members' }))
const bobItem = async () => {
  const item = (await (await panel()).findAllByRole('listitem')).find(({ textContent }) => textContent.includes('Bob'))
  if (item === undefined) throw new Error('Bob is listed')
  return item
}

it('says what removing somebody means, and does it once asked', async () => {
  const { fake, user } = open()
  await user.click(await (await panel()).findByRole('button', { name: 'What to do about Bob' }))
  const menu = within(screen.getByRole('menu', { name: 'What to do about Bob' }))
  expect(menu.getAllByRole('menuitem').map((item) => item.textContent)).toEqual(['Message', 'Change role…', 'Verify…', 'Remove…'])
  expect(menu.getAllByRole('menuitem').map((item) => item.dataset['danger'])).toEqual([undefined, undefined, undefined, 'true'])
  await user.click(menu.getByRole('menuitem', { name: 'Remove…' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Remove Bob?' }))
  expect(dialog.getByText(/Bob can read nothing written from now on.*What they have received stays with them/)).toBeDefined()
  expect(document.activeElement?.textContent).toBe('Cancel')
  expect(fake.calls.some(({ method }) => method === 'members.remove')).toBe(false)
  await user.click(dialog.getByRole('button', { name: 'Remove' }))
  await expect.poll(() => screen.queryByText('Bob')).toBeNull()
  expect(screen.queryByRole('dialog')).toBeNull()
})

it('says why somebody could not be removed, and keeps the dialog', async () => {
  const { fake, user } = open()
  fake.on('members.remove', () => refuse('not-permitted'))
  await user.click(await (await panel()).findByRole('button', { name: 'What to do about Bob' }))
  await user.click(screen.getByRole('menuitem', { name: 'Remove…' }))
  await user.click(screen.getByRole('button', { name: 'Remove' }))
  expect(await screen.findByText('Your role in this space does not allow that.')).toBeDefined()
  expect(screen.getByRole('dialog', { name: 'Remove Bob?' })).toBeDefined()
})

it('offers only what may be done, by keyboard too, and nothing about oneself where nothing may', async () => {
  const { user } = open({ may: { remove: false, verify: true, roles: [], message: false } })
  const item = await bobItem()
  item.focus()
  await user.keyboard('{Enter}')
  expect(screen.getAllByRole('menuitem').map(({ textContent }) => textContent)).toEqual(['Verify…'])
  await user.keyboard('{Escape}')
  expect(screen.queryByRole('menu')).toBeNull()
  expect((await panel()).queryByRole('button', { name: 'What to do about Alice' })).toBeNull()
})

it('changes a role among those it may give, with a warning where it cannot be taken back', async () => {
  const { fake, user } = open()
  await user.click(await (await panel()).findByRole('button', { name: 'What to do about Bob' }))
  await user.click(screen.getByRole('menuitem', { name: 'Change role…' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Role of Bob' }))
  expect(dialog.getByRole('button', { name: 'Change role' })).toHaveProperty('disabled', true)
  expect(dialog.getByText('Each may also do what the ones below may.')).toBeDefined()
  expect(dialog.getByRole('radio', { name: 'Guest: reads and writes, also in private channels that they make.' })).toBeDefined()
  await user.click(dialog.getByRole('radio', { name: /^Owner/ }))
  expect(dialog.getByRole('status').textContent).toBe('You cannot take that back: only Bob can stop being owner.')
  await user.click(dialog.getByRole('radio', { name: /^Admin/ }))
  expect(dialog.queryByRole('status')).toBeNull()
  await user.click(dialog.getByRole('button', { name: 'Change role' }))
  await expect.poll(async () => (await bobItem()).textContent).toContain('Admin')
  expect(fake.calls.find(({ method }) => method === 'members.setRole')?.args).toMatchObject({ role: 'admin' })
})

it('shows the safety number in twelve groups, and notes that it was compared', async () => {
  const { user } = open()
  await user.click(await (await panel()).findByRole('button', { name: 'What to do about Bob' }))
  await user.click(screen.getByRole('menuitem', { name: 'Verify…' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Verify Bob' }))
  const number = within(dialog.getByRole('list', { name: 'Safety number' }))
  expect((await number.findAllByRole('listitem')).map(({ textContent }) => textContent)).toHaveLength(12)
  await user.click(dialog.getByRole('button', { name: 'It is the same' }))
  expect(await (await panel()).findByRole('img', { name: 'Verified' })).toBeDefined()
  expect(screen.queryByRole('dialog')).toBeNull()
})
