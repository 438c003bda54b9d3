// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { makeMember, makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const space = makeSpace('Choir')

it('lists who is connected and who is not, with roles in words', async () => {
  const { fake } = openWindow(worldWith(space, ['Bob']))
  const panel = within(await screen.findByRole('complementary', { name: 'Members' }))
  const here = within(await panel.findByRole('list', { name: 'Connected' }))
  expect(here.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['Aliceyou · Owner', 'Bob'])
  const self = makeMember('Alice', { self: true, role: 'owner', online: true })
  fake.emit('members.changed', { spaceId: space.spaceId, members: [self, makeMember('Bob', { role: 'admin' })] })
  const away = within(await panel.findByRole('list', { name: 'Not connected' }))
  expect(away.getByRole('listitem').textContent).toBe('BobAdmin')
})

it('can be put away and brought back', async () => {
  const { user } = openWindow(worldWith(space, ['Bob']))
  const [inHeader] = await screen.findAllByRole('button', { name: 'Hide members' })
  if (inHeader === undefined) expect.unreachable('no such button')
  await user.click(inHeader)
  expect(screen.queryByRole('complementary', { name: 'Members' })).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Show members' }))
  expect(screen.getByRole('complementary', { name: 'Members' })).toBeDefined()
})

it('draws a hostile name as text', async () => {
  const name = '<b onclick=alert(1)>x</b>\u202e'
  openWindow(worldWith(space, [name]))
  expect(await screen.findByText('<b onclick=alert(1)>x</b>\ufffd')).toBeDefined()
})
