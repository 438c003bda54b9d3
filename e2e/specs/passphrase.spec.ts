import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderDigest } from '../fixtures/folder-digest.ts'
import { Instances } from '../fixtures/instances.ts'
import { keepScreenshot } from '../fixtures/screenshots.ts'
import { Person } from '../pages/person.ts'

const alert = ({ instance }: Person, text: RegExp) => instance.page.getByRole('alert').filter({ hasText: text })

describe('choosing a name and a passphrase', { timeout: 60_000 }, () => {
  const instances = new Instances()
  let person: Person
  beforeAll(async () => {
    person = new Person('Ada', await instances.fresh('choosing'))
    await person.firstRun.name.waitFor()
  }, 60_000)
  afterAll(() => instances.end())

  it.each([
    ['no name', '', 'long enough', /Type the name/],
    ['a name of white space', '   ', 'long enough', /Type the name/],
    ['a name too long', 'x'.repeat(65), 'long enough', /at most 64/],
    ['a name that turns text around', 'Ada\u202e', 'long enough', /./],
    ['no passphrase where there is no keyring', 'Ada', '', /Choose a passphrase/],
    ['a passphrase too short', 'Ada', '1234567', /at least 8/],
    ['a passphrase of one key', 'Ada', 'aaaaaaaaaaaa', /Whoever guesses would try this first/],
    ['a passphrase with a slip', 'Ada', 'long enough', /The two are not the same/, 'long emough'],
  ])('refuses %s', async (_what, name, passphrase, words, again = passphrase) => {
    await person.firstRun.name.fill(name)
    await person.firstRun.passphrase.fill(passphrase)
    await person.firstRun.again.fill(again)
    await person.firstRun.create.click()
    await alert(person, words).waitFor()
    expect(await folderDigest(person.instance.dataDir)).toEqual({})
    await keepScreenshot(person.instance.page, 'passphrase', `refused-${words.source.replaceAll(/\W+/g, '-')}`)
  })

  it('goes on once both are right', async () => {
    await person.firstRun.createProfile('Ada')
    expect(Object.keys(await folderDigest(person.instance.dataDir)).length).toBeGreaterThan(0)
  })
})

describe('opening what a passphrase protects', { timeout: 60_000 }, () => {
  const instances = new Instances()
  let person: Person
  const startAgain = async (): Promise<void> => {
    person = new Person('Ada', await instances.restart(person.instance))
  }
  beforeAll(async () => {
    person = new Person('Ada', await instances.fresh('locked'))
    await person.firstRun.createProfile('Ada')
    await person.spaces.create('Burrow')
    await startAgain()
    await person.unlock.passphrase.waitFor()
  }, 60_000)
  afterAll(() => instances.end())

  it.each(['four quiet bamboo grove', 'x', 'FOUR QUIET BAMBOO GROVES', 'ä'.repeat(512)])(
    'refuses the wrong one and changes nothing',
    async (wrong) => {
      const before = await folderDigest(person.instance.dataDir)
      await person.unlock.passphrase.fill(wrong)
      await person.unlock.open.click()
      await alert(person, /That is not the passphrase/).waitFor()
      expect(await folderDigest(person.instance.dataDir)).toEqual(before)
    },
  )

  it('asks for one before it tries', async () => {
    await person.unlock.passphrase.fill('')
    await person.unlock.open.click()
    expect(await person.unlock.passphrase.evaluate((field) => field === document.activeElement)).toBe(true)
    expect(await person.unlock.open.isEnabled()).toBe(true)
    await keepScreenshot(person.instance.page, 'passphrase', 'locked')
  })

  it('opens with the right one after all that, with everything in place', async () => {
    await person.unlock.unlock()
    await person.spaces.space('Burrow').waitFor()
  })

  it('never replaces a profile that it cannot read', async () => {
    await instances.quit(person.instance)
    const { dataDir } = person.instance
    for (const name of ['profile.json', 'profile.json.copy']) await truncate(join(dataDir, name), 20)
    const before = await folderDigest(dataDir)
    person = new Person('Ada', await instances.start(dataDir))
    await person.instance.page.getByRole('heading', { name: 'Your profile is here, but it cannot be read' }).waitFor()
    await keepScreenshot(person.instance.page, 'passphrase', 'unreadable')
    await person.instance.page.getByRole('button', { name: 'Try again' }).click()
    expect(await person.firstRun.create.count()).toBe(0)
    await instances.quit(person.instance)
    expect(await folderDigest(dataDir)).toEqual(before)
  })
})
