// @vitest-environment jsdom
import { act, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { ProfileStatus } from '../../../shared/domain/models.ts'
import type { UpdateObstacle, UpdateStep } from '../../../shared/ipc/updates.ts'
import { refuse } from '../../testing/fake-node.ts'
import { openWindow } from '../../testing/render.tsx'
import { PASSPHRASE } from '../../testing/safety-answers.ts'
import { emptyWorld } from '../../testing/world.ts'

type Code = Extract<ProfileStatus, { kind: 'unreadable' }>['code']

const begin = (code: Code, obstacle: UpdateObstacle | null = null) => {
  const world = emptyWorld({ status: { kind: 'unreadable', code, reason: 'A sentence of the node.', repairable: false } })
  world.updates = { ...world.updates, obstacle }
  return openWindow(world)
}
const buttons = () => screen.getAllByRole('button').map(({ textContent }) => textContent)

it.each<[Code, string, RegExp, RegExp]>([
  [
    'newer-profile',
    'Your profile needs a newer SpacePanda',
    /Everything is there; nothing was changed/,
    /Install that version or a later one/,
  ],
  [
    'upgrade-failed',
    'Your profile could not be brought up to date',
    /as it was, with every message/,
    /version you had before: it still opens/,
  ],
])('a profile for another version is called so, and not broken: %s', async (code, title, what, remedy) => {
  begin(code)
  expect(await screen.findByRole('main', { name: title })).toBeDefined()
  expect(screen.getByText(what)).toBeDefined()
  expect(screen.getByText(remedy)).toBeDefined()
  // Neither a repair nor a backup over it: there is nothing to mend.
  const [first, second] = code === 'newer-profile' ? ['Check for updates', 'Try again'] : ['Try again', 'Check for updates']
  expect(buttons()).toEqual([first, second])
})

it('one that was damaged is not taken for that', async () => {
  begin('unreadable')
  expect(await screen.findByRole('main', { name: /cannot be read/ })).toBeDefined()
})

it('looks for a version that opens it, and says that there is none, or brings it up', async () => {
  const { fake, user } = begin('newer-profile')
  await user.click(await screen.findByRole('button', { name: 'Check for updates' }))
  expect(fake.updateWishes).toEqual(['look', 'check'])
  const tell = (step: UpdateStep) => act(() => fake.update(step))
  tell({ kind: 'checking' })
  expect(screen.getByRole('status').textContent).toContain('Looking for a new version')
  tell({ kind: 'failed', failure: 'unreachable', offer: null, later: false })
  expect(screen.getByRole('alert').textContent).toContain('could not be reached')
  tell({ kind: 'current' })
  expect(screen.getByRole('status').textContent).toBe('This is the newest version.')
  const offer = { version: '1.3.0', date: '2026-11-26T09:00:00Z', notes: '', size: 98_400_000, signers: ['Ada', 'Bo'] }
  tell({ kind: 'offered', offer, later: false })
  await user.click(screen.getByRole('button', { name: 'Update now (98.4 MB)' }))
  expect(fake.updateWishes).toEqual(['look', 'check', 'update'])
})

it('does not offer to look where the program does not update itself', async () => {
  begin('newer-profile', 'package-manager')
  await screen.findByRole('main', { name: /needs a newer/ })
  expect(buttons()).toEqual(['Try again'])
})

it('is tried again with what opens it by itself, and says when it is still so', async () => {
  const { fake, user } = begin('upgrade-failed')
  fake.on('profile.unlock', () => refuse('upgrade-failed'))
  await user.click(await screen.findByRole('button', { name: 'Try again' }))
  expect((await screen.findByRole('alert')).textContent).toContain('It is still so')
  fake.on('profile.unlock', () => {
    fake.world.status = emptyWorld().status
    return refuse('conflict')
  })
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByRole('heading', { name: 'Hello, Alice' })).toBeDefined()
})

it('says under the passphrase why a profile was not brought up to date, and is tried again there', async () => {
  const { fake, user } = openWindow(
    emptyWorld({ status: { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false } }),
  )
  fake.on('profile.unlock', () => refuse('upgrade-failed', 'It was left as it was, with every message in it. Try again.'))
  await user.type(await screen.findByLabelText('Passphrase'), `${PASSPHRASE}{Enter}`)
  expect((await screen.findByRole('alert')).textContent).toContain('left as it was, with every message')
  expect(screen.getByRole('button', { name: 'Unlock' })).toHaveProperty('disabled', false)
})
