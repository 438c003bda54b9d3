import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../fixtures/ask.ts'
import { flipPages } from '../fixtures/damage.ts'
import { folderDigest } from '../fixtures/folder-digest.ts'
import { Instances } from '../fixtures/instances.ts'
import { keepEveryLook } from '../fixtures/looks.ts'
import { channelIdOf, sendMany } from '../fixtures/many-messages.ts'
import { keepScreenshot } from '../fixtures/screenshots.ts'
import { answerDialogs } from '../fixtures/system-dialogs.ts'
import { PASSPHRASE } from '../pages/first-run.ts'
import { Person } from '../pages/person.ts'

/** What backups refuse, and what is left of work that somebody stops: nothing. */
describe('backups that are not to be', { timeout: 60_000 }, () => {
  const instances = new Instances()
  let owner: Person
  let newcomer: Person
  let elsewhere: string
  let backup: string

  /** Chooses another file, types what opens it, and begins. */
  const tryFile = async (file: string, passphrase: string): Promise<void> => {
    await answerDialogs(newcomer.instance, file)
    await newcomer.instance.page.getByRole('button', { name: /^Choose (?:the backup|another) file$/ }).click()
    await newcomer.gates.restore(passphrase)
  }
  const nothingIsThere = async (): Promise<void> => {
    expect(await folderDigest(newcomer.instance.dataDir)).toEqual({})
    expect(await call(newcomer.instance, 'profile.status', {})).toMatchObject({ ok: true, value: { kind: 'none' } })
  }

  beforeAll(async () => {
    elsewhere = await instances.folder('elsewhere')
    backup = join(elsewhere, 'owner.spacepanda-backup')
    ;[owner, newcomer] = (await Promise.all(
      ['Owner', 'Newcomer'].map(async (name) => new Person(name, await instances.fresh(name.toLowerCase()))),
    )) as [Person, Person]
    await owner.firstRun.createProfile('Owner')
    await owner.spaces.create('Cellar')
    // So much that copying it takes long enough to be stopped.
    await sendMany(
      owner.instance,
      await channelIdOf(owner.instance, 'general'),
      Array.from({ length: 120 }, (_, index) => `${index} ${'words to fill a page, '.repeat(700)}`),
    )
    await answerDialogs(owner.instance, backup)
  }, 120_000)
  afterEach(async ({ task }) => {
    for (const { name, instance } of [owner, newcomer])
      if (!instance.page.isClosed()) await keepScreenshot(instance.page, 'refusals', `${task.name.replaceAll(/\W+/g, '-')}-${name}`)
  })
  afterAll(() => instances.end())

  it('1 leaves no file behind when making one is cancelled', async () => {
    await owner.settings.open('Data & backup')
    const section = owner.settings.section('Backup')
    await section.getByRole('button', { name: 'Make a backup now' }).click()
    // At once: a pointer first waits for the button to stand still, and a small backup may be made by then.
    await section.getByRole('button', { name: 'Cancel', exact: true }).dispatchEvent('click')
    await section.getByText('The backup was cancelled. No file was left behind.').waitFor()
    expect(await folderDigest(elsewhere)).toEqual({})
    await section.getByText('No backup has been made yet.').waitFor()
    await keepEveryLook(owner.instance, 'refusals', 'backup-cancelled')
    await section.getByRole('button', { name: 'Make a backup now' }).click()
    await section.getByText(/^The backup is made and verified: 120 messages, 1 space, /).waitFor()
    await owner.settings.close()
  })

  it('2 keeps what is there when nobody chooses a file', async () => {
    await answerDialogs(owner.instance, null)
    await owner.settings.open('Data & backup')
    const section = owner.settings.section('Backup')
    await section.getByRole('button', { name: 'Dismiss' }).click()
    await section.getByRole('button', { name: 'Make a backup now' }).click()
    await section.getByRole('button', { name: 'Make a backup now' }).and(owner.instance.page.locator(':enabled')).waitFor()
    expect(await section.getByRole('alert').count()).toBe(0)
    expect(Object.keys(await folderDigest(elsewhere))).toEqual(['owner.spacepanda-backup'])
    await owner.settings.close()
  })

  it('3 refuses to restore over a profile, whoever asks', async () => {
    await answerDialogs(owner.instance, backup)
    const before = await folderDigest(owner.instance.dataDir)
    const unasked = await call(owner.instance, 'backup.restore', { file: backup, passphrase: PASSPHRASE })
    expect(unasked).toMatchObject({ ok: false, error: { code: 'not-permitted' } })
    await owner.instance.page.evaluate(() => window.spacepanda.chooseFile({ purpose: 'open-backup', name: '' }))
    const asked = await call(owner.instance, 'backup.restore', { file: backup, passphrase: PASSPHRASE })
    expect(asked).toMatchObject({ ok: false, error: { code: 'profile-exists' } })
    expect(Object.keys(await folderDigest(owner.instance.dataDir))).toEqual(Object.keys(before))
  })

  it('4 says so when a file is no backup', async () => {
    const notes = join(elsewhere, 'notes.txt')
    await writeFile(notes, 'Milk, bread, candles. '.repeat(1_000))
    await newcomer.gates.button('Restore from a backup').click()
    await tryFile(notes, PASSPHRASE)
    await newcomer.gates.alert('This is not a backup of SpacePanda.').waitFor()
    await keepEveryLook(newcomer.instance, 'refusals', 'no-backup')
    await nothingIsThere()
  })

  it('5 says so when the passphrase is another', async () => {
    await tryFile(backup, 'not the one it was')
    await newcomer.gates.alert('That is not the passphrase').waitFor()
    await keepEveryLook(newcomer.instance, 'refusals', 'wrong-passphrase')
    await nothingIsThere()
  })

  it('6 leaves nothing when restoring is cancelled', async () => {
    await tryFile(backup, PASSPHRASE)
    await newcomer.gates.button('Cancel').click()
    await newcomer.gates.status('Restoring was cancelled. Nothing was changed.').waitFor()
    await nothingIsThere()
    await keepEveryLook(newcomer.instance, 'refusals', 'restore-cancelled')
  })

  it('7 says so when a backup is damaged', async () => {
    await flipPages(backup, [20])
    await tryFile(backup, PASSPHRASE)
    await newcomer.gates.alert('This backup is damaged').waitFor()
    await nothingIsThere()
    await flipPages(backup, [20])
  })

  it('8 restores after all that, when everything is as it should be', async () => {
    await tryFile(backup, PASSPHRASE)
    await newcomer.instance.page.getByText('Your profile is back: 120 messages, 1 space.').waitFor({ timeout: 30_000 })
    await newcomer.unlock.unlock()
    await newcomer.spaces.space('Cellar').waitFor()
  })

  it('9 never puts a backup in the place of a profile that cannot be read', async () => {
    await instances.quit(owner.instance)
    const { dataDir } = owner.instance
    for (const name of ['profile.json', 'profile.json.copy']) await writeFile(join(dataDir, name), 'x')
    const before = await folderDigest(dataDir)
    owner = new Person('Owner', await instances.start(dataDir))
    await answerDialogs(owner.instance, backup)
    await owner.gates.heading('Your profile is here, but it cannot be read').waitFor()
    await keepEveryLook(owner.instance, 'refusals', 'unreadable')
    await owner.gates.button('Restore from a backup').click()
    await owner.gates.button('Choose the backup file').click()
    await owner.gates.field('Passphrase').fill(PASSPHRASE)
    expect(await owner.gates.button('Restore').count()).toBe(0)
    await owner.gates.button('Verify').click()
    await owner.gates.status(/^This backup is whole\./).waitFor()
    await keepEveryLook(owner.instance, 'refusals', 'way-back')
    await instances.quit(owner.instance)
    expect(await folderDigest(dataDir)).toEqual(before)
  })
})
