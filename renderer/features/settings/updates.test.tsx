// @vitest-environment jsdom
import { act, screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { updateFailures, updateObstacles } from '../../../shared/ipc/updates.ts'
import type { UpdateOffer, UpdateStep, UpdateView } from '../../../shared/ipc/updates.ts'
import { makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const offer: UpdateOffer = {
  version: '1.3.0',
  date: '2026-11-26T09:00:00Z',
  notes: 'Faster search.\n**No** <b>markup</b>.',
  size: 98_400_000,
  signers: ['Ada', 'Bo'],
}

const openUpdates = async (step: UpdateStep, part: Partial<UpdateView> = {}) => {
  const world = worldWith(makeSpace('Choir'))
  world.updates = { ...world.updates, ...part, step }
  const view = openWindow(world)
  await view.user.click(await screen.findByRole('button', { name: 'Settings' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Settings' }))
  await view.user.click(dialog.getByRole('tab', { name: 'About' }))
  const region = within(await dialog.findByRole('region', { name: 'Updates' }))
  return {
    ...view,
    region,
    buttons: () => region.queryAllByRole('button').map(({ textContent }) => textContent),
    press: (name: RegExp | string) => view.user.click(region.getByRole('button', { name })),
    said: () => region.getByRole('status').textContent,
  }
}

describe('updates', () => {
  it.each<[UpdateStep, RegExp, string[]]>([
    [{ kind: 'quiet' }, /Nothing was looked for/, ['Check for updates']],
    [{ kind: 'checking' }, /Looking for/, ['Check for updates']],
    [{ kind: 'current' }, /newest version/, ['Check for updates']],
    [{ kind: 'offered', offer, later: false }, /1\.3\.0 is there/, ['Update now (98.4 MB)', 'Only download', 'Later']],
    [{ kind: 'offered', offer, later: true }, /do it later/, ['Update now (98.4 MB)', 'Only download']],
    [{ kind: 'downloading', offer, received: 49_200_000 }, /Downloading version 1\.3\.0/, ['Cancel']],
    [{ kind: 'ready', offer, later: false }, /downloaded and verified/, ['Restart to update', 'Later']],
    [{ kind: 'ready', offer, later: false, soon: true }, /restarts in a few seconds/, ['Restart now', 'Not yet']],
    [{ kind: 'ready', offer, later: true }, /whenever you are/, ['Restart to update']],
    [{ kind: 'installing', offer }, /may ask for a password/, []],
    [{ kind: 'failed', failure: 'unreachable', offer: null, later: false }, /could not be reached/, ['Check for updates']],
    [{ kind: 'failed', failure: 'cut-off', offer, later: false }, /broke off/, ['Try again', 'Check for updates']],
  ])('say how they stand, and what can be done: %j', async (step, words, buttons) => {
    const view = await openUpdates(step)
    expect(view.said()).toMatch(words)
    expect(view.buttons()).toEqual(buttons)
  })

  it('show who signed, and what changed as plain text', async () => {
    const { region } = await openUpdates({ kind: 'offered', offer, later: false })
    expect(region.getByText(/^Signed by Ada and Bo, /)).toBeDefined()
    const notes = region.getByRole('region', { name: 'What changed' })
    expect(notes.textContent).toBe(offer.notes)
    expect(notes.children).toHaveLength(0)
  })

  it('show how far the download is, as it goes', async () => {
    const { region, fake } = await openUpdates({ kind: 'downloading', offer, received: 0 })
    expect(region.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('0')
    act(() => fake.update({ kind: 'downloading', offer, received: 49_200_000 }))
    expect(region.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50')
    act(() => fake.update({ kind: 'ready', offer, later: false }))
    expect(region.queryByRole('progressbar')).toBeNull()
  })

  it('ask the updater for what was pressed', async () => {
    const { fake, press, user, region } = await openUpdates({ kind: 'quiet' })
    await press('Check for updates')
    act(() => fake.update({ kind: 'offered', offer, later: false }))
    await press('Only download')
    await press(/^Update now/)
    act(() => fake.update({ kind: 'downloading', offer, received: 0 }))
    await press('Cancel')
    act(() => fake.update({ kind: 'ready', offer, later: false }))
    await press('Later')
    await press('Restart to update')
    await user.click(region.getByRole('checkbox', { name: 'Look for new versions by itself' }))
    expect(fake.updateWishes).toEqual(['look', 'check', 'download', 'update', 'cancel', 'later', 'install', 'automatic-off'])
  })

  it.each(updateObstacles)('say why there are none by themselves: %s', async (obstacle) => {
    const { region, buttons } = await openUpdates({ kind: 'quiet' }, { obstacle })
    expect(region.getByRole('heading', { name: 'Updates' }).nextElementSibling?.textContent).not.toBe('')
    expect(buttons()).toEqual([])
    expect(region.queryByRole('checkbox')).toBeNull()
  })

  it('have words for every failure', async () => {
    const { fake, said } = await openUpdates({ kind: 'quiet' })
    const told = updateFailures.map((failure) => {
      act(() => fake.update({ kind: 'failed', failure, offer: null, later: false }))
      return said()
    })
    expect(new Set(told).size).toBe(updateFailures.length)
    for (const words of told) expect(words).toMatch(/^[A-Z].{20,}\.$/)
  })
})
