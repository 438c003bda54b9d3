// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { refuse } from '../../testing/fake-node.ts'
import { makeInvitation, makeSpace, NOON } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'
import type { World } from '../../testing/world.ts'
import { qrPath } from './qr-code.tsx'

const space = makeSpace('Choir')
const begin = async (part: Partial<World> = {}, prepare: (view: ReturnType<typeof openWindow>) => void = () => {}) => {
  const view = openWindow(worldWith(space, [], part))
  prepare(view)
  await view.user.click(await screen.findByRole('button', { name: 'Invite people' }))
  return { ...view, dialog: within(screen.getByRole('dialog', { name: 'Invite people' })) }
}
function link(dialog: Awaited<ReturnType<typeof begin>>['dialog']): HTMLInputElement {
  const field = dialog.getByRole('textbox', { name: 'Invitation link' })
  return field instanceof HTMLInputElement ? field : expect.unreachable('not an input')
}

it('makes a link, shows it read-only and as a QR code, and copies it', async () => {
  const { fake, user, dialog } = await begin()
  await expect.poll(() => link(dialog).value).toMatch(/^spacepanda:join\//)
  expect(link(dialog).readOnly).toBe(true)
  expect(dialog.getByRole('img', { name: 'Invitation QR code' })).toBeDefined()
  await user.click(dialog.getByRole('button', { name: 'Copy' }))
  expect(fake.copied).toEqual([link(dialog).value])
  expect((await dialog.findAllByText('Copied')).length).toBeGreaterThan(0)
})

it('shows a usable link again instead of making a second, but not one that is used up or expired', async () => {
  const used = makeInvitation(space.spaceId, { maxUses: 1, uses: 1 })
  const usable = await begin({ invitations: [makeInvitation(space.spaceId)] })
  await expect.poll(() => link(usable.dialog).value).not.toBe('')
  expect(usable.fake.calls.some(({ method }) => method === 'invitations.create')).toBe(false)
  usable.unmount()
  const spent = await begin({ invitations: [used, makeInvitation(space.spaceId, { expiresAt: NOON - 1 })] })
  await expect.poll(() => spent.fake.calls.some(({ method }) => method === 'invitations.create')).toBe(true)
})

it('makes a link for so long and so many', async () => {
  const { fake, user, dialog } = await begin()
  await expect.poll(() => link(dialog).value).not.toBe('')
  await user.selectOptions(dialog.getByRole('combobox', { name: 'Valid for' }), '1 hour')
  await user.selectOptions(dialog.getByRole('combobox', { name: 'How many people' }), '5 people')
  await user.click(dialog.getByRole('button', { name: 'Make another link' }))
  expect(fake.calls.at(-1)).toEqual({ method: 'invitations.create', args: { spaceId: space.spaceId, expiresInMs: 3_600_000, maxUses: 5 } })
})

it('asks before it revokes, and then says it is done', async () => {
  const { fake, user, dialog } = await begin({ invitations: [makeInvitation(space.spaceId)] })
  await user.click(await dialog.findByRole('button', { name: /^Withdraw/ }))
  expect(dialog.getByText(/stops working for everyone who has not joined yet/)).toBeDefined()
  expect(fake.calls.some(({ method }) => method === 'invitations.revoke')).toBe(false)
  await user.click(dialog.getByRole('button', { name: 'Withdraw it' }))
  expect(await dialog.findByText('Invitation withdrawn')).toBeDefined()
  expect(link(dialog).value).toBe('')
})

it('says why no link could be made', async () => {
  const { dialog } = await begin({}, ({ fake }) => fake.on('invitations.create', () => refuse('not-permitted')))
  expect((await dialog.findByRole('alert')).textContent).toContain('Your role in this space does not allow that')
})

it('says that a link is too long for a QR code', () => {
  expect(qrPath(`spacepanda:join/${'a'.repeat(2900)}`)).not.toBeNull()
  expect(qrPath(`spacepanda:join/${'a'.repeat(3000)}`)).toBeNull()
})
