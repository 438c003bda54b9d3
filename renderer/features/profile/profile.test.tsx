// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { refuse } from '../../testing/fake-node.ts'
import { openWindow } from '../../testing/render.tsx'
import { emptyWorld } from '../../testing/world.ts'

const fresh = (passphraseRequired: boolean) => openWindow(emptyWorld({ status: { kind: 'none', passphraseRequired } }))
const locked = () => openWindow(emptyWorld({ status: { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false } }))
const created = ({ fake }: ReturnType<typeof fresh>) =>
  fake.calls.filter(({ method }) => method === 'profile.create').map(({ args }) => args)

it('makes a profile without a passphrase where the keyring is safe', async () => {
  const view = fresh(false)
  await view.user.type(await screen.findByRole('textbox', { name: 'Your name' }), '  Alice ')
  await view.user.click(screen.getByRole('button', { name: 'Create profile' }))
  expect(created(view)).toEqual([{ name: 'Alice', passphrase: null }])
  expect(await screen.findByRole('heading', { name: 'Hello, Alice' })).toBeDefined()
})

it('asks for a passphrase where the keyring is not safe, and says why', async () => {
  const view = fresh(true)
  expect(await screen.findByText(/This computer has no safe keyring, so a passphrase protects/)).toBeDefined()
  await view.user.type(screen.getByRole('textbox', { name: 'Your name' }), 'Alice')
  await view.user.click(screen.getByRole('button', { name: 'Create profile' }))
  expect(screen.getByRole('alert').textContent).toContain('Choose a passphrase')
  await view.user.type(screen.getByRole('textbox', { name: 'Passphrase' }), 'short')
  await view.user.type(screen.getByRole('textbox', { name: 'Passphrase, again' }), 'short{Enter}')
  expect(screen.getByRole('alert').textContent).toContain('at least 8 characters')
  expect(created(view)).toEqual([])
})

it('asks for the passphrase twice, so that one slip locks nobody out', async () => {
  const view = fresh(true)
  await view.user.type(await screen.findByRole('textbox', { name: 'Your name' }), 'Alice')
  await view.user.type(screen.getByRole('textbox', { name: 'Passphrase' }), 'corrcet horse{Enter}')
  expect(screen.getByRole('alert').textContent).toContain('The two are not the same. Type the new passphrase again.')
  const again = screen.getByRole('textbox', { name: 'Passphrase, again' })
  await view.user.type(again, 'correct horse{Enter}')
  expect(screen.getByRole('alert').textContent).toContain('The two are not the same')
  expect(created(view)).toEqual([])
  await view.user.clear(again)
  await view.user.type(again, 'corrcet horse{Enter}')
  expect(created(view)).toEqual([{ name: 'Alice', passphrase: 'corrcet horse' }])
})

it('asks for it again where it may be left out as soon as there is one, and takes none that is guessed at once', async () => {
  const view = fresh(false)
  await view.user.type(await screen.findByRole('textbox', { name: 'Your name' }), 'Alice')
  expect(screen.queryByRole('textbox', { name: 'Passphrase, again' })).toBeNull()
  await view.user.type(screen.getByRole('textbox', { name: 'Passphrase' }), 'aaaaaaaaaa')
  await view.user.type(screen.getByRole('textbox', { name: 'Passphrase, again' }), 'aaaaaaaaaa{Enter}')
  expect(screen.getByRole('alert').textContent).toContain('Whoever guesses would try this first')
  expect(created(view)).toEqual([])
})

it('asks for a name, and keeps what was typed when the node refuses', async () => {
  const view = fresh(false)
  await view.user.click(await screen.findByRole('button', { name: 'Create profile' }))
  expect(screen.getByRole('alert').textContent).toContain('Type the name')
  view.fake.on('profile.create', () => refuse('disk'))
  await view.user.type(screen.getByRole('textbox', { name: 'Your name' }), 'Alice')
  await view.user.click(screen.getByRole('button', { name: 'Create profile' }))
  expect((await screen.findByRole('alert')).textContent).toContain('The disk did not take it')
  expect(screen.getByRole('textbox', { name: 'Your name' })).toHaveProperty('value', 'Alice')
})

it('masks the passphrase until asked to show it', async () => {
  const { user } = locked()
  const field = await screen.findByRole('textbox', { name: 'Passphrase' })
  expect(field.getAttribute('type')).toBe('password')
  await user.click(screen.getByRole('button', { name: 'Show passphrase' }))
  expect(screen.getByRole('textbox', { name: 'Passphrase' }).getAttribute('type')).toBe('text')
})

it('says in place that a passphrase is wrong, then opens with the right one', async () => {
  const { user } = locked()
  const field = await screen.findByRole('textbox', { name: 'Passphrase' })
  await user.type(field, 'battery staple')
  await user.click(screen.getByRole('button', { name: 'Unlock' }))
  expect((await screen.findByRole('alert')).textContent).toContain('That is not the passphrase')
  await user.clear(field)
  await user.type(field, 'correct horse{Enter}')
  expect(await screen.findByRole('heading', { name: 'Hello, Alice' })).toBeDefined()
})

it('shows the outline of the window while the node starts, and a way on when it cannot', async () => {
  const { fake, user } = openWindow(emptyWorld())
  expect(screen.getByRole('progressbar', { name: 'Opening your profile' })).toBeDefined()
  fake.on('profile.status', () => refuse('in-use'))
  fake.emit('profile.changed', { kind: 'unreadable', code: 'unreadable', reason: 'Cannot be read.', repairable: false })
  await user.click(await screen.findByRole('button', { name: 'Try again' }))
  expect(await screen.findByText(/Another SpacePanda is using this profile/)).toBeDefined()
})

it('says at once that another SpacePanda has the profile open, and goes on when it has not', async () => {
  const { fake, user } = openWindow(emptyWorld({ status: { kind: 'in-use' } }))
  expect(await screen.findByRole('heading', { name: 'Your profile is open in another SpacePanda' })).toBeDefined()
  expect(screen.queryByRole('textbox')).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('The other one still has it open.')).toBeDefined()
  fake.world.status = { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false }
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByRole('button', { name: 'Unlock' })).toBeDefined()
})
