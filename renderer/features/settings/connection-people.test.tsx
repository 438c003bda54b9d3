// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/models.ts'
import { idOf, makeAwaited, makeConnection, makePlace, makeQueued, makeSpace, NOON } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const space = makeSpace('Choir')
const channelId = space.channels[0]?.channelId ?? idOf('general')

async function open(part: Partial<Connection>) {
  const view = openWindow(worldWith(space, [], { connection: makeConnection(part) }))
  await view.user.click(await screen.findByRole('button', { name: 'Settings' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Settings' }))
  await view.user.click(dialog.getByRole('tab', { name: 'Connection' }))
  const fact = (term: string) => dialog.getByText(term).parentElement ?? document.body
  await dialog.findByText('Waiting to be delivered')
  const lines = (term: string) => [...fact(term).querySelectorAll('summary, p, li')].map((line) => line.textContent)
  return { ...view, fact, lines, folds: (term: string) => [...fact(term).querySelectorAll('details')] }
}

it('says that nothing waits, and that nobody is there', async () => {
  const { fact } = await open({})
  expect(fact('Waiting to be delivered').textContent).toBe('Waiting to be deliveredNothing')
  expect(fact('Who is connected').textContent).toContain('Nobody yet.')
})

it('says for whom something waits, and why', async () => {
  const waits = makeQueued(channelId, 1, {
    people: [makeAwaited('Bob', { link: { kind: 'unreachable', state: 'backing-off', lastError: 'timed-out', retryAt: null } })],
  })
  const { lines, folds, fake } = await open({ queued: [waits] })
  expect(lines('Waiting to be delivered')).toEqual(['Choir · general 1 message waiting', 'Bob Not reachable (no answer in time)'])
  expect(folds('Waiting to be delivered').map((fold) => fold.open)).toEqual([true])
  fake.emit(
    'connection.changed',
    makeConnection({ queued: [{ ...waits, people: [makeAwaited('Bob', { link: { kind: 'connected', path: 'direct' } })] }] }),
  )
  await expect.poll(() => lines('Waiting to be delivered')[1]).toBe('Bob Connected, but has not confirmed it yet')
  fake.emit('connection.changed', makeConnection())
  await expect.poll(() => lines('Waiting to be delivered')).toEqual([])
})

it('says how much waits for each, what is in a mailbox, and what holds it here', async () => {
  const people = [
    makeAwaited('Bob', { link: { kind: 'no-address' }, messages: 3, inMailbox: 3 }),
    makeAwaited('Eve', { messages: 2, inMailbox: 1 }),
    makeAwaited('Dan', { link: { kind: 'unproven' }, messages: 3 }),
    makeAwaited('Zoe', { link: { kind: 'awaited' }, messages: 3 }),
  ]
  const { lines } = await open({ queued: [makeQueued(channelId, 3, { people, morePeople: 7, held: 'astray' })] })
  expect(lines('Waiting to be delivered')).toEqual([
    'Choir · general 3 messages waiting',
    'This device is being let in again first',
    'Bob Not connected: no address of theirs is known · left for them in a mailbox',
    'Eve 2 messages · Not connected · 1 left for them in a mailbox',
    'Dan Connected, but has not shown yet that they belong here',
    'Zoe Asked to come in here, and not in yet',
    'and 7 more',
  ])
})

it('says that of much only the newest was looked at, and counts nothing by it', async () => {
  const queued = [makeQueued(channelId, 400, { lookedAt: 20, people: [makeAwaited('Bob', { messages: 20, inMailbox: 20 })] })]
  const { lines } = await open({ queued })
  expect(lines('Waiting to be delivered')).toEqual([
    'Choir · general 400 messages waiting',
    'The newest 20 were looked at.',
    'Bob Not connected · 20 left for them in a mailbox',
  ])
})

it('says who of a space and of a private channel is connected, by which way, and since when not', async () => {
  const bob = makeAwaited('Bob', { link: { kind: 'connected', path: 'hole-punched' } })
  const dave = makeAwaited('Dave', { lastSeenAt: NOON })
  const { lines } = await open({
    places: [
      makePlace(space, [bob, dave]),
      makePlace(space, [bob], { membersOf: idOf('plans'), channelName: 'plans' }),
      makePlace({ ...space, spaceId: idOf('alone') }, []),
    ],
  })
  expect(lines('Who is connected')).toEqual([
    'Choir 1 of 2 connected',
    'Bob Connected directly, past the routers (hole-punched)',
    expect.stringMatching(/^Dave Not connected · last connected .*2026/),
    'Choir · plans 1 of 1 connected',
    'Bob Connected directly, past the routers (hole-punched)',
  ])
})

it('folds ten spaces with fifty people each, and opens one of them', async () => {
  const people = Array.from({ length: 50 }, (_, i) => makeAwaited(`Person ${i}`))
  const places = Array.from({ length: 10 }, (_, i) => makePlace({ spaceId: idOf(`space${i}`), name: `Space ${i}` }, people, { of: 70 }))
  const { folds, lines, user } = await open({ places })
  expect(folds('Who is connected').map((fold) => fold.open)).toEqual(places.map(() => false))
  expect(lines('Who is connected').slice(50, 53)).toEqual(['Person 49 Not connected', 'and 20 more', 'Space 1 0 of 70 connected'])
  const [, second] = folds('Who is connected')
  await user.click(second?.querySelector('summary') ?? document.body)
  expect(
    folds('Who is connected')
      .map((fold) => fold.open)
      .slice(0, 3),
  ).toEqual([false, true, false])
})
