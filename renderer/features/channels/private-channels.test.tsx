// @vitest-environment jsdom
import { act, screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { refuse } from '../../testing/fake-node.ts'
import { makeSpace, NOON } from '../../testing/make.ts'
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

it('has a lock wherever it is written of, and no number sign', async () => {
  const { user } = await withPlans()
  const main = within(screen.getByRole('main', { name: 'plans' }))
  const title = main.getByRole('heading', { name: /This is the start of plans/ })
  expect(within(title).getByRole('img', { name: 'Private channel' })).toBeDefined()
  expect(main.getByRole('textbox', { name: 'Message plans' }).previousElementSibling?.getAttribute('aria-label')).toBe('Private channel')
  await user.type(screen.getByRole('searchbox', { name: 'Search' }), 'tea{Enter}')
  const scope = (await screen.findByRole('radio', { name: 'This channel' })).closest('label')
  expect(scope?.textContent).toBe('plans')
  expect(scope?.querySelector('[aria-label="Private channel"]')).not.toBeNull()
})

it('offers to add people where one is alone in it', async () => {
  const { user } = open()
  await user.click(await (await channels()).findByRole('button', { name: 'Create a channel' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Create a channel' }))
  await user.type(dialog.getByRole('textbox', { name: 'Channel name' }), 'diary')
  await user.click(dialog.getByRole('checkbox', { name: 'Private' }))
  await user.click(dialog.getByRole('button', { name: 'Create' }))
  const main = within(await screen.findByRole('main', { name: 'diary' }))
  expect(await main.findByText('Only you are in it so far.')).toBeDefined()
  await user.click(main.getByRole('button', { name: 'Add people' }))
  expect(screen.getByRole('dialog', { name: 'Add people to diary' })).toBeDefined()
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

it('says who was asked in and has not come yet, and calls it off', async () => {
  const { user, fake } = await withPlans()
  const plans = fake.world.spaces[0]?.channels.find((channel) => channel.name === 'plans')
  const [alice, bob] = fake.world.members[plans?.membersOf ?? ('' as never)] ?? []
  if (plans === undefined || alice === undefined || bob === undefined) throw new Error('two are in it')
  const awaited = { ...bob, awaited: true, devices: 0, may: { ...bob.may, roles: [] } }
  act(() => fake.emit('members.changed', { spaceId: plans.membersOf, members: [alice, awaited] }))
  expect(await (await members()).findByText('Joins when they are connected next')).toBeDefined()
  await user.click((await members()).getByRole('button', { name: 'What to do about Bob' }))
  await user.click(screen.getByRole('menuitem', { name: 'Remove…' }))
  expect(screen.getByText('Bob has received nothing of this channel yet, and will not.')).toBeDefined()
})

it('says what newcomers are given of this channel, and repairs it, by itself', async () => {
  const { user, fake } = await withPlans()
  const plans = fake.world.spaces[0]?.channels.find((channel) => channel.name === 'plans')
  await user.click(screen.getByRole('button', { name: 'Channel menu' }))
  await user.click(screen.getByRole('menuitem', { name: 'History for newcomers…' }))
  await user.click(await screen.findByRole('radio', { name: 'The last messages' }))
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Channel menu' }))
  await user.click(screen.getByRole('menuitem', { name: 'Repair…' }))
  await user.click(within(screen.getByRole('dialog', { name: 'Repair plans on this device?' })).getByRole('button', { name: 'Repair' }))
  const asked = fake.calls.filter(({ method }) => ['spaces.history', 'spaces.setHistory', 'spaces.repair'].includes(method))
  expect(asked.map(({ method, args }) => [method, (args as { spaceId: unknown }).spaceId])).toEqual([
    ['spaces.history', plans?.membersOf],
    ['spaces.setHistory', plans?.membersOf],
    ['spaces.repair', plans?.membersOf],
  ])
})

it('may be read and not written in while this device is let in there again; the rest of the space goes on', async () => {
  const { user, fake } = await withPlans()
  const { world } = fake
  const changed = world.spaces.map((space) => ({
    ...space,
    channels: space.channels.map((channel) => (channel.name === 'plans' ? { ...channel, astray: true, returning: true } : channel)),
  }))
  act(() => fake.emit('spaces.changed', changed))
  expect((await screen.findByRole('alert')).textContent).toContain('This device has to be let in here again')
  await user.click((await channels()).getByRole('link', { name: 'general' }))
  await screen.findByRole('main', { name: 'general' })
  expect(screen.queryByRole('alert')).toBeNull()
})

it('says of what is written where one is alone that the channel has nobody else, and not the space', async () => {
  const { user, fake } = await withPlans()
  await user.type(screen.getByRole('textbox', { name: 'Message plans' }), 'to myself{Enter}')
  expect(await screen.findByRole('listitem', { name: /to myself/ })).toBeDefined()
  const [message] = fake.world.messages.slice(-1)
  if (message === undefined) throw new Error('it was sent')
  const delivery = { state: 'stored', delivered: 0, read: 0, recipients: 0, reason: null } as const
  act(() => fake.emit('message.changed', { ...message, delivery }))
  const words = await screen.findByText('Safe on this device. Nobody else who is in this channel now was in it then.')
  // Nobody is waited for, and whoever joins later changes nothing about it: no clock.
  expect(words.parentElement?.querySelector('path')).toBeNull()
})

it('tells whoever is left alone in a conversation that nobody reads it', async () => {
  const { user, fake } = open()
  await user.click(await (await members()).findByRole('button', { name: 'What to do about Bob' }))
  await user.click(screen.getByRole('menuitem', { name: 'Message' }))
  expect(await screen.findByRole('textbox', { name: 'Message Bob' })).toBeDefined()
  expect((await members()).queryByText(/Owner/)).toBeNull()
  const alone = fake.world.spaces.map((space) => ({
    ...space,
    channels: space.channels.map((channel) => (channel.kind === 'direct' ? { ...channel, with: null } : channel)),
  }))
  act(() => fake.emit('spaces.changed', alone))
  expect(await screen.findByText(/^Bob is not in this conversation any more/)).toBeDefined()
  expect(screen.queryByRole('textbox', { name: 'Message Bob' })).toBeNull()
  expect(screen.queryByText('Only Bob and you can read this.')).toBeNull()
  const link = (await channels()).getByRole('link', { name: 'Bob' })
  expect([link.textContent, link.getAttribute('aria-description')]).toEqual(['Bobended', 'ended'])
})

it('shows a conversation that ended with the space as such to who came back, and says how another begins', async () => {
  const { user, fake } = open()
  await user.click(await (await members()).findByRole('button', { name: 'What to do about Bob' }))
  await user.click(screen.getByRole('menuitem', { name: 'Message' }))
  expect(await screen.findByRole('textbox', { name: 'Message Bob' })).toBeDefined()
  const status = { kind: 'removed', at: NOON, by: 'Bob' } as const
  const back = fake.world.spaces.map((space) => ({
    ...space,
    channels: space.channels.map((channel) => (channel.kind === 'direct' ? { ...channel, status } : channel)),
  }))
  act(() => fake.emit('spaces.changed', back))
  const words = await screen.findByText(/^This conversation ended for you\. This device was told on/)
  expect(words.textContent).toContain('As long as Bob is in the space, “Message” beside their name in the list of members begins another.')
  expect(screen.queryByText(/removed you/)).toBeNull()
  expect((await channels()).getByRole('link', { name: 'Bob' }).getAttribute('aria-description')).toBe('ended')
})

it('goes with the space that is left, which is said before', async () => {
  const { user } = await withPlans()
  await user.click(screen.getByRole('button', { name: 'Space menu' }))
  await user.click(screen.getByRole('menuitem', { name: 'Leave…' }))
  expect(screen.getByText('You leave its private channels and direct messages with it.')).toBeDefined()
})
