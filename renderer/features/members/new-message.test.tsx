// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { MemberId } from '../../../shared/domain/ids.ts'
import { refuse } from '../../testing/fake-node.ts'
import { idOf, makeMember, makeSpace, NOON } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import type { World } from '../../testing/world.ts'
import { worldWith } from '../../testing/world.ts'

const space = makeSpace('Choir')
const open = (people = ['Bob', 'Zoë', 'Carol Ann']) => openIn(worldWith(makeSpace('Choir'), people))
const openIn = async (world: World) => {
  const view = openWindow(world)
  const direct = within(await screen.findByRole('group', { name: 'Direct messages' }))
  const begin = () => view.user.click(direct.getByRole('button', { name: 'New message' }))
  await begin()
  return { ...view, begin, direct, dialog: within(screen.getByRole('dialog', { name: 'New message' })) }
}
type Dialog = Awaited<ReturnType<typeof open>>['dialog']
const names = (dialog: Dialog) => dialog.queryAllByRole('option').map((option) => option.children[1]?.textContent)

it('offers everybody else of the space, and opens a conversation with the one that is chosen', async () => {
  const { user, fake, dialog } = await open()
  expect(document.activeElement).toBe(dialog.getByRole('combobox', { name: 'New message' }))
  expect(names(dialog)).toEqual(['Bob', 'Zoë', 'Carol Ann'])
  await user.type(dialog.getByRole('combobox'), 'zoe')
  expect(names(dialog)).toEqual(['Zoë'])
  await user.keyboard('{Enter}')
  expect(await screen.findByRole('main', { name: 'Zoë' })).toBeDefined()
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(fake.calls.filter(({ method }) => method === 'channels.direct')).toHaveLength(1)
})

it('puts first whose name begins with what was typed, then who has a word that does', async () => {
  const { user, dialog } = await open(['Ahmed محمد', 'Joanna', 'محمد Ali', 'Carol Ann', 'Ann-Marie', 'Anna'])
  await user.type(dialog.getByRole('combobox'), 'محمد')
  expect(names(dialog).map((name) => name?.replace(/[\u2068\u2069]/gu, ''))).toEqual(['محمد Ali', 'Ahmed محمد'])
  await user.clear(dialog.getByRole('combobox'))
  await user.type(dialog.getByRole('combobox'), 'ann')
  expect(names(dialog)).toEqual(['Ann-Marie', 'Anna', 'Carol Ann', 'Joanna'])
})

it('says who of the same name was compared', async () => {
  const world = worldWith(space, ['Bob'])
  const bob = makeMember('Bob', { memberId: idOf<MemberId>('the other Bob'), verified: true })
  world.members[space.spaceId]?.push(bob)
  const { dialog } = await openIn(world)
  expect(dialog.getAllByRole('option').map((option) => option.textContent)).toEqual(['BobConnected', 'BobVerified · Not connected'])
})

it('goes to the conversation that is there already', async () => {
  const { user, begin, direct } = await open()
  await user.click(screen.getByRole('option', { name: /Bob/ }))
  await screen.findByRole('main', { name: 'Bob' })
  await begin()
  await user.click(screen.getByRole('option', { name: /Bob/ }))
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull()
  expect(direct.getAllByRole('link')).toHaveLength(1)
})

it('says that nobody is called that', async () => {
  const { user, dialog } = await open()
  await user.type(dialog.getByRole('combobox'), 'zebra{Enter}')
  expect(dialog.getByRole('status').textContent).toBe('Nobody in this space is called that.')
  expect(dialog.queryByRole('listbox')).toBeNull()
})

it('says why a conversation could not be begun, and keeps the dialog', async () => {
  const { user, fake, dialog } = await open()
  fake.on('channels.direct', () => refuse('disk'))
  await user.type(dialog.getByRole('combobox'), 'carol{Enter}')
  expect((await dialog.findByRole('alert')).textContent).toMatch(/disk/i)
  expect(names(dialog)).toEqual(['Carol Ann'])
})

it('is not offered where one is alone', async () => {
  openWindow(worldWith(makeSpace('Alone')))
  await screen.findByRole('navigation', { name: 'Channels' })
  expect(screen.queryByRole('button', { name: 'New message' })).toBeNull()
})

it('is not offered where one was removed', async () => {
  openWindow(worldWith({ ...makeSpace('Old'), memberCount: 3, status: { kind: 'removed', at: NOON, by: null } }, ['Bob']))
  await screen.findByRole('navigation', { name: 'Channels' })
  expect(screen.queryByRole('button', { name: 'New message' })).toBeNull()
})
