// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { connectionChecks } from '../../../shared/domain/connection-check.ts'
import type { ConnectionCheck, ConnectionCheckCode } from '../../../shared/domain/connection-check.ts'
import type { Connection, Outside } from '../../../shared/domain/models.ts'
import type { Task } from '../../../shared/domain/tasks.ts'
import { refuse } from '../../testing/fake-node.ts'
import { makeCheck, makeConnection, makeSpace, NOON } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const begin = async (connection: Partial<Connection> = {}) => {
  const view = openWindow(worldWith(makeSpace('Choir'), [], { connection: makeConnection(connection) }))
  await view.user.click(await screen.findByRole('button', { name: 'Settings' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Settings' }))
  await view.user.click(dialog.getByRole('tab', { name: 'Connection' }))
  const press = async (): Promise<Task> => {
    await view.user.click(await dialog.findByRole('button', { name: 'Test my connection' }))
    await dialog.findByRole('progressbar', { name: 'Testing the connection' })
    const [task] = view.fake.world.tasks
    if (task === undefined) throw new Error('no task')
    return task
  }
  const end = (task: Task, findings: ConnectionCheck[]) =>
    view.fake.emit('task.changed', { ...task, state: { kind: 'done', result: { kind: 'connection', findings } } })
  return { ...view, dialog, press, end }
}

it('shows how far the test is, and what it found, each with what to do about it', async () => {
  const { fake, dialog, press, end } = await begin()
  const task = await press()
  fake.emit('task.changed', { ...task, state: { kind: 'running', done: 1, total: 4 } })
  await expect.poll(() => dialog.getByRole('progressbar', { name: 'Testing the connection' }).getAttribute('aria-valuenow')).toBe('25')
  end(task, [
    makeCheck('device-online'),
    makeCheck('relay-answers', { relay: 'abcdef', values: { ms: 42 } }),
    makeCheck('place-refused', { relay: 'abcdef' }),
    makeCheck('relay-refuses', { relay: 'ghijkl' }),
  ])
  expect(await dialog.findByRole('alert')).toHaveProperty('textContent', '2 things are not in order.')
  const list = within(dialog.getByRole('list', { name: 'What was found' }))
  expect(list.getAllByRole('heading').map((heading) => heading.textContent)).toEqual(['Relay …abcdef', 'Relay …ghijkl'])
  expect(list.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    'in order: This device is on a network.',
    expect.stringMatching(/^Relay …abcdef.*42 ms.*no place/),
    'in order: The relay answers in 42 ms.',
    expect.stringMatching(/^not in order: The relay gives this device no place\..*Use another relay, or ask/),
    expect.stringMatching(/^Relay …ghijkl/),
    expect.stringMatching(/^not in order: Nothing listens at the address of this relay\.Ask whoever runs it/),
  ])
})

it('says that all is in order, that something could be better, and can be run again', async () => {
  const { user, dialog, press, end, fake } = await begin()
  end(await press(), [makeCheck('device-online'), makeCheck('outside-unknown')])
  expect(await dialog.findByText('Everything that could be tested is in order.')).toBeDefined()
  await user.click(dialog.getByRole('button', { name: 'Test again' }))
  await dialog.findByRole('progressbar')
  expect(dialog.queryByRole('list', { name: 'What was found' })).toBeNull()
  const [again] = fake.world.tasks
  if (again === undefined) throw new Error('no task')
  end(again, [makeCheck('relays-none')])
  expect(await dialog.findByText('Nothing is broken. Something could be better.')).toBeDefined()
})

it('keeps no result of relays that are not the ones chosen now', async () => {
  const { user, dialog, press, end } = await begin()
  const field = () => dialog.getByRole('textbox', { name: 'Address of a relay' })
  const relay = `/ip4/203.0.113.7/tcp/4001/p2p/12D3KooW${'a'.repeat(44)}`
  end(await press(), [makeCheck('relays-none')])
  await dialog.findByRole('list', { name: 'What was found' })
  await user.type(field(), `${relay}{Enter}`)
  await expect.poll(() => dialog.queryByRole('list', { name: 'What was found' })).toBeNull()
  expect(dialog.queryByText('Nothing is broken. Something could be better.')).toBeNull()
  await press()
  await user.click(dialog.getByRole('button', { name: 'Remove …aaaaaa' }))
  expect(await dialog.findByText('The test was cancelled.')).toBeDefined()
})

it('is cancelled, and says why it could not begin', async () => {
  const { user, fake, dialog, press } = await begin()
  await press()
  await user.click(dialog.getByRole('button', { name: 'Cancel' }))
  expect(await dialog.findByText('The test was cancelled.')).toBeDefined()
  fake.on('connection.test', () => refuse('conflict', 'This is under way already.'))
  await user.click(dialog.getByRole('button', { name: 'Test my connection' }))
  expect(await dialog.findByText('This is under way already.')).toBeDefined()
})

it('says who is not connected, when that was different, and by what ways they are looked for', async () => {
  const { dialog, press, end } = await begin()
  const away = [
    { name: 'Bob', lastSeenAt: NOON, letInAt: null, ways: { near: 0, far: 1, relayed: 2 } },
    { name: 'Paul', lastSeenAt: null, letInAt: NOON, ways: { near: 0, far: 0, relayed: 0 } },
    { name: 'Eve', lastSeenAt: null, letInAt: null, ways: { near: 0, far: 0, relayed: 0 } },
  ]
  end(await press(), [makeCheck('people-away', { values: { of: 2 }, away })])
  expect(await dialog.findByText(/^Nobody is connected\. People in your spaces: 2\.$/)).toBeDefined()
  const people = within(dialog.getByRole('list', { name: 'Not connected' })).getAllByRole('listitem')
  expect(people.map((item) => item.textContent)).toEqual([
    expect.stringMatching(/^Bob · last connected .+ · to try: 1 elsewhere, 2 by a relay$/),
    expect.stringMatching(/^Paul · joined through this device .+ · no address to try$/),
    'Eve · never connected with this device · no address to try',
  ])
})

it('has words for everything that may be found, with nothing left to fill in', async () => {
  const { dialog, press, end } = await begin()
  const all = Object.keys(connectionChecks) as ConnectionCheckCode[]
  end(
    await press(),
    all.map((code) => makeCheck(code, { values: { ms: 1, ports: 'TCP 1', number: 1, of: 2 } })),
  )
  const items = within(await dialog.findByRole('list', { name: 'What was found' })).getAllByRole('listitem')
  expect(items).toHaveLength(all.length)
  for (const item of items) expect(item.textContent).not.toMatch(/\{\{|connectionTest/)
})

it.each<[string, Connection['reachability'], Connection['reachedBy']]>([
  ['Yes, also from outside', 'public', { nearby: true, outside: 'confirmed', relays: { held: 0, of: 0 } }],
  ['Yes, also from outside', 'relays', { nearby: true, outside: 'met', relays: { held: 1, of: 1 } }],
  ['Yes. People elsewhere come through a relay.', 'relays', { nearby: true, outside: 'opened', relays: { held: 1, of: 2 } }],
  ['Only people on the same network', 'relays', { nearby: true, outside: 'seen', relays: { held: 0, of: 2 } }],
  ['As far as is known, nobody', 'relays', { nearby: false, outside: 'unknown', relays: { held: 0, of: 0 } }],
])('says “%s” at %s where %j is known', async (words, reachability, reachedBy) => {
  const { dialog } = await begin({ reachability, reachedBy })
  const facts = (await dialog.findByRole('region', { name: 'Can others reach you?' })).textContent.split(/(?=Relays: |Straight from)/)
  expect(facts[0]).toContain(words)
  const { held, of } = reachedBy.relays
  expect(facts[1]).toBe(of === 0 ? 'Relays: none chosen' : `Relays: a place on ${held} of ${of}`)
  expect(facts[2]).toContain('Straight from outside: ')
})

it('does not speak of relays or the outside where the local network was chosen', async () => {
  const outside: Outside = 'unknown'
  const { dialog } = await begin({ reachability: 'local', reachedBy: { nearby: true, outside, relays: { held: 0, of: 0 } } })
  await dialog.findByText('Can others reach you?')
  expect(dialog.queryByText(/^Relays: /)).toBeNull()
  expect(dialog.queryByText(/^Straight from outside/)).toBeNull()
})
