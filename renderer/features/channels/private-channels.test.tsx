// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { refuse } from '../../testing/fake-node.ts'
import { makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const open = () => openWindow(worldWith(makeSpace('Choir'), ['Bob', 'Carol']))
const channels = async () => within(await screen.findByRole('navigation', { name: 'Channels' }))
const members = async () => within(await screen.findByRole('complementary', { name: 'Members' }))

async function withPlans() {
  const view = open()
  await view.user.click(await (await channels()).findByRole('button', { name: 'Create a channel' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Create a channel' }))
  await view.user.type(dialog.getByRole('textbox', { name: 'Channel name' }), 'plans')
  expect(dialog.queryByRole('checkbox', { name: 'Bob' })).toBeNull()
  await view.user.click(dialog.getByRole('checkbox', { name: 'Private' }))
  await view.user.click(dialog.getByRole('checkbox', { name: 'Bob' }))
  await view.user.click(dialog.getByRole('button', { name: 'Create' }))
  await screen.findByRole('main', { name: 'plans' })
  return view
}

it('makes a private channel for those who are chosen, and shows it with a lock', async () => {
  const { fake } = await withPlans()
  const bob = Object.values(fake.world.members)
    .flat()
    .find((member) => member.name === 'Bob')
  expect(fake.calls.find(({ method }) => method === 'channels.create')?.args).toMatchObject({ kind: 'private', members: [bob?.memberId] })
  const link = within(await (await channels()).findByRole('link', { name: 'plans' }))
  expect(link.getByRole('img', { name: 'Private channel' })).toBeDefined()
  await expect.poll(async () => (await members()).getAllByRole('listitem').length).toBe(2)
  expect((await members()).queryByText('Carol')).toBeNull()
  expect(screen.getByText('Only the 2 of you in this channel can read it.')).toBeDefined()
})

it('adds people from the space who are not in it yet', async () => {
  const { user } = await withPlans()
  await user.click((await members()).getByRole('button', { name: 'Add people' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Add people to plans' }))
  expect(dialog.getAllByRole('checkbox')).toHaveLength(1)
  expect(dialog.getByRole('button', { name: 'Add' })).toHaveProperty('disabled', true)
  await user.click(dialog.getByRole('checkbox', { name: 'Carol' }))
  await user.click(dialog.getByRole('button', { name: 'Add' }))
  expect(await (await members()).findByText('Carol')).toBeDefined()
  expect(screen.queryByRole('dialog')).toBeNull()
})

it('says why somebody could not be added, and keeps the dialog', async () => {
  const { user, fake } = await withPlans()
  fake.on('channels.addMember', () => refuse('disk'))
  await user.click((await members()).getByRole('button', { name: 'Add people' }))
  await user.click(screen.getByRole('checkbox', { name: 'Carol' }))
  await user.click(screen.getByRole('button', { name: 'Add' }))
  expect((await within(screen.getByRole('dialog')).findByRole('alert')).textContent).toContain('The disk did not take it')
})

it('is left after asking', async () => {
  const { user, fake } = await withPlans()
  await user.click(screen.getByRole('button', { name: 'Channel menu' }))
  await user.click(screen.getByRole('menuitem', { name: 'Leave…' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Leave plans?' }))
  await user.click(dialog.getByRole('button', { name: 'Leave' }))
  const plans = fake.world.spaces[0]?.channels.find((channel) => channel.name === 'plans')
  expect(fake.calls.find(({ method }) => method === 'spaces.leave')?.args).toEqual({ spaceId: plans?.membersOf })
})

it('removes somebody from the channel, and says that they stay in the space', async () => {
  const { user, fake } = await withPlans()
  await user.click(await (await members()).findByRole('button', { name: 'What to do about Bob' }))
  await user.click(screen.getByRole('menuitem', { name: 'Remove…' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Remove Bob?' }))
  expect(dialog.getByText(/In the space they stay/)).toBeDefined()
  await user.click(dialog.getByRole('button', { name: 'Remove' }))
  const plans = fake.world.spaces[0]?.channels.find((channel) => channel.name === 'plans')
  expect(fake.calls.find(({ method }) => method === 'members.remove')?.args).toMatchObject({ spaceId: plans?.membersOf })
})

it('opens a conversation with a member, the same one each time', async () => {
  const { user, fake } = open()
  for (let time = 0; time < 2; time++) {
    await user.click(await (await channels()).findByRole('link', { name: 'general' }))
    await user.click(await (await members()).findByRole('button', { name: 'What to do about Bob' }))
    await user.click(screen.getByRole('menuitem', { name: 'Message' }))
    expect(await screen.findByRole('main', { name: 'Bob' })).toBeDefined()
  }
  expect(fake.world.spaces[0]?.channels.filter((channel) => channel.kind === 'direct')).toHaveLength(1)
  const group = within((await channels()).getByRole('group', { name: 'Direct messages' }))
  expect(group.getByRole('link', { name: 'Bob' }).getAttribute('aria-current')).toBe('page')
  expect(screen.getByText('Only Bob and you can read this.')).toBeDefined()
})
