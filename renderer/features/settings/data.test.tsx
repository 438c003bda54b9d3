// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { BackupStatus, DoctorCheck, TaskState } from '../../../shared/domain/tasks.ts'
import { refuse } from '../../testing/fake-node.ts'
import { makeBackupStatus, makeProfile, makeSpace, NOON } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import type { World } from '../../testing/world.ts'
import { worldWith } from '../../testing/world.ts'

async function opened(backup: Partial<BackupStatus> = {}, part: Partial<World> = {}) {
  const view = openWindow(worldWith(makeSpace('Choir'), [], { backup: makeBackupStatus(backup), ...part }))
  await view.user.click(await screen.findByRole('button', { name: 'Settings' }))
  await view.user.click(screen.getByRole('tab', { name: 'Data & backup' }))
  const argsOf = (wanted: string) => view.fake.calls.filter(({ method }) => method === wanted).map(({ args }) => args)
  /** The task begun last goes on. */
  const tell = (state: TaskState) => {
    const [task] = view.fake.world.tasks
    if (task === undefined) return expect.unreachable('no task')
    task.state = state
    view.fake.emit('task.changed', task)
  }
  return { ...view, argsOf, tell }
}

it('makes a backup into a file that was chosen, with progress, and says what is in it', async () => {
  const { fake, user, argsOf, tell } = await opened()
  expect(await screen.findByText('No backup has been made yet.')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Make a backup now' }))
  expect(fake.wishes).toEqual([{ purpose: 'save-backup', name: expect.stringMatching(/^SpacePanda 2026-11-2[12]\./) as string }])
  expect(argsOf('backup.create')).toEqual([{ file: '/home/alice/chosen', passphrase: null }])
  tell({ kind: 'running', done: 1, total: 4 })
  const bar = await screen.findByRole('progressbar', { name: 'Making a backup' })
  await expect.poll(() => bar.getAttribute('aria-valuenow')).toBe('25')
  fake.world.backup = makeBackupStatus({ last: { at: NOON, file: '/home/alice/chosen' } })
  tell({ kind: 'done', result: { kind: 'backup', file: '/home/alice/chosen', bytes: 4_000, spaces: 1, messages: 1 } })
  expect(await screen.findByText('The backup is made and verified: 1 message, 1 space, 4 kB.')).toBeDefined()
  expect(await screen.findByText(/^Last backup: November 21, 2026/)).toBeDefined()
})

it('does nothing when no file was chosen, and cancels what was begun', async () => {
  const { fake, user, argsOf } = await opened()
  fake.world.chosen = null
  await user.click(await screen.findByRole('button', { name: 'Make a backup now' }))
  expect(argsOf('backup.create')).toEqual([])
  fake.world.chosen = '/disk/copy'
  await user.click(screen.getByRole('button', { name: 'Make a backup now' }))
  await user.click(await screen.findByRole('button', { name: 'Cancel' }))
  expect(await screen.findByText('The backup was cancelled. No file was left behind.')).toBeDefined()
})

it('asks for a passphrase for the backup where only the keyring opens the profile', async () => {
  const { user, argsOf } = await opened({}, { status: { kind: 'open', profile: makeProfile({ passphrase: false }) } })
  await user.click(await screen.findByRole('button', { name: 'Make a backup now' }))
  expect(argsOf('backup.create')).toEqual([])
  const field = screen.getByRole('textbox', { name: 'Passphrase for this backup' })
  await user.type(field, 'short{Enter}')
  expect(screen.getAllByRole('alert')[0]?.textContent).toContain('at least 8 characters')
  await user.type(field, ' and longer')
  const again = screen.getByRole('textbox', { name: 'Passphrase, again' })
  await user.type(again, 'short and{Enter}')
  expect(screen.getByRole('alert').textContent).toContain('not the same')
  expect(argsOf('backup.create')).toEqual([])
  await user.type(again, ' longer{Enter}')
  expect(argsOf('backup.create')).toEqual([{ file: '/home/alice/chosen', passphrase: 'short and longer' }])
})

it('verifies a backup, and asks for what opens it when the profile’s own key does not', async () => {
  const { user, argsOf, tell } = await opened()
  await user.click(await screen.findByRole('button', { name: 'Verify a backup' }))
  expect(argsOf('backup.verify')).toEqual([{ file: '/home/alice/chosen' }])
  tell({ kind: 'failed', code: 'wrong-passphrase', message: '' })
  expect(await screen.findByText('Type what opens /home/alice/chosen.')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Use the recovery phrase instead' }))
  await user.type(screen.getByRole('textbox', { name: 'Recovery phrase' }), '1. Zoo  2. YEAR')
  await user.click(screen.getByRole('button', { name: 'Verify' }))
  expect(argsOf('backup.verify').at(-1)).toEqual({ file: '/home/alice/chosen', passphrase: null, recoveryPhrase: 'zoo year' })
  tell({ kind: 'done', result: { kind: 'verify', file: '/home/alice/chosen', createdAt: NOON, bytes: 4_000, spaces: 2, messages: 7 } })
  expect(await screen.findByText(/This backup is whole\. It was made November 21, 2026/)).toBeDefined()
})

it('says when the last scheduled backup failed, where the last one is, and what copies there are', async () => {
  await opened({
    last: { at: NOON, file: '/disk/last' },
    problem: 'The folder is gone.',
    snapshots: [{ at: NOON, bytes: 48_300_000 }],
  })
  expect((await screen.findByRole('alert')).textContent).toBe('The last backup by schedule failed. The folder is gone.')
  expect(screen.getByText('/disk/last')).toBeDefined()
  expect(within(screen.getByRole('list', { name: 'Copies for repairs' })).getByText(/48\.3 MB$/)).toBeDefined()
  expect(screen.getByText('/home/alice/.config/spacepanda')).toBeDefined()
})

it('makes backups by itself once a folder was chosen, and stops when told to', async () => {
  const { fake, user, argsOf } = await opened()
  const box = await screen.findByRole('checkbox', { name: 'Make backups by itself' })
  fake.world.chosen = null
  await user.click(box)
  expect(argsOf('backup.setSchedule')).toEqual([])
  fake.world.chosen = '/disk'
  await user.click(box)
  await user.selectOptions(await screen.findByRole('combobox', { name: 'How often' }), 'Every day')
  await user.selectOptions(screen.getByRole('combobox', { name: 'Keep' }), '2 files')
  await user.click(box)
  expect(fake.wishes.at(-1)).toEqual({ purpose: 'backup-folder', name: '' })
  await expect
    .poll(() => argsOf('backup.setSchedule'))
    .toEqual([
      { schedule: { folder: '/disk', everyDays: 7, keep: 5 } },
      { schedule: { folder: '/disk', everyDays: 1, keep: 5 } },
      { schedule: { folder: '/disk', everyDays: 1, keep: 2 } },
      { schedule: null },
    ])
})

it('checks the profile, shows what was found, and repairs it when asked', async () => {
  const { user, argsOf, tell } = await opened()
  const bad: DoctorCheck = { name: 'pages', ok: false, detail: 'Three pages are damaged.' }
  const note: DoctorCheck = { name: 'disk', ok: true, warning: true, detail: 'No snapshot is made now.' }
  const good: DoctorCheck = { name: 'key', ok: true, detail: 'The key file is whole.' }
  await user.click(await screen.findByRole('button', { name: 'Check now' }))
  tell({ kind: 'done', result: { kind: 'check', checks: [good, note, bad] } })
  const list = await screen.findByRole('list', { name: 'What was checked' })
  expect(
    within(list)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual(['not in order: Three pages are damaged.', 'could be better: No snapshot is made now.', 'in order: The key file is whole.'])
  expect(screen.getByRole('alert').textContent).toBe('1 thing is not in order.')
  await user.click(screen.getByRole('button', { name: 'Repair' }))
  expect(argsOf('doctor.run')).toEqual([{ repair: false }, { repair: true }])
  expect(await screen.findByRole('progressbar', { name: 'Repairing the profile' })).toBeDefined()
  tell({ kind: 'done', result: { kind: 'repair', checks: [good, { ...bad, ok: true }] } })
  expect(await screen.findByText('Repaired. Everything is in order.')).toBeDefined()
  expect(screen.queryByRole('button', { name: 'Repair' })).toBeNull()
})

it('still shows how far a backup is after the settings were closed and opened again', async () => {
  const { user, tell } = await opened()
  await user.click(await screen.findByRole('button', { name: 'Make a backup now' }))
  await user.click(screen.getByRole('button', { name: 'Close' }))
  tell({ kind: 'running', done: 1, total: 2 })
  await user.click(screen.getByRole('button', { name: 'Settings' }))
  await user.click(screen.getByRole('tab', { name: 'Data & backup' }))
  expect(screen.getByRole('progressbar', { name: 'Making a backup' }).getAttribute('aria-valuenow')).toBe('50')
})

it('says that nothing could be learned of backups, and asks again', async () => {
  const { fake, user } = await opened()
  fake.on('backup.status', () => refuse('disk'))
  await user.click(screen.getByRole('tab', { name: 'Profile' }))
  await user.click(screen.getByRole('tab', { name: 'Data & backup' }))
  fake.on('backup.status', () => ({ ok: true, value: makeBackupStatus() }))
  await user.click(await screen.findByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('No backup has been made yet.')).toBeDefined()
})
