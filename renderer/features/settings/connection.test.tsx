// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { MemberId, PeerId } from '../../../shared/domain/ids.ts'
import { idOf, makeConnection, makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

it('says which messages are known to be missing, and who is asked for them', async () => {
  const { spaceId, ...choir } = makeSpace('Choir')
  const missing = [
    { spaceId, memberId: idOf<MemberId>('Bob'), name: 'Bob', messages: 1, asked: ['Carol', 'Dan'] },
    { spaceId, memberId: idOf<MemberId>('Eve'), name: 'Eve', messages: 2, asked: [] },
  ]
  const { user } = openWindow(worldWith({ spaceId, ...choir }, [], { connection: makeConnection({ missing }) }))
  await user.click(await screen.findByRole('button', { name: 'Settings' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Settings' }))
  await user.click(dialog.getByRole('tab', { name: 'Connection' }))
  expect(await dialog.findByText('1 message from Bob; asking Carol and Dan')).toBeDefined()
  expect(dialog.getByText('2 messages from Eve; asked for when a member connects')).toBeDefined()
})

it('says of each mailbox how it is, and what it should have and has not', async () => {
  const mailboxes = [
    { peerId: '12D3KooWgood' as PeerId, state: 'reachable', lastFetchedAt: Date.UTC(2026, 0, 1, 12), withheld: 0 },
    { peerId: '12D3KooWlost' as PeerId, state: 'unreachable', lastFetchedAt: null, withheld: 3 },
  ] as const
  const { user } = openWindow(worldWith(makeSpace('Choir'), [], { connection: makeConnection({ mailboxes: [...mailboxes] }) }))
  await user.click(await screen.findByRole('button', { name: 'Settings' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Settings' }))
  await user.click(dialog.getByRole('tab', { name: 'Connection' }))
  expect(await dialog.findByText(/^…oWgood · Reachable · asked at /)).toBeDefined()
  expect(dialog.getByText('…oWlost · Not reachable · 3 objects are missing there that should be')).toBeDefined()
})
