// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { MemberId, PeerId } from '../../../shared/domain/ids.ts'
import type { PeerStatus } from '../../../shared/domain/models.ts'
import { idOf, makeConnection, makeSpace, NOON } from '../../testing/make.ts'
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
  expect(dialog.getByText('…oWlost · Not reachable · 3 things that should be there are missing')).toBeDefined()
})

it('says in words how somebody is connected, and why not', async () => {
  const { spaceId, ...choir } = makeSpace('Choir')
  const person = (name: string, part: Partial<PeerStatus>): PeerStatus => ({
    ...{ peerId: idOf<PeerId>(name), state: 'backing-off', direction: 'outbound', path: null, lastError: null, retryAt: null },
    members: [{ spaceId, memberId: idOf<MemberId>(name), name }],
    ...part,
  })
  const peers = [person('Bob', { state: 'ready', path: 'relayed' }), person('Eve', { lastError: 'timed-out' })]
  const lastErrors = [
    { at: NOON, message: 'refused', peerId: null },
    { at: NOON, message: 'timed-out', peerId: idOf<PeerId>('Eve') },
    { at: NOON, message: 'The disk is full.', peerId: null },
  ]
  const { user } = openWindow(worldWith({ spaceId, ...choir }, [], { connection: makeConnection({ peers, lastErrors }) }))
  await user.click(await screen.findByRole('button', { name: 'Settings' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Settings' }))
  await user.click(dialog.getByRole('tab', { name: 'Connection' }))
  const facts = (await dialog.findByText('Others')).closest('dl')?.textContent
  for (const words of ['Bob · Connected through a relay', 'Eve · Not reachable (no answer in time)']) expect(facts).toContain(words)
  for (const words of [
    / · A connection failed: the other end refused/,
    / · Connecting to Eve failed: no answer in time/,
    / · The disk is full\./,
  ])
    expect(facts).toMatch(words)
})
