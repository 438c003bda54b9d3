// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, it } from 'vitest'
import type { ProfileStatus } from '../../shared/domain/models.ts'
import { openWindow } from '../testing/render.tsx'
import { showStill, still } from '../testing/show-still.ts'
import { emptyWorld } from '../testing/world.ts'

const none = (passphraseRequired: boolean): ProfileStatus => ({ kind: 'none', passphraseRequired })
const open = (status: ProfileStatus) => openWindow(emptyWorld({ status }))
afterEach(() => {
  cleanup()
  still()?.remove()
})
const created = (fake: { calls: readonly { method: string; args: unknown }[] }) =>
  fake.calls.filter(({ method }) => method === 'profile.create').map(({ args }) => args)

it('Enter that ends a composition (IME) is no press of a button', async () => {
  const form = showStill('first-run')
  const name = form.getByRole<HTMLInputElement>('textbox', { name: 'Your name' })
  name.focus()
  name.value = '田'
  fireEvent.keyDown(name, { key: 'Enter', isComposing: true, keyCode: 229 })
  const { fake } = open(none(false))
  await waitFor(() => expect(still()).toBeNull())
  await act(async () => undefined)
  expect(created(fake)).toEqual([])
})

it('a press on a form that was not filled in does not send what is typed after it', async () => {
  const user = userEvent.setup()
  const form = showStill('first-run')
  const name = form.getByRole<HTMLInputElement>('textbox', { name: 'Your name' })
  await user.type(name, '{Enter}')
  await user.type(name, 'A')
  const { fake } = open(none(false))
  await waitFor(() => expect(still()).toBeNull())
  await act(async () => undefined)
  expect(created(fake)).toEqual([])
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Your name' }).value).toBe('A')
})

it('a key that is held repeats no press', async () => {
  const form = showStill('first-run')
  const name = form.getByRole<HTMLInputElement>('textbox', { name: 'Your name' })
  name.focus()
  fireEvent.keyDown(name, { key: 'Enter', repeat: true })
  expect(still()?.dataset['pressed']).toBeUndefined()
})

it('a click on Unlock, by who typed the passphrase into the still form, happens too', async () => {
  const user = userEvent.setup()
  const form = showStill('unlock')
  await user.type(form.getByRole('textbox', { name: 'Passphrase' }), 'correct horse')
  await user.click(form.getByRole('button', { name: 'Unlock' }))
  const { fake } = open({ kind: 'locked', passphrase: true, recovery: false, passphraseRequired: true })
  await waitFor(() => expect(still()).toBeNull())
  await act(async () => undefined)
  expect(fake.calls.filter(({ method }) => method === 'profile.unlock')).toHaveLength(1)
})
