// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { MemberId, PeerId } from '../../../shared/domain/ids.ts'
import { allRights, idOf, makeConnection, makeMessage, makeSpace, noRights } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const choir = makeSpace('Choir')
const general = choir.channels[0]?.channelId ?? ('' as never)
const open = (part: Partial<typeof choir> = {}, others: readonly string[] = ['Bob']) => {
  const world = worldWith({ ...structuredClone(choir), ...part }, others, { messages: [makeMessage(general, 1, 'Bob', 'Still here')] })
  return openWindow({ ...world, spaces: [...world.spaces, makeSpace('Owls', ['night'])] })
}
const act = async (user: ReturnType<typeof open>['user'], name: string) => {
  await user.click(await screen.findByRole('button', { name: 'Space menu' }))
  await user.click(screen.getByRole('menuitem', { name }))
}

it('leaves a space: it is gone at once, and a note says what still goes on', async () => {
  const { fake, user } = open()
  await act(user, 'Leave…')
  const dialog = within(screen.getByRole('dialog', { name: 'Leave Choir?' }))
  expect(dialog.getByText(/The others are told as soon as one of them is connected/)).toBeDefined()
  await user.click(dialog.getByRole('button', { name: 'Leave' }))
  expect(await screen.findByText('You left Choir. As soon as a member is connected they are told.')).toBeDefined()
  expect(within(screen.getByRole('navigation', { name: 'Spaces' })).queryByRole('button', { name: 'Choir' })).toBeNull()
  expect(await screen.findByRole('main', { name: 'night' })).toBeDefined()
  fake.emit('spaces.changed', fake.world.spaces.slice(1))
  await expect.poll(() => screen.queryByText(/You left Choir/)).toBeNull()
})

it('says that somebody is being told where a member is connected', async () => {
  const { fake } = open({ status: { kind: 'leaving', since: 1 } })
  await screen.findByText('You left Choir. As soon as a member is connected they are told.')
  const bob = { spaceId: choir.spaceId, memberId: idOf<MemberId>('Bob'), name: 'Bob' }
  const peer = {
    peerId: idOf<PeerId>('peer'),
    direction: 'outbound',
    path: 'direct',
    members: [bob],
    lastError: null,
    retryAt: null,
  } as const
  const told = (state: 'ready' | 'closed') =>
    fake.emit('connection.changed', makeConnection({ peers: [{ ...peer, members: [bob], state }] }))
  told('ready')
  expect(await screen.findByText('You left Choir. A member is connected and is being told.')).toBeDefined()
  told('closed')
  expect(await screen.findByText('You left Choir. As soon as a member is connected they are told.')).toBeDefined()
})

it('lets the note be dismissed', async () => {
  const { user } = open({ status: { kind: 'leaving', since: 1 } })
  await screen.findByText(/You left Choir/)
  await user.click(screen.getByRole('button', { name: 'Dismiss' }))
  expect(screen.queryByText(/You left Choir/)).toBeNull()
})

it('tells the last owner what to do first, and offers nothing else', async () => {
  const { user } = open({ may: { ...allRights, leave: false } })
  await act(user, 'Leave…')
  const dialog = within(screen.getByRole('dialog', { name: 'Leave Choir?' }))
  expect(dialog.getByText(/make somebody else owner/)).toBeDefined()
  expect(dialog.queryByRole('button', { name: 'Leave' })).toBeNull()
})

it('says of a space without others that its messages are lost for good', async () => {
  const { user } = open({}, [])
  await act(user, 'Leave…')
  expect(screen.getByText(/nobody can bring them back/)).toBeDefined()
})

it('renames a space from the name it has', async () => {
  const { user } = open()
  await act(user, 'Rename…')
  const name = screen.getByRole('textbox', { name: 'Space name' })
  expect(name).toHaveProperty('value', 'Choir')
  await user.clear(name)
  await user.type(name, 'Harbour choir{Enter}')
  expect(await screen.findByRole('button', { name: 'Harbour choir' })).toBeDefined()
})

it('offers no renaming to who may not', async () => {
  const { user } = open({ may: { ...allRights, manageSpace: false } })
  await user.click(await screen.findByRole('button', { name: 'Space menu' }))
  expect(screen.getAllByRole('menuitem').map(({ textContent }) => textContent)).toEqual(['Repair…', 'Leave…'])
})

it('says that one was removed and by whom, keeps the history, and can be deleted', async () => {
  const { fake, user } = open({ status: { kind: 'removed', at: 0, by: 'Mira' }, may: noRights })
  expect(await screen.findByText(/^Mira removed you from this space\. This device was told on/)).toBeDefined()
  expect(await screen.findByRole('listitem', { name: /^Bob, Still here/ })).toBeDefined()
  expect(screen.queryByRole('textbox', { name: 'Message #general' })).toBeNull()
  expect(screen.queryByText(/Say hello/)).toBeNull()
  expect(screen.getByRole('list', { name: 'Until you were removed' })).toBeDefined()
  expect(screen.queryByRole('list', { name: 'Connected' })).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Use an invitation…' }))
  expect(screen.getByRole('textbox', { name: 'Invitation link' })).toHaveProperty('value', '')
  await user.keyboard('{Escape}')
  await user.click(screen.getByRole('button', { name: 'Delete from this device…' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Delete Choir from this device?' }))
  await user.click(dialog.getByRole('button', { name: 'Delete' }))
  expect(await screen.findByRole('main', { name: 'night' })).toBeDefined()
  expect(fake.calls.some(({ method }) => method === 'spaces.forget')).toBe(true)
})

it('repairs a space as the last resort: says what that means, and that one reads only until somebody answers', async () => {
  const { fake, user } = open()
  await act(user, 'Repair…')
  const dialog = within(screen.getByRole('dialog', { name: 'Repair Choir on this device?' }))
  expect(dialog.getByText(/Nothing that is here is lost/)).toBeDefined()
  await user.click(dialog.getByRole('button', { name: 'Repair' }))
  expect(fake.calls.filter(({ method }) => method === 'spaces.repair')).toHaveLength(1)
  expect(await screen.findByText(/let in again by itself/)).toBeDefined()
})
