// @vitest-environment jsdom
import { act, screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { updateObstacles } from '../../../shared/ipc/updates.ts'
import type { UpdateOffer, UpdateStep, UpdateView } from '../../../shared/ipc/updates.ts'
import { makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { PASSPHRASE } from '../../testing/safety-answers.ts'
import { emptyWorld, worldWith } from '../../testing/world.ts'
import type { World } from '../../testing/world.ts'

const offer: UpdateOffer = {
  version: '1.3.0',
  date: '2026-11-26T09:00:00Z',
  notes: 'Faster search.',
  size: 98_400_000,
  signers: ['Ada', 'Bo'],
}
const ready: UpdateStep = { kind: 'ready', offer, later: false }
const offered: UpdateStep = { kind: 'offered', offer, later: false }

const begin = (world: World, step: UpdateStep, part: Partial<UpdateView> = {}) => {
  world.updates = { ...world.updates, ...part, step }
  const view = openWindow(world)
  const find = () => screen.queryByRole('region', { name: 'New version' })
  const region = async () => within(await screen.findByRole('region', { name: 'New version' }))
  return {
    ...view,
    find,
    region,
    press: async (name: RegExp | string) => view.user.click((await region()).getByRole('button', { name })),
  }
}
const open = async (step: UpdateStep, part: Partial<UpdateView> = {}) => {
  const view = begin(worldWith(makeSpace('Choir')), step, part)
  await screen.findByRole('main', { name: 'general' })
  return view
}

describe('a newer version', () => {
  it.each<[UpdateStep, RegExp, string[]]>([
    [offered, /1\.3\.0 is there/, ['Update now (98.4 MB)', 'What’s new', 'Later']],
    [{ kind: 'downloading', offer, received: 49_200_000 }, /Downloading version 1\.3\.0/, ['Show', 'Cancel']],
    [ready, /1\.3\.0 is ready/, ['Restart to update', 'What’s new', 'Later']],
    [{ ...ready, soon: true }, /1\.3\.0 is ready, and restarts in a few seconds/, ['Restart now', 'What’s new', 'Not yet']],
    [{ kind: 'installing', offer }, /may ask for a password/, []],
    [{ kind: 'failed', failure: 'cut-off', offer, later: false }, /1\.3\.0 is not installed.*broke off/, ['Try again', 'Show', 'Later']],
    [{ kind: 'failed', failure: 'stale', offer: null, later: false }, /more than 30 days old/, ['Try again', 'Show', 'Later']],
  ])('is brought up at the foot of the window: %j', async (step, words, buttons) => {
    const notice = await (await open(step)).region()
    expect(notice.getByRole('status').textContent).toMatch(words)
    expect(notice.queryAllByRole('button').map(({ textContent }) => textContent)).toEqual(buttons)
  })

  it.each<UpdateStep>([
    { kind: 'quiet' },
    { kind: 'checking' },
    { kind: 'current' },
    { kind: 'offered', offer, later: true },
    { kind: 'ready', offer, later: true },
    { kind: 'failed', failure: 'unreachable', offer: null, later: false },
    { kind: 'failed', failure: 'untrusted', offer: null, later: true },
    { kind: 'failed', failure: 'cut-off', offer, later: true },
  ])('is nothing to be told of: %j', async (step) => {
    const { find, fake } = await open(ready)
    expect(find()).not.toBeNull()
    act(() => fake.update(step))
    expect(find()).toBeNull()
  })

  it.each(updateObstacles)('is not brought up where the program does not update itself: %s', async (obstacle) => {
    const { find, fake } = await open({ kind: 'quiet' }, { obstacle })
    act(() => fake.update(ready))
    expect(find()).toBeNull()
  })

  it('is fetched, put off and installed from there, each by one press', async () => {
    const { fake, press } = await open(offered)
    await press(/^Update now/)
    act(() => fake.update({ kind: 'downloading', offer, received: 0 }))
    await press('Cancel')
    act(() => fake.update({ kind: 'failed', failure: 'not-permitted', offer, later: false }))
    await press('Try again')
    act(() => fake.update(ready))
    await press('Later')
    await press('Restart to update')
    expect(fake.updateWishes).toEqual(['look', 'update', 'cancel', 'update', 'later', 'install'])
  })

  it('leaves when it is put off, as the updater answers', async () => {
    const { fake, find, press } = await open(ready)
    fake.world.updates = { ...fake.world.updates, step: { kind: 'ready', offer, later: true } }
    await press('Later')
    expect(find()).toBeNull()
  })

  it('shows what is new in the settings, at the updates', async () => {
    const { press } = await open(ready)
    await press('What’s new')
    const dialog = within(screen.getByRole('dialog', { name: 'Settings' }))
    const updates = await dialog.findByRole('region', { name: 'Updates' })
    expect(updates.textContent).toContain('Faster search.')
    expect(updates.dataset['scrolledTo']).toBe('true')
  })

  it('does not move the settings to the updates of whoever came for something else', async () => {
    const { user } = await open(ready)
    await user.click(screen.getByRole('button', { name: 'Settings' }))
    await user.click(screen.getByRole('tab', { name: 'About' }))
    expect((await screen.findByRole('region', { name: 'Updates' })).dataset['scrolledTo']).toBeUndefined()
  })

  it('takes the keyboard from nobody who writes, and is reached by it after what one writes in', async () => {
    const { fake, region, user } = await open({ kind: 'quiet' })
    const composer = screen.getByRole('textbox', { name: 'Message #general' })
    await user.click(composer)
    act(() => fake.update(ready))
    const button = (await region()).getByRole('button', { name: 'Restart to update' })
    expect(document.activeElement).toBe(composer)
    for (let presses = 0; presses < 40 && document.activeElement !== button; presses++) await user.tab()
    expect(document.activeElement).toBe(button)
  })

  it('is said once, and not with every percent of its download', async () => {
    const { fake, region } = await open({ kind: 'downloading', offer, received: 0 })
    const said = (await region()).getByRole('status')
    const before = said.textContent
    act(() => fake.update({ kind: 'downloading', offer, received: 49_200_000 }))
    expect((await region()).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50')
    expect([said.isConnected, said.textContent]).toEqual([true, before])
  })
})

it('is there for a profile that cannot be opened, which may wait for it; without settings, which are of an open one', async () => {
  const locked = { kind: 'locked' as const, passphrase: true, recovery: false, passphraseRequired: false }
  const { region, user } = begin(emptyWorld({ status: locked }), ready)
  await screen.findByRole('heading', { name: 'SpacePanda is locked' })
  const names = async () => (await region()).getAllByRole('button').map(({ textContent }) => textContent)
  expect(await names()).toEqual(['Restart to update', 'Later'])
  await user.type(screen.getByLabelText('Passphrase'), `${PASSPHRASE}{Enter}`)
  await screen.findByRole('heading', { name: 'Hello, Alice' })
  expect(await names()).toEqual(['Restart to update', 'What’s new', 'Later'])
})

it('is not there before the window knows what it shows', async () => {
  const world = emptyWorld()
  world.updates = { ...world.updates, step: ready }
  const { fake } = openWindow(world)
  expect(screen.queryByRole('region', { name: 'New version' })).toBeNull()
  expect(fake.updateWishes).toEqual(['look'])
  expect(await screen.findByRole('region', { name: 'New version' })).toBeDefined()
})
