import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  clickNotice,
  lookAway,
  lookHere,
  pageInFront,
  shownNotices,
  watchNotices,
  windowCount,
  windowOf,
} from '../fixtures/desktop-notices.ts'
import { Instances } from '../fixtures/instances.ts'
import { keepEveryLook } from '../fixtures/looks.ts'
import { startAgain } from '../fixtures/second-start.ts'
import { Person } from '../pages/person.ts'

const SPACE = 'Bamboo grove'
const WHERE = `#general · ${SPACE}`
const SOON = { timeout: 20_000 }
/** Longer than what settles before a notice is shown. */
const SETTLED_MS = 3_000

/** What the desktop is told of messages from a real peer: each step stands on the ones before. */
describe('what arrives while nobody looks', { timeout: 120_000 }, () => {
  const instances = new Instances()
  let alice: Person
  let bob: Person

  const arrive = async (name: string): Promise<Person> => {
    const person = new Person(name, await instances.fresh(name.toLowerCase()))
    await person.firstRun.createProfile(name)
    return person
  }
  const up = async () => (await shownNotices(bob.instance)).filter(({ isUp }) => isUp).map(({ title, body }) => ({ title, body }))
  const count = async () => (await shownNotices(bob.instance)).length

  beforeAll(async () => {
    ;[alice, bob] = await Promise.all([arrive('Alice'), arrive('Bob')])
    await alice.spaces.create(SPACE)
    await alice.channels.create('tea')
    await alice.channels.open('general')
    await bob.joinSpace(await alice.invite.takeLink(), SPACE)
    await alice.members.member('Bob').waitFor()
    await watchNotices(bob.instance)
  }, 120_000)
  afterAll(() => instances.end())

  it('1 is told of nothing while the channel lies open before Bob', async () => {
    await lookHere(bob.instance)
    expect((await windowOf(bob.instance)).isFocused).toBe(true)
    await alice.say('You are looking at this.')
    await bob.sees(alice, 'You are looking at this.')
    await bob.instance.page.waitForTimeout(SETTLED_MS)
    expect(await count()).toBe(0)
  })

  it('2 is told without the text, and counted in the title', async () => {
    await lookAway(bob.instance)
    expect((await windowOf(bob.instance)).isFocused).toBe(false)
    await alice.say('You are looking <b>elsewhere</b>.')
    await expect.poll(up, SOON).toEqual([{ title: WHERE, body: 'A new message from Alice' }])
    await expect.poll(async () => (await windowOf(bob.instance)).title, SOON).toBe('(1) SpacePanda')
  })

  it('3 leads to the channel when the notice is clicked, and is taken away', async () => {
    await bob.channels.open('tea')
    await clickNotice(bob.instance, WHERE)
    await bob.instance.page.getByRole('main', { name: 'general', exact: true }).waitFor()
    await bob.sees(alice, 'You are looking <b>elsewhere</b>.')
    expect((await windowOf(bob.instance)).isFocused).toBe(true)
    await pageInFront(bob.instance)
    await expect.poll(up, SOON).toEqual([])
    await expect.poll(async () => (await windowOf(bob.instance)).title, SOON).toBe('SpacePanda')
  })

  it('4 is told with the text where Bob wishes it, as no markup', async () => {
    await bob.settings.open('Notifications')
    await keepEveryLook(bob.instance, 'notices', 'settings', [560, 1280])
    await bob.settings.dialog.getByRole('radio', { name: 'Who wrote, where, and the text' }).click()
    await bob.settings.close()
    await lookAway(bob.instance)
    await alice.say('Look at <b>this</b> & that.')
    const body = process.platform === 'linux' ? 'Alice: Look at ‹b›this‹/b› ＆ that.' : 'Alice: Look at <b>this</b> & that.'
    await expect.poll(up, SOON).toEqual([{ title: WHERE, body }])
  })

  it('5 is taken away when the profile is locked, and nothing comes up then', async () => {
    await bob.instance.page.evaluate(() => window.spacepanda.call('profile.lock', {}))
    await bob.unlock.passphrase.waitFor()
    await expect.poll(up, SOON).toEqual([])
    const before = await count()
    await alice.say('You cannot know of this yet.')
    await bob.instance.page.waitForTimeout(SETTLED_MS)
    expect([await count(), (await windowOf(bob.instance)).title]).toEqual([before, 'SpacePanda'])
  })

  it('6 is told once the profile is open again', async () => {
    await bob.unlock.unlock()
    await bob.spaces.space(SPACE).waitFor()
    await expect.poll(async () => (await up()).at(-1)?.title, { timeout: 60_000 }).toBe(`${WHERE} (2 new)`)
  })

  it('7 comes in without a window where Bob wishes it, and is there when the program is started once more', async () => {
    await bob.settings.open('Notifications')
    await bob.settings.dialog.getByRole('checkbox', { name: 'Keep running in the tray' }).click()
    await bob.settings.close()
    await lookHere(bob.instance)
    await expect.poll(up, SOON).toEqual([])
    await bob.instance.closeWindow()
    expect(await windowCount(bob.instance)).toBe(0)
    await alice.say('Your window is closed.')
    await expect.poll(up, SOON).toEqual([{ title: WHERE, body: 'Alice: Your window is closed.' }])
    await alice.say('And it still is.')
    const { dataDir } = bob.instance
    bob = new Person('Bob', await bob.instance.reopened(() => startAgain(dataDir)))
    await bob.spaces.space(SPACE).waitFor()
    await bob.channels.open('general')
    await bob.sees(alice, 'Your window is closed.')
    await bob.sees(alice, 'And it still is.')
    await expect.poll(up, SOON).toEqual([])
  })

  it('8 opens the window at its channel when the notice is clicked that came without one', async () => {
    await bob.instance.closeWindow()
    await alice.channels.open('tea')
    await alice.conversation.say('Alice', 'Biscuits?', 'tea')
    const title = `#tea · ${SPACE}`
    await expect.poll(async () => (await up()).at(-1)?.title, SOON).toBe(title)
    bob = new Person('Bob', await bob.instance.reopened(() => clickNotice(bob.instance, title)))
    await bob.instance.page.getByRole('main', { name: 'tea', exact: true }).waitFor()
    await bob.sees(alice, 'Biscuits?')
  })

  it('9 comes in no more once Bob takes that back: the program ends with its window', async () => {
    await bob.settings.open('Notifications')
    await bob.settings.dialog.getByRole('checkbox', { name: 'Keep running in the tray' }).click()
    await bob.settings.close()
    const exit = once(bob.instance.app.process(), 'exit')
    await bob.instance.closeWindow()
    expect(await exit).toEqual([0, null])
  })
})
