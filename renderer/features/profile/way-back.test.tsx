// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { ProfileStatus } from '../../../shared/domain/models.ts'
import type { TaskState } from '../../../shared/domain/tasks.ts'
import { refuse } from '../../testing/fake-node.ts'
import { makeProfile } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { PASSPHRASE, RECOVERY_PHRASE } from '../../testing/safety-answers.ts'
import { emptyWorld } from '../../testing/world.ts'

function begin(status: ProfileStatus) {
  const view = openWindow(emptyWorld({ status }))
  const argsOf = (wanted: string) => view.fake.calls.filter(({ method }) => method === wanted).map(({ args }) => args)
  const tell = (state: TaskState) => {
    const [task] = view.fake.world.tasks
    if (task === undefined) return expect.unreachable('no task')
    view.fake.emit('task.changed', { ...task, state })
  }
  return { ...view, argsOf, tell }
}
const locked = (recovery: boolean, passphraseRequired = false) => begin({ kind: 'locked', passphrase: true, recovery, passphraseRequired })
const unreadable = (repairable: boolean) => begin({ kind: 'unreadable', code: 'unreadable', reason: 'Two pages are damaged.', repairable })

it('opens a locked profile with the recovery phrase and a new passphrase', async () => {
  const { user, argsOf } = locked(true)
  await user.click(await screen.findByRole('button', { name: 'Use the recovery phrase' }))
  const field = screen.getByRole('textbox', { name: 'Recovery phrase' })
  await user.type(field, 'too few words')
  expect(screen.getByText('3 of 24 words')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Open' }))
  expect(screen.getByRole('alert').textContent).toContain('all 24 words')
  await user.clear(field)
  // As it is copied from a numbered sheet, in capitals.
  await user.click(field)
  await user.paste(
    RECOVERY_PHRASE.toUpperCase()
      .split(' ')
      .map((word, index) => `${index + 1}. ${word}`)
      .join('\n'),
  )
  await user.type(screen.getByRole('textbox', { name: 'New passphrase' }), 'a new passphrase')
  await user.type(screen.getByRole('textbox', { name: 'New passphrase, again' }), 'a new passphrase{Enter}')
  expect(argsOf('profile.recover')).toEqual([{ recoveryPhrase: RECOVERY_PHRASE, passphrase: 'a new passphrase' }])
  expect(await screen.findByRole('heading', { name: 'Hello, Alice' })).toBeDefined()
})

it('says at the words that they are wrong, and at the passphrase that one is needed', async () => {
  const { fake, user } = locked(true)
  await user.click(await screen.findByRole('button', { name: 'Use the recovery phrase' }))
  await user.click(screen.getByRole('textbox', { name: 'Recovery phrase' }))
  await user.paste(RECOVERY_PHRASE.replace('abandon', 'zoo'))
  await user.click(screen.getByRole('button', { name: 'Open' }))
  expect((await screen.findByRole('alert')).textContent).toContain('That is not the recovery phrase')
  fake.on('profile.recover', () => refuse('passphrase-required'))
  await user.click(screen.getByRole('button', { name: 'Open' }))
  await expect.poll(() => screen.getByRole('alert').textContent).toContain('Choose a passphrase')
  await user.click(screen.getByRole('button', { name: 'Back' }))
  expect(screen.getByRole('heading', { name: 'SpacePanda is locked' })).toBeDefined()
})

it('leaves a new passphrase out where the keyring is safe', async () => {
  const { user, argsOf } = locked(true)
  await user.click(await screen.findByRole('button', { name: 'Use the recovery phrase' }))
  expect(screen.getByText('optional')).toBeDefined()
  expect(screen.getByText(/Leave it empty to let the system keyring/)).toBeDefined()
  await user.click(screen.getByRole('textbox', { name: 'Recovery phrase' }))
  await user.paste(RECOVERY_PHRASE)
  await user.click(screen.getByRole('button', { name: 'Open' }))
  expect(argsOf('profile.recover')).toEqual([{ recoveryPhrase: RECOVERY_PHRASE, passphrase: null }])
})

it('asks for a new passphrase where no keyring is safe, says why, and sends nothing without it', async () => {
  const { user, argsOf } = locked(true, true)
  await user.click(await screen.findByRole('button', { name: 'Use the recovery phrase' }))
  expect(screen.queryByText('optional')).toBeNull()
  expect(screen.queryByText(/Leave it empty/)).toBeNull()
  expect(screen.getByText(/This computer has no safe keyring, so a passphrase protects/)).toBeDefined()
  // The words open it whatever becomes of the passphrase.
  expect(screen.getByText(/the words on your paper open your profile again/)).toBeDefined()
  expect(screen.queryByText(/Nobody can reset it/)).toBeNull()
  await user.click(screen.getByRole('textbox', { name: 'Recovery phrase' }))
  await user.paste(RECOVERY_PHRASE)
  await user.click(screen.getByRole('button', { name: 'Open' }))
  expect(screen.getByRole('alert').textContent).toContain('Choose a passphrase')
  expect(argsOf('profile.recover')).toEqual([])
  await user.type(screen.getByRole('textbox', { name: 'New passphrase' }), 'a new passphrase')
  await user.type(screen.getByRole('textbox', { name: 'New passphrase, again' }), 'a new passphrase{Enter}')
  expect(argsOf('profile.recover')).toEqual([{ recoveryPhrase: RECOVERY_PHRASE, passphrase: 'a new passphrase' }])
})

it('does not offer a recovery phrase that there is not', async () => {
  locked(false)
  await screen.findByRole('heading', { name: 'SpacePanda is locked' })
  expect(screen.queryByRole('button', { name: 'Use the recovery phrase' })).toBeNull()
})

it('restores from a backup on the first run', async () => {
  const { fake, user, argsOf, tell } = begin({ kind: 'none', passphraseRequired: false })
  await user.click(await screen.findByRole('button', { name: 'Restore from a backup' }))
  expect(screen.queryByRole('textbox')).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Choose the backup file' }))
  expect(fake.wishes).toEqual([{ purpose: 'open-backup', name: '' }])
  await user.type(screen.getByRole('textbox', { name: 'Passphrase' }), 'battery staple{Enter}')
  expect(argsOf('backup.restore')).toEqual([{ file: '/home/alice/chosen', passphrase: 'battery staple', recoveryPhrase: null }])
  expect(await screen.findByRole('progressbar', { name: 'Restoring the backup' })).toBeDefined()
  tell({ kind: 'failed', code: 'wrong-passphrase', message: '' })
  expect((await screen.findByRole('alert')).textContent).toBe('Nothing was restored. That is not the passphrase. Try again.')
  const field = screen.getByRole('textbox', { name: 'Passphrase' })
  await user.clear(field)
  await user.type(field, `${PASSPHRASE}{Enter}`)
  tell({ kind: 'done', result: { kind: 'restore', file: '/home/alice/chosen', spaces: 2, messages: 1_234 } })
  expect(await screen.findByText('Your profile is back: 1,234 messages, 2 spaces.')).toBeDefined()
  fake.world.status = { kind: 'open', profile: makeProfile() }
  await user.click(screen.getByRole('button', { name: 'Open the profile' }))
  expect(await screen.findByRole('heading', { name: 'Hello, Alice' })).toBeDefined()
})

it('restores with the recovery phrase, and goes back without having changed anything', async () => {
  const { user, argsOf } = begin({ kind: 'none', passphraseRequired: true })
  await user.click(await screen.findByRole('button', { name: 'Restore from a backup' }))
  await user.click(screen.getByRole('button', { name: 'Choose the backup file' }))
  await user.click(screen.getByRole('button', { name: 'Use the recovery phrase instead' }))
  await user.click(screen.getByRole('textbox', { name: 'Recovery phrase' }))
  await user.paste(RECOVERY_PHRASE)
  await user.click(screen.getByRole('button', { name: 'Restore' }))
  expect(argsOf('backup.restore')).toEqual([{ file: '/home/alice/chosen', passphrase: null, recoveryPhrase: RECOVERY_PHRASE }])
  await user.click(await screen.findByRole('button', { name: 'Cancel' }))
  expect(await screen.findByText('Restoring was cancelled. Nothing was changed.')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Back' }))
  expect(screen.getByRole('textbox', { name: 'Your name' })).toBeDefined()
})

it('checks and repairs what cannot be read, and asks again how it is then', async () => {
  const { fake, user, argsOf, tell } = unreadable(true)
  expect(await screen.findByText('Two pages are damaged.')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Check and repair' }))
  expect(argsOf('doctor.run')).toEqual([{ repair: true, passphrase: null, recoveryPhrase: null }])
  expect(await screen.findByRole('progressbar', { name: 'Repairing the profile' })).toBeDefined()
  tell({ kind: 'done', result: { kind: 'repair', checks: [{ name: 'pages', ok: true, detail: 'Every page is whole.' }] } })
  expect(await screen.findByText('Repaired. Everything is in order.')).toBeDefined()
  expect(screen.getByText('Every page is whole.')).toBeDefined()
  fake.world.status = { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false }
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByRole('heading', { name: 'SpacePanda is locked' })).toBeDefined()
})

it.each([
  [true, ['Check and repair', 'Try again', 'Restore from a backup']],
  [false, ['Try again', 'Check what is wrong', 'Restore from a backup']],
])('puts what most likely helps first, as every page does: repairable %s', async (repairable, names) => {
  unreadable(repairable)
  await screen.findByText('Two pages are damaged.')
  const buttons = screen.getAllByRole('button')
  expect(buttons.map(({ textContent }) => textContent)).toEqual(names)
  expect(buttons.map(({ className }) => className.includes('primary'))).toEqual([true, false, false])
})

it('asks for what opens the profile when the repair needs it', async () => {
  const { user, argsOf, tell } = unreadable(true)
  await user.click(await screen.findByRole('button', { name: 'Check and repair' }))
  tell({ kind: 'failed', code: 'passphrase-required', message: '' })
  expect(await screen.findByText('Type what opens the profile, so that it can be repaired.')).toBeDefined()
  expect(screen.queryByRole('alert')).toBeNull()
  await user.type(await screen.findByRole('textbox', { name: 'Passphrase' }), `${PASSPHRASE}{Enter}`)
  expect(argsOf('doctor.run').at(-1)).toEqual({ repair: true, passphrase: PASSPHRASE, recoveryPhrase: null })
  tell({ kind: 'failed', code: 'wrong-passphrase', message: '' })
  expect((await screen.findByRole('alert')).textContent).toContain('That is not the passphrase')
})

it('only looks where there is nothing to repair from, and never offers to wipe anything', async () => {
  const { user, argsOf } = unreadable(false)
  await user.click(await screen.findByRole('button', { name: 'Check what is wrong' }))
  expect(argsOf('doctor.run')).toEqual([{ repair: false, passphrase: null, recoveryPhrase: null }])
  const names = screen.getAllByRole('button').map((button) => button.textContent)
  expect(names.join(' ')).not.toMatch(/delete|remove|wipe|reset|erase|start over|new profile|create/i)
})

it('tells how a backup is restored where a profile cannot be read, and verifies it first', async () => {
  const { user, argsOf, tell } = unreadable(false)
  await user.click(await screen.findByRole('button', { name: 'Restore from a backup' }))
  expect(screen.getByText(/move its profile folder to another place\. Do not delete it/)).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Choose the backup file' }))
  await user.type(screen.getByRole('textbox', { name: 'Passphrase' }), `${PASSPHRASE}{Enter}`)
  expect(argsOf('backup.restore')).toEqual([])
  expect(argsOf('backup.verify')).toEqual([{ file: '/home/alice/chosen', passphrase: PASSPHRASE, recoveryPhrase: null }])
  tell({ kind: 'failed', code: 'unreadable', message: 'This is not a backup of SpacePanda.' })
  expect((await screen.findByRole('alert')).textContent).toBe('This backup could not be verified. This is not a backup of SpacePanda.')
})

it('shows in front of the lock that a profile is back', async () => {
  const { fake, user, tell } = begin({ kind: 'none', passphraseRequired: false })
  await user.click(await screen.findByRole('button', { name: 'Restore from a backup' }))
  await user.click(screen.getByRole('button', { name: 'Choose the backup file' }))
  await user.type(screen.getByRole('textbox', { name: 'Passphrase' }), `${PASSPHRASE}{Enter}`)
  fake.emit('profile.changed', { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false })
  tell({ kind: 'done', result: { kind: 'restore', file: '/home/alice/chosen', spaces: 1, messages: 1 } })
  expect(await screen.findByText('Your profile is back: 1 message, 1 space.')).toBeDefined()
  expect(screen.getByRole('heading', { name: 'SpacePanda is locked' })).toBeDefined()
})

it('tells in front of the lock what a repair did, and keeps the passphrase in view', async () => {
  const { fake, user, tell } = unreadable(true)
  await user.click(await screen.findByRole('button', { name: 'Check and repair' }))
  fake.emit('profile.changed', { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false })
  const checks = [
    { name: 'repair', ok: true, detail: 'The snapshot of today took its place.' },
    { name: 'pages', ok: true, detail: 'Every page is whole.' },
  ]
  tell({ kind: 'done', result: { kind: 'repair', checks } })
  expect(await screen.findByText('Repaired. Everything is in order.')).toBeDefined()
  expect(screen.getByText('The snapshot of today took its place.').closest('details')).toBeNull()
  expect(screen.getByText('Every page is whole.').closest('details')?.open).toBe(false)
  expect(screen.getByRole('textbox', { name: 'Passphrase' })).toBeDefined()
})
