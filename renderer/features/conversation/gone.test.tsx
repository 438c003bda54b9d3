// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Channel } from '../../../shared/domain/models.ts'
import { idOf, makeSpace, noRights, NOON } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const space = makeSpace('Choir', ['general', 'results'])

async function writing(part: Partial<Channel> = {}) {
  const own = structuredClone(space)
  Object.assign(own.channels[1] ?? {}, part)
  const view = openWindow(worldWith(own, ['Bob']))
  await view.user.click(await screen.findByRole('link', { name: 'results' }))
  await screen.findByRole('main', { name: 'results' })
  await view.user.type(await screen.findByRole('textbox', { name: /^Message/ }), 'Half a sen')
  const change = (channels: Channel[]) => view.fake.emit('spaces.changed', [{ ...own, channels }])
  return { ...view, own, change }
}

it('an open channel that vanishes takes nobody elsewhere: what was being written is kept, and what is typed goes nowhere', async () => {
  const { user, own, change } = await writing()
  change(own.channels.slice(0, 1))
  expect((await screen.findByRole('alert')).textContent).toContain('#results is not there any more.')
  const main = screen.getByRole('main', { name: 'results' })
  expect(document.activeElement).toBe(main)
  await user.keyboard('tence{Enter}')
  expect(within(main).getByRole('textbox', { name: 'What you were writing' })).toHaveProperty('value', 'Half a sen')
  await user.click(within(main).getByRole('button', { name: 'Go to #general' }))
  await screen.findByRole('main', { name: 'general' })
  expect(await screen.findByRole('textbox', { name: 'Message #general' })).toHaveProperty('value', '')
})

it('and is as it was where it comes back', async () => {
  const { own, change } = await writing()
  change(own.channels.slice(0, 1))
  await screen.findByRole('alert')
  change(own.channels)
  expect(await screen.findByRole('textbox', { name: 'Message #results' })).toHaveProperty('value', 'Half a sen')
})

it('who is removed from a channel keeps what they were writing, too', async () => {
  const { own, change } = await writing({ kind: 'private', membersOf: idOf('results') })
  const status = { kind: 'removed', at: NOON, by: 'Bob' } as const
  change(own.channels.map((one) => (one.name === 'results' ? { ...one, status, may: { ...one.may, ...noRights, rename: false } } : one)))
  expect(await screen.findByRole('textbox', { name: 'What you were writing' })).toHaveProperty('value', 'Half a sen')
})

it('a channel that one leaves oneself is gone without a word', async () => {
  const may = { send: true, rename: true, addMembers: true, removeMembers: true, history: true, leave: true }
  const { user, fake, own, change } = await writing({ kind: 'private', membersOf: idOf('results'), may })
  fake.on('spaces.leave', () => {
    change(own.channels.slice(0, 1))
    return { ok: true, value: null }
  })
  await user.click(screen.getByRole('button', { name: 'Channel menu' }))
  await user.click(screen.getByRole('menuitem', { name: 'Leave…' }))
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Leave' }))
  await screen.findByRole('main', { name: 'general' })
  expect(screen.queryByRole('alert')).toBeNull()
})
