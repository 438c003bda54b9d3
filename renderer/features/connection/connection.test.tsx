// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { MemberId, PeerId, UnmetId } from '../../../shared/domain/ids.ts'
import type { PeerStatus } from '../../../shared/domain/models.ts'
import { idOf, makeConnection, makeQueued, makeSpace, NOON } from '../../testing/make.ts'
import type { Unmet } from '../../../shared/domain/unmet.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'
import { summarise } from './connection-summary.ts'

const space = makeSpace('Choir')
const peer = (name: string, state: PeerStatus['state'], known = true): PeerStatus => ({
  peerId: idOf<PeerId>(`peer ${name}`),
  state,
  direction: 'outbound',
  path: 'direct' as const,
  members: known ? [{ spaceId: space.spaceId, memberId: idOf<MemberId>(name), name }] : [],
  lastError: null,
  retryAt: null,
})

it.each([
  ['offline', makeConnection({ listening: [] })],
  ['alone', makeConnection()],
  ['reaching', makeConnection({ peers: [peer('Bob', 'dialing')] })],
  ['nobody', makeConnection({ peers: [peer('Bob', 'backing-off')] })],
  ['connected', makeConnection({ peers: [peer('Bob', 'ready'), peer('Mira', 'backing-off')] })],
  ['alone', makeConnection({ peers: [peer('Stranger', 'ready', false)] })],
])('tells %s apart', (kind, connection) => {
  expect(summarise(connection).kind).toBe(kind)
})

it('says it in words, as they change, and tries again when asked', async () => {
  const { fake, user } = openWindow(worldWith(space, ['Bob']))
  await screen.findByRole('main', { name: 'general' })
  const words = () => screen.getByRole('status', { name: 'Connection' }).textContent
  await expect.poll(words).toBe('Ready on this network')
  fake.emit('connection.changed', makeConnection({ peers: [peer('Bob', 'ready')] }))
  await expect.poll(words).toBe('Connected to Bob')
  const channelId = space.channels[0]?.channelId ?? ('' as never)
  fake.emit('connection.changed', makeConnection({ peers: [peer('Bob', 'backing-off')], queued: [makeQueued(channelId, 1)] }))
  await expect.poll(words).toBe('Nobody reachable right now · 1 message waiting')
  await user.click(screen.getByRole('button', { name: 'Try to connect now' }))
  expect(fake.calls.at(-1)?.method).toBe('connection.retry')
})

it('tells what was asked in vain until it is dismissed, one by one or all at once', async () => {
  const asked = (name: string): Unmet => ({
    ...{ unmetId: idOf<UnmetId>(name), at: NOON, spaceId: space.spaceId, spaceName: 'Choir', channelName: '' },
    ...{ kind: 'create-channel', name, why: 'This space has a channel of that name already.' },
  })
  const connection = makeConnection({ unmet: ['results', 'scores', 'tea'].map(asked) })
  const { fake, user } = openWindow(worldWith(space, ['Bob'], { connection }))
  const note = await screen.findByRole('region', { name: 'Asked for, and not done' })
  expect(note.textContent).toContain('In Choir: the channel “results” was not made. This space has a channel of that name already. 2 more.')
  await user.click(within(note).getByRole('button', { name: 'Dismiss' }))
  await expect.poll(() => note.textContent).toContain('“scores” was not made')
  await user.click(within(note).getByRole('button', { name: 'Dismiss all' }))
  await expect.poll(() => screen.queryByRole('region', { name: 'Asked for, and not done' })).toBeNull()
  expect(fake.calls.filter(({ method }) => method === 'connection.dismissUnmet').map(({ args }) => args)).toEqual([
    { unmetIds: [idOf('results')] },
    { unmetIds: [idOf('scores'), idOf('tea')] },
  ])
})
