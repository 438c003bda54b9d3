import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../fixtures/ask.ts'
import { flipPages } from '../fixtures/damage.ts'
import { everythingShown } from '../fixtures/everything-shown.ts'
import { openPage } from '../fixtures/exported-page.ts'
import { Instances } from '../fixtures/instances.ts'
import { keepEveryLook } from '../fixtures/looks.ts'
import { channelIdOf, sendMany } from '../fixtures/many-messages.ts'
import { keepScreenshot } from '../fixtures/screenshots.ts'
import { answerDialogs } from '../fixtures/system-dialogs.ts'
import { PASSPHRASE } from '../pages/first-run.ts'
import { Person } from '../pages/person.ts'

const SPACE = 'Lantern room'
const RECOVERED = 'a lantern behind paper'
const CHANGED = 'seven calm tea kettles'
const DRAFT = 'Shall we put them out'
const MINUTE_MS = 60_000

/** Ada keeps her profile safe, loses it in every way there is, and has it back each time. Ben is who she talks with. */
describe('a profile that is kept safe', { timeout: 120_000 }, () => {
  const instances = new Instances()
  let ada: Person
  let ben: Person
  /** Where files outside of any profile go. */
  let elsewhere: string
  let phrase: string

  const arrive = async (name: string): Promise<Person> => {
    const person = new Person(name, await instances.fresh(name.toLowerCase()))
    await person.firstRun.createProfile(name)
    return person
  }
  const enter = async (person: Person): Promise<void> => {
    await person.spaces.open(SPACE)
    await person.channels.open('general')
  }
  const look = (name: string): Promise<void> => keepEveryLook(ada.instance, 'safety', name)
  /** Both write, and both are heard. */
  const talk = async (one: string, other: string): Promise<void> => {
    await ada.say(one)
    await ben.sees(ada, one, MINUTE_MS)
    await ben.say(other)
    await ada.sees(ben, other, MINUTE_MS)
  }
  const security = (name: string) => ada.settings.section(name)
  const press = (section: string, button: string): Promise<void> =>
    ada.settings.section(section).getByRole('button', { name: button, exact: true }).click()

  beforeAll(async () => {
    ;[ada, ben] = await Promise.all([arrive('Ada'), arrive('Ben')])
    elsewhere = await instances.folder('elsewhere')
    await ada.spaces.create(SPACE)
    await ada.channels.open('general')
    await ben.joinSpace(await ada.invite.takeLink(), SPACE)
    await ada.members.member('Ben').waitFor()
    await talk('The lamps are lit.', 'I can see them from here.')
  }, 120_000)
  afterEach(async ({ task }) => {
    for (const { name, instance } of [ada, ben])
      if (!instance.page.isClosed()) await keepScreenshot(instance.page, 'safety', `${task.name.replaceAll(/\W+/g, '-')}-${name}`)
  })
  afterAll(() => instances.end())

  it('1 a recovery phrase is shown once, and has to be written down', async () => {
    await ada.settings.open('Security')
    await look('security')
    await press('Recovery phrase', 'Make a recovery phrase')
    const section = security('Recovery phrase')
    await section.getByRole('textbox', { name: 'Current passphrase' }).fill('not what it is')
    await press('Recovery phrase', 'Make a recovery phrase')
    await section.getByRole('alert').filter({ hasText: 'That is not the passphrase' }).waitFor()
    await section.getByRole('textbox', { name: 'Current passphrase' }).fill(PASSPHRASE)
    await press('Recovery phrase', 'Make a recovery phrase')
    const words = section.getByRole('list', { name: 'The words of the recovery phrase' }).getByRole('listitem')
    await words.first().waitFor()
    const written = (await words.allInnerTexts()).map((word) => word.replaceAll(/[\d\s]/g, ''))
    expect(written).toHaveLength(24)
    phrase = written.join(' ')
    await look('recovery-words')
    // Nothing takes them away by mistake.
    await ada.instance.page.keyboard.press('Escape')
    const question = ada.instance.page.getByRole('dialog', { name: 'Keep the recovery phrase?' })
    await question.waitFor()
    await look('recovery-words-kept')
    await ada.instance.page.keyboard.press('Escape')
    await question.waitFor({ state: 'hidden' })
    await words.first().waitFor()
    await press('Recovery phrase', 'I have written them down')
    const asked = section.getByRole('textbox', { name: /^Word \d+$/ })
    for (const field of await asked.all()) await field.fill('zebra')
    await press('Recovery phrase', 'Confirm')
    await section.getByRole('alert').first().waitFor()
    await look('recovery-confirm')
    for (const label of await section.locator('label').allInnerTexts())
      await section.getByRole('textbox', { name: label, exact: true }).fill(written[Number(label.replace('Word ', '')) - 1] ?? '')
    await press('Recovery phrase', 'Confirm')
    await section.getByText('The recovery phrase is ready.').waitFor()
    await section.getByText('There is a recovery phrase. It cannot be shown again.').waitFor()
    expect(await everythingShown(ada.instance)).not.toContain(written.slice(0, 3).join(' '))
  })

  it('2 a locked window keeps nothing of what was open', async () => {
    const secrets = ['The lamps are lit', 'from here', SPACE, 'general', 'Ada', 'Ben', DRAFT]
    await ada.settings.close()
    await ada.conversation.composer().fill(DRAFT)
    const shown = await everythingShown(ada.instance)
    for (const secret of secrets) expect(shown).toContain(secret)
    await ada.settings.open('Security')
    await press('Lock', 'Lock now')
    await ada.unlock.passphrase.waitFor()
    const left = await everythingShown(ada.instance)
    for (const secret of secrets) expect(left).not.toContain(secret)
    await look('locked')
    expect(await ada.instance.page.evaluate(() => window.spacepanda.call('spaces.list', {}))).toMatchObject({ error: { code: 'locked' } })
    await ben.say('Are you asleep?')
    await ben.conversation.message('Ben', 'Are you asleep?').getByText('Waiting for Ada').waitFor({ state: 'attached' })
    expect(await everythingShown(ada.instance)).not.toContain('asleep')
  })

  it('3 the words on paper open it, and what came meanwhile arrives', async () => {
    await ada.gates.button('Use the recovery phrase').click()
    await ada.gates.recover([...phrase.split(' ').slice(1), phrase.split(' ')[0]].join(' '), RECOVERED)
    // One in 256 wrong orders has the right checksum, and is refused for the key that it gives.
    await ada.gates.alert(/These words do not belong together|That is not the recovery phrase/).waitFor()
    await look('recover')
    await ada.gates.recover(phrase.toUpperCase(), RECOVERED)
    await enter(ada)
    await ada.sees(ada, 'The lamps are lit.')
    expect(await ada.conversation.composer().inputValue()).toBe(DRAFT)
    await ada.sees(ben, 'Are you asleep?', MINUTE_MS)
    await talk('Not any more.', 'Good.')
  })

  it('4 the passphrase is changed by who knows it, and not removed where nothing else would protect the profile', async () => {
    await ada.settings.open('Security')
    await press('Passphrase', 'Change passphrase')
    const section = security('Passphrase')
    const fill = async (current: string, next: string, again: string): Promise<void> => {
      await section.getByRole('textbox', { name: 'Current passphrase' }).fill(current)
      await section.getByRole('textbox', { name: 'New passphrase', exact: true }).fill(next)
      await section.getByRole('textbox', { name: 'New passphrase, again' }).fill(again)
      await press('Passphrase', 'Save passphrase')
    }
    await fill('', 'short', 'shorter')
    expect(await section.getByRole('alert').allInnerTexts()).toEqual([
      'Type the passphrase you use now.',
      'Use at least 8 characters. A few random words work well.',
      'The two are not the same. Type the new passphrase again.',
    ])
    await look('passphrase-problems')
    // The one that the recovery phrase replaced opens nothing any more.
    await fill(PASSPHRASE, CHANGED, CHANGED)
    await section.getByRole('alert').filter({ hasText: 'That is not the passphrase' }).waitFor()
    await fill(RECOVERED, CHANGED, CHANGED)
    await section.getByText('The passphrase is changed.').waitFor()
    await section.getByText('it cannot be removed: this computer has no safe keyring').waitFor()
    expect(await section.getByRole('button').allInnerTexts()).toEqual(['Change passphrase'])
    await look('passphrase-kept')
    await ada.settings.close()
  })

  it('5 a channel is exported into one page that needs nothing else', async () => {
    const file = join(elsewhere, 'general.html')
    await answerDialogs(ada.instance, file)
    const dialog = await ada.settings.openOfChannel('Export messages')
    await look('export')
    await dialog.getByRole('button', { name: 'Choose where to save it' }).click()
    await dialog.getByText(/^Exported \d+ messages\.$/).waitFor()
    await look('exported')
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
    expect(await readFile(file, 'utf8')).not.toMatch(/<(?:script|link|img|iframe|object|embed)|(?:src|href)\s*=|url\(|@import/i)
    const { text, requests } = await openPage(ada.instance, file, 'exported')
    for (const said of ['The lamps are lit.', 'I can see them from here.', 'Are you asleep?', 'Good.']) expect(text).toContain(said)
    expect(requests).toEqual([])
  })

  it('6 a check says what it looked at, and that all of it is whole', async () => {
    await ada.settings.open('Data & backup')
    await press('Check the profile', 'Check now')
    const section = ada.settings.section('Check the profile')
    await section.getByText('Everything is in order.').waitFor()
    const checks = await section.getByRole('list', { name: 'What was checked' }).getByRole('listitem').allInnerTexts()
    expect(checks.length).toBeGreaterThan(4)
    for (const check of checks) expect(check).toMatch(/^in order:\s/)
    await section.scrollIntoViewIfNeeded()
    await look('checked')
    // The window makes a copy for repairs a minute after it was opened.
    const snapshots = () => ask(ada.instance, 'backup.status', {}).then((status) => status.snapshots.length)
    await expect.poll(snapshots, { timeout: 100_000, interval: 1_000 }).toBeGreaterThan(0)
    await ada.settings.close()
  })

  it('7 a damaged database is said to be one, is repaired, and the history is back', async () => {
    await talk('Written after the copy.', 'So was this.')
    await instances.quit(ada.instance)
    await flipPages(join(ada.instance.dataDir, 'profile.db'), [1, 2])
    ada = new Person('Ada', await instances.start(ada.instance.dataDir))
    await ada.unlock.passphrase.fill(CHANGED)
    await ada.unlock.open.click()
    await ada.gates.heading('Your profile is here, but it cannot be read').waitFor()
    await look('unreadable')
    await ada.gates.button('Check and repair').click()
    await ada.gates.field('Passphrase').waitFor()
    await look('repair-asks')
    await ada.gates.field('Passphrase').fill(CHANGED)
    await ada.gates.button('Check and repair').click()
    await ada.instance.page.getByText('Repaired. Everything is in order.').waitFor()
    await look('repaired')
    // Whatever there is to tell, what opens the profile stays in view.
    const button = await ada.unlock.open.boundingBox()
    expect(button === null ? Infinity : button.y + button.height).toBeLessThan(await ada.instance.page.evaluate(() => window.innerHeight))
    await ada.unlock.unlock(CHANGED)
    await enter(ada)
    for (const text of ['The lamps are lit.', 'Not any more.', 'Written after the copy.']) await ada.sees(ada, text, MINUTE_MS)
    await ada.sees(ben, 'So was this.', MINUTE_MS)
    await expect.poll(() => ada.conversation.composer().isEnabled(), { timeout: MINUTE_MS }).toBe(true)
    await talk('Mended.', 'Like new.')
  })

  it('8 a backup is made and verified', async () => {
    const file = join(elsewhere, 'ada')
    await sendMany(
      ada.instance,
      await channelIdOf(ada.instance, 'general'),
      Array.from({ length: 40 }, (_, index) => `Page ${index + 1}`),
    )
    await ben.sees(ada, 'Page 40', MINUTE_MS)
    await answerDialogs(ada.instance, file)
    await ada.settings.open('Data & backup')
    await look('data')
    await press('Backup', 'Make a backup now')
    const section = ada.settings.section('Backup')
    await section.getByText(/^The backup is made and verified: \d+ messages, 1 space, /).waitFor()
    await section.getByText(/^Last backup: /).waitFor()
    await look('backup-made')
    await answerDialogs(ada.instance, `${file}.spacepanda-backup`)
    await press('Backup', 'Verify a backup')
    await section.getByText(/^This backup is whole\./).waitFor()
    await ada.settings.close()
    await instances.quit(ada.instance)
  })

  it('9 it brings everything back on a computer that had nothing', async () => {
    await ben.say('While you were moving.')
    await instances.quit(ben.instance)
    ada = new Person('Ada', await instances.fresh('ada-again'))
    await answerDialogs(ada.instance, join(elsewhere, 'ada.spacepanda-backup'))
    await ada.gates.button('Restore from a backup').click()
    await look('restore')
    await ada.gates.button('Choose the backup file').click()
    await look('restore-chosen')
    await ada.gates.restore(CHANGED)
    await ada.instance.page.getByText(/^Your profile is back: \d+ messages, 1 space\.$/).waitFor()
    await look('restored')
    await ada.unlock.unlock(CHANGED)
    await enter(ada)
    await ada.conversation.inView(ada.conversation.message('Ada', 'Page 40'))
    await ada.instance.page.getByText('This profile was restored from an older copy.').waitFor()
    expect(await ada.conversation.composer().isEnabled()).toBe(false)
    await look('returning')
  })

  it('10 and both talk again once somebody else is there', async () => {
    ben = new Person('Ben', await instances.start(ben.instance.dataDir))
    await ben.unlock.unlock()
    await enter(ben)
    await expect.poll(() => ada.conversation.composer().isEnabled(), { timeout: MINUTE_MS }).toBe(true)
    expect(await ada.instance.page.getByText('This profile was restored from an older copy.').count()).toBe(0)
    await ada.sees(ben, 'While you were moving.', MINUTE_MS)
    await talk('I am back.', 'I never noticed.')
    await ada.conversation.withAll('Ada', 'I am back.').waitFor({ state: 'attached', timeout: MINUTE_MS })
    expect(await ada.members.panel.getByRole('listitem').count()).toBe(2)
  })
})
