// @vitest-environment jsdom
import { fireEvent, screen, within } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import type { Profile } from '../../../shared/domain/models.ts'
import { refuse } from '../../testing/fake-node.ts'
import { makeProfile, makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { PASSPHRASE, RECOVERY_PHRASE } from '../../testing/safety-answers.ts'
import { worldWith } from '../../testing/world.ts'
import { usualSettings } from '../../../shared/domain/usual-settings.ts'

async function opened(part: Partial<Profile> = {}) {
  const view = openWindow(worldWith(makeSpace('Choir'), [], { status: { kind: 'open', profile: makeProfile(part) } }))
  await view.user.click(await screen.findByRole('button', { name: 'Settings' }))
  await view.user.click(screen.getByRole('tab', { name: 'Security' }))
  const argsOf = (wanted: string) => view.fake.calls.filter(({ method }) => method === wanted).map(({ args }) => args)
  const region = (name: string) => within(screen.getByRole('region', { name }))
  return { ...view, argsOf, region }
}

it('sets a passphrase where there was none, typed twice', async () => {
  const { user, argsOf, region } = await opened({ passphrase: false })
  await user.click(region('Passphrase').getByRole('button', { name: 'Set a passphrase' }))
  expect(screen.queryByRole('textbox', { name: 'Current passphrase' })).toBeNull()
  await user.type(screen.getByRole('textbox', { name: 'New passphrase' }), 'short{Enter}')
  expect(screen.getAllByRole('alert').map(({ textContent }) => textContent)).toEqual([
    expect.stringContaining('at least 8 characters'),
    expect.stringContaining('not the same'),
  ])
  await user.type(screen.getByRole('textbox', { name: 'New passphrase' }), ' of four words')
  await user.type(screen.getByRole('textbox', { name: 'New passphrase, again' }), 'short of four words{Enter}')
  expect(await screen.findByText(/The passphrase is set/)).toBeDefined()
  expect(argsOf('profile.setPassphrase')).toEqual([{ current: null, next: 'short of four words' }])
  expect(region('Passphrase').getByRole('button', { name: 'Change passphrase' })).toBeDefined()
})

it('changes it, and says at the field that the current one is wrong', async () => {
  const { user, argsOf, region } = await opened()
  await user.click(region('Passphrase').getByRole('button', { name: 'Change passphrase' }))
  const current = screen.getByRole('textbox', { name: 'Current passphrase' })
  expect(document.activeElement).toBe(current)
  await user.type(current, 'battery staple')
  await user.type(screen.getByRole('textbox', { name: 'New passphrase' }), 'a new one for us')
  await user.type(screen.getByRole('textbox', { name: 'New passphrase, again' }), 'a new one for us{Enter}')
  expect((await screen.findByRole('alert')).textContent).toContain('That is not the passphrase')
  await user.clear(current)
  await user.type(current, `${PASSPHRASE}{Enter}`)
  expect(await screen.findByText(/The passphrase is changed/)).toBeDefined()
  expect(argsOf('profile.setPassphrase').at(-1)).toEqual({ current: PASSPHRASE, next: 'a new one for us' })
})

it('removes it after saying what that means, and says so where the keyring is safe no more', async () => {
  const { fake, user, region } = await opened()
  await user.click(region('Passphrase').getByRole('button', { name: 'Remove passphrase' }))
  expect(screen.getByText(/Whoever can log in as you can then read it/)).toBeDefined()
  fake.on('profile.setPassphrase', () => refuse('passphrase-required'))
  await user.type(screen.getByRole('textbox', { name: 'Current passphrase' }), `${PASSPHRASE}{Enter}`)
  expect((await screen.findByRole('alert')).textContent).toContain('no safe keyring')
  fake.on('profile.setPassphrase', ({ next }) => {
    const profile = makeProfile({ passphrase: next !== null })
    fake.emit('profile.changed', { kind: 'open', profile })
    return { ok: true, value: profile }
  })
  await user.click(screen.getByRole('button', { name: 'Remove passphrase' }))
  expect(await screen.findByText('The passphrase is removed.')).toBeDefined()
  expect(screen.getByText('To lock SpacePanda, set a passphrase first.')).toBeDefined()
})

it('does not offer to remove a passphrase where no keyring is safe, and says why', async () => {
  const { region } = await opened({ passphraseRequired: true })
  const section = region('Passphrase')
  expect(section.getByText(/cannot be removed: this computer has no safe keyring/)).toBeDefined()
  expect(section.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Change passphrase'])
})

it('asks for a passphrase where there is none and the keyring is safe no more', async () => {
  const { region } = await opened({ passphrase: false, passphraseRequired: true })
  const section = region('Passphrase')
  expect(section.getByText(/no safe keyring to protect this profile/)).toBeDefined()
  expect(section.queryByText(/Your system keyring opens/)).toBeNull()
  expect(section.getByRole('button', { name: 'Set a passphrase' })).toBeDefined()
})

it('shows the words of a recovery phrase once, and asks for two of them', async () => {
  const print = vi.spyOn(window, 'print').mockImplementation(() => undefined)
  const { fake, user, region } = await opened({ passphrase: false })
  await user.click(region('Recovery phrase').getByRole('button', { name: 'Make a recovery phrase' }))
  await user.click(region('Recovery phrase').getByRole('button', { name: 'Make a recovery phrase' }))
  const list = await screen.findByRole('list', { name: 'The words of the recovery phrase' })
  const words = RECOVERY_PHRASE.split(' ')
  expect(
    within(list)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual(words.map((word, index) => `${index + 1}${word}`))
  await user.click(screen.getByRole('button', { name: 'Print' }))
  expect(print).toHaveBeenCalledOnce()
  await user.click(screen.getByRole('button', { name: 'Copy the words' }))
  expect(fake.copied).toEqual([RECOVERY_PHRASE])
  expect(await screen.findByText(/Other programs can read the clipboard/)).toBeDefined()

  await user.click(screen.getByRole('button', { name: 'I have written them down' }))
  expect(document.body.textContent).not.toContain(words[0])
  const fields = screen.getAllByRole('textbox', { name: /^Word \d+$/ })
  expect(fields).toHaveLength(2)
  const wordOf = (field: HTMLElement) => {
    const label = document.querySelector(`label[for="${field.id}"]`)?.textContent ?? ''
    return words[Number(label.replace('Word ', '')) - 1] ?? expect.unreachable('no such word')
  }
  const [one, two] = fields
  if (one === undefined || two === undefined) return expect.unreachable('two words are asked for')
  await user.type(one, ` ${wordOf(one).toUpperCase()} `)
  await user.type(two, 'zebra{Enter}')
  expect(screen.getAllByRole('alert')).toHaveLength(1)
  await user.clear(two)
  await user.type(two, `${wordOf(two)}{Enter}`)
  expect(await screen.findByText('The recovery phrase is ready. Keep the paper safe.')).toBeDefined()
})

async function wordsShown(part: Partial<Profile> = {}) {
  const view = await opened(part)
  const section = view.region('Recovery phrase')
  await view.user.click(section.getByRole('button', { name: 'Make a recovery phrase' }))
  if (part.passphrase ?? true) await view.user.type(screen.getByRole('textbox', { name: 'Current passphrase' }), PASSPHRASE)
  await view.user.click(section.getByRole('button', { name: 'Make a recovery phrase' }))
  await screen.findByRole('list', { name: 'The words of the recovery phrase' })
  return view
}

const question = () => screen.findByRole('dialog', { name: 'Keep the recovery phrase?' })

it('shows the words again while they are not confirmed, and forgets them when the settings close', async () => {
  const { user, stores } = await wordsShown({ passphrase: false })
  await user.click(screen.getByRole('button', { name: 'I have written them down' }))
  await user.click(screen.getByRole('button', { name: 'Show the words again' }))
  expect(screen.getByRole('list', { name: 'The words of the recovery phrase' })).toBeDefined()
  await user.click(screen.getAllByRole('button', { name: 'Close' })[0] ?? expect.unreachable('no way to close'))
  await user.click(within(await question()).getByRole('button', { name: 'Do not keep it' }))
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull()
  expect(document.body.textContent).not.toContain('abandon')
  expect(JSON.stringify(Object.values(stores).map((store) => ('store' in store ? store.store.getState() : null)))).not.toContain('abandon')
})

it.each([
  ['Escape', () => fireEvent(screen.getByRole('dialog', { name: 'Settings' }), new Event('cancel', { cancelable: true }))],
  ['the close button', () => fireEvent.click(screen.getByRole('button', { name: 'Close' }))],
  ['a press outside', () => fireEvent.pointerDown(screen.getByRole('dialog', { name: 'Settings' }), { clientX: -10, clientY: -10 })],
  ['another page', () => fireEvent.mouseDown(screen.getByRole('tab', { name: 'About' }), { button: 0 })],
])('does not let %s take the words away before somebody says what becomes of them', async (_, leave) => {
  const { user, argsOf } = await wordsShown()
  leave()
  expect((await question()).textContent).toContain('shown this once')
  await user.click(screen.getByRole('button', { name: 'Back to the words' }))
  expect(screen.getByRole('list', { name: 'The words of the recovery phrase' })).toBeDefined()
  expect(argsOf('profile.removeRecoveryPhrase')).toEqual([])
  leave()
  await user.click(within(await question()).getByRole('button', { name: 'Do not keep it' }))
  await expect.poll(() => screen.queryByRole('list', { name: 'The words of the recovery phrase' })).toBeNull()
  // As if it had never been made.
  expect(argsOf('profile.removeRecoveryPhrase')).toEqual([{ current: PASSPHRASE }])
})

it('closes the question alone by Escape', async () => {
  const { user } = await wordsShown()
  await user.click(screen.getByRole('button', { name: 'Do not keep it' }))
  await question()
  await user.keyboard('{Escape}')
  await expect.poll(() => screen.queryByRole('dialog', { name: 'Keep the recovery phrase?' })).toBeNull()
  expect(screen.getByRole('list', { name: 'The words of the recovery phrase' })).toBeDefined()
})

it('takes back a phrase that nobody wants to keep, says so, and asks nothing after', async () => {
  const { user, region } = await wordsShown()
  await user.click(screen.getByRole('button', { name: 'Do not keep it' }))
  await user.click(within(await question()).getByRole('button', { name: 'Do not keep it' }))
  expect(await region('Recovery phrase').findByText(/was not kept: no words open this profile/)).toBeDefined()
  expect(region('Recovery phrase').getByText(/There is none yet/)).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Close' }))
  expect(screen.queryByRole('dialog')).toBeNull()
})

it('asks for the passphrase before it makes or removes a recovery phrase', async () => {
  const { user, argsOf, region } = await opened({ recovery: true })
  await user.click(region('Recovery phrase').getByRole('button', { name: 'Make a new one' }))
  expect(screen.getByText('The one made before opens nothing any more.')).toBeDefined()
  await user.type(screen.getByRole('textbox', { name: 'Current passphrase' }), 'wrong{Enter}')
  expect((await screen.findByRole('alert')).textContent).toContain('That is not the passphrase')
  expect(argsOf('profile.makeRecoveryPhrase')).toEqual([{ current: 'wrong' }])
  await user.click(screen.getByRole('button', { name: 'Cancel' }))
  await user.click(region('Recovery phrase').getByRole('button', { name: 'Remove it' }))
  await user.type(screen.getByRole('textbox', { name: 'Current passphrase' }), `${PASSPHRASE}{Enter}`)
  expect(await screen.findByText('The recovery phrase is removed.')).toBeDefined()
})

it('tells others what was read unless the person does not want that', async () => {
  const { user, argsOf, region } = await opened()
  const box = region('Read receipts').getByRole('checkbox', { name: 'Tell others what I have read' })
  expect(box.getAttribute('aria-checked')).toBe('true')
  expect(region('Read receipts').getByText(/you do not see theirs either/)).toBeDefined()
  await user.click(box)
  expect(argsOf('settings.set')).toEqual([{ ...usualSettings, readReceipts: false }])
})

it('locks now, after a while, and when the computer sleeps', async () => {
  const { user, argsOf, region } = await opened()
  const lock = region('Lock')
  await user.selectOptions(lock.getByRole('combobox', { name: 'Lock when nobody uses the computer for' }), '15 minutes')
  await user.click(lock.getByRole('checkbox', { name: /when the computer sleeps/ }))
  expect(argsOf('settings.set')).toEqual([
    { ...usualSettings, lockAfterMinutes: 15 },
    { ...usualSettings, lockAfterMinutes: 15, lockOnSuspend: true },
  ])
  await user.click(lock.getByRole('button', { name: 'Lock now' }))
  expect(await screen.findByRole('main', { name: 'SpacePanda is locked' })).toBeDefined()
})
