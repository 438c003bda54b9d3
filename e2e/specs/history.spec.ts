import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ChannelId } from '../../shared/domain/ids.ts'
import { ask } from '../fixtures/ask.ts'
import { Instances } from '../fixtures/instances.ts'
import { keepEveryLook, resize } from '../fixtures/looks.ts'
import { channelIdOf, daysAgo, sendMany } from '../fixtures/many-messages.ts'
import { keepScreenshot } from '../fixtures/screenshots.ts'
import { Person } from '../pages/person.ts'

const SPACE = 'Bird watchers'
const numbered = (what: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${what} ${index + 1}`)
/** Among many others, what is to be found again. */
const findable = [
  'The nightingales are back',
  'A blue heron by the pond',
  'The heron is grey, the pond is blue',
  '今天天气很好',
  '天今好很',
]

/** Two people with a long history: finding one's way in it, and letting go of parts of it. */
describe('a long history', { timeout: 120_000 }, () => {
  const instances = new Instances()
  let alice: Person
  let bob: Person
  let general: ChannelId

  const arrive = async (name: string): Promise<Person> => {
    const person = new Person(name, await instances.fresh(name.toLowerCase()))
    await person.firstRun.createProfile(name)
    return person
  }
  const found = (person: Person, text: string): Promise<number> =>
    ask(person.instance, 'messages.search', { text, limit: 100 }).then(({ hits }) => hits.length)

  beforeAll(async () => {
    ;[alice, bob] = await Promise.all([arrive('Alice'), arrive('Bob')])
    await alice.spaces.create(SPACE)
    await alice.channels.create('later')
    await alice.channels.open('general')
    await bob.joinSpace(await alice.invite.takeLink(), SPACE)
    await alice.members.member('Bob').waitFor()
    general = await channelIdOf(bob.instance, 'general')
    // It is Bob's clock that was behind: hers has to be right for what she lets go of by age.
    await daysAgo(bob.instance, 40, () => sendMany(bob.instance, general, numbered('Long ago', 20)))
    await daysAgo(bob.instance, 20, () => sendMany(bob.instance, general, numbered('A while ago', 20)))
    await alice.sees(bob, 'A while ago 20')
    await sendMany(alice.instance, general, [...numbered('Noted', 90), ...findable, ...numbered('Seen', 70)])
    await bob.sees(alice, 'Seen 70', 60_000)
  }, 180_000)
  afterEach(async ({ task }) => {
    for (const { name, instance } of [alice, bob])
      if (!instance.page.isClosed()) await keepScreenshot(instance.page, 'history', `${task.name.replaceAll(/\W+/g, '-')}-${name}`)
  })
  afterAll(() => instances.end())

  it('1 search finds beginnings of words, and marks them', async () => {
    await alice.search.find('nightin')
    await alice.search.hit('The nightingales are back').waitFor()
    expect(await alice.search.hits.count()).toBe(1)
    expect((await alice.search.marked()).join()).toMatch(/^nightin/)
    await keepEveryLook(alice.instance, 'history', 'search')
  })

  it('2 it finds words anywhere, and in quotes only together', async () => {
    await alice.search.find('blue heron')
    await expect.poll(() => alice.search.hits.count()).toBe(2)
    await alice.search.find('"blue heron"')
    await expect.poll(() => alice.search.hits.count()).toBe(1)
    await alice.search.hit('A blue heron by the pond').waitFor()
  })

  it('3 it finds Chinese, in the order in which it was typed', async () => {
    await alice.search.find('天气')
    await alice.search.hit('今天天气很好').waitFor()
    expect(await alice.search.hits.count()).toBe(1)
    expect((await alice.search.marked()).join('')).toBe('天气')
  })

  it('4 it says so where there is nothing', async () => {
    await alice.search.find('ostrich')
    await alice.search.panel.getByText('Nothing found for “ostrich”.').waitFor()
    await keepEveryLook(alice.instance, 'history', 'nothing-found')
  })

  it('5 a hit leads to its message, and a button back to the newest', async () => {
    const { conversation, search } = alice
    await search.find('"Long ago 7"')
    await search.hit('Long ago 7').click()
    await conversation.inView(conversation.saying('Long ago 7'))
    await keepEveryLook(alice.instance, 'history', 'landed')
    expect(await conversation.saying('Seen 70').count()).toBe(0)
    await search.leave()
    await conversation.toNewest.click()
    await conversation.inView(conversation.saying('Seen 70'))
    await conversation.toNewest.waitFor({ state: 'hidden' })
  })

  it('6 a day can be gone to', async () => {
    const { conversation } = alice
    await (await conversation.askForDay()).getByRole('button', { name: 'A month ago' }).click()
    await conversation.inView(conversation.saying('A while ago 1'))
    const day = new Date(Date.now() - 41 * 86_400_000).toISOString().slice(0, 10)
    const question = await conversation.askForDay()
    await question.getByLabel('Date').fill(day)
    await keepEveryLook(alice.instance, 'history', 'date', [1280])
    await question.getByRole('button', { name: 'Go', exact: true }).click()
    await conversation.inView(conversation.saying('Long ago 1'))
    await conversation.toNewest.click()
    await conversation.inView(conversation.saying('Seen 70'))
    await (await conversation.askForDay()).getByRole('button', { name: 'The beginning' }).click()
    await alice.instance.page.getByText('This is the start of #general').waitFor()
    await conversation.toNewest.click()
    await conversation.inView(conversation.saying('Seen 70'))
  })

  it('7 what was written meanwhile begins below a line, and is read when its end was seen', async () => {
    const { conversation, channels } = bob
    await channels.open('later')
    await sendMany(alice.instance, general, numbered('Meanwhile', 60))
    await expect.poll(() => channels.channel('general').getAttribute('aria-description'), { timeout: 30_000 }).toBe('60 unread messages')
    await channels.open('general')
    await conversation.inView(conversation.unreadLine)
    await conversation.inView(conversation.saying('Meanwhile 1'))
    expect(await conversation.saying('Meanwhile 1').getByText('New messages', { exact: true }).count()).toBe(1)
    await keepEveryLook(bob.instance, 'history', 'unread')
    await conversation.toNewest.click()
    await conversation.inView(conversation.saying('Meanwhile 60'))
    await expect
      .poll(() => ask(bob.instance, 'spaces.list', {}).then(([space]) => space?.channels.map(({ unread }) => unread)))
      .toEqual([0, 0])
  })

  it('8 a message deleted for oneself is gone here, and only here', async () => {
    const { conversation } = alice
    await conversation.inView(conversation.saying('Meanwhile 60'))
    await conversation.deleteForMe(conversation.saying('Meanwhile 59'))
    await conversation.saying('Meanwhile 59').waitFor({ state: 'detached' })
    await conversation.saying('Meanwhile 60').waitFor()
    expect(await found(alice, '"Meanwhile 59"')).toBe(0)
    expect(await bob.conversation.saying('Meanwhile 59').count()).toBe(1)
    expect(await found(bob, '"Meanwhile 59"')).toBe(1)
  })

  it('9 it does not come back with a restart, nor from the others', async () => {
    await alice.conversation.composer().fill('half a thought')
    alice = new Person('Alice', await instances.restart(alice.instance))
    await alice.unlock.unlock()
    await alice.spaces.open(SPACE)
    await alice.channels.open('general')
    // What was being written does, though the window closed as soon as it was typed.
    expect(await alice.conversation.composer().inputValue()).toBe('half a thought')
    await alice.conversation.composer().fill('')
    await bob.say('Still here?')
    await alice.sees(bob, 'Still here?', 60_000)
    expect(await alice.conversation.saying('Meanwhile 59').count()).toBe(0)
    expect(await found(alice, '"Meanwhile 59"')).toBe(0)
  })

  it('10 messages can be let go of by age, here alone', async () => {
    const dialog = await alice.settings.openOfChannel('Channel settings')
    await dialog.getByRole('radio', { name: '1 day', exact: true }).click()
    await dialog.getByText('Messages older than 1 day are deleted from this device within a minute').waitFor()
    await keepEveryLook(alice.instance, 'history', 'keep')
    await dialog.getByRole('button', { name: 'Save and delete older messages' }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect(await found(bob, '"Long ago"')).toBe(20)
    await expect
      .poll(async () => [await found(alice, '"Long ago"'), await found(alice, '"while ago"')], { timeout: 90_000, interval: 500 })
      .toEqual([0, 0])
    expect(await found(alice, 'Noted')).toBe(90)
    expect([await found(bob, '"Long ago"'), await found(bob, '"while ago"')]).toEqual([20, 20])
    await (await alice.conversation.askForDay()).getByRole('button', { name: 'The beginning' }).click()
    await alice.conversation.inView(alice.conversation.saying('Noted 1'))
    await alice.instance.page.getByText('Messages older than 1 day are deleted from this device.').waitFor()
  })

  it('11 whoever is at the end stays there when the window becomes narrower and wider', async () => {
    const { conversation } = bob
    if (await conversation.toNewest.isVisible()) await conversation.toNewest.click()
    await bob.say('Word after word, so that it takes many lines more in a narrow window. '.repeat(60).trim())
    const newest = 'And this one is the newest.'
    await bob.say(newest)
    for (const width of [1280, 500, 1000, 480, 1280]) {
      await resize(bob.instance, width)
      await bob.instance.page.waitForTimeout(300)
      await conversation.inView(conversation.saying(newest))
      expect(await conversation.toNewest.isVisible(), `at ${width}`).toBe(false)
    }
    // Who scrolls away by hand is let go.
    await conversation.list.hover()
    await bob.instance.page.mouse.wheel(0, -1_500)
    await conversation.toNewest.waitFor()
    await conversation.toNewest.click()
    await conversation.inView(conversation.saying(newest))
  })
})
