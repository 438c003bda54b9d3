import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Instances } from '../fixtures/instances.ts'
import { keepEveryLook } from '../fixtures/looks.ts'
import { keepScreenshot } from '../fixtures/screenshots.ts'
import { Person } from '../pages/person.ts'

const SPACE = 'Bamboo grove'

/** A private channel and a conversation of two among three people: in real windows, each step on the ones before. */
describe('what not everybody sees', { timeout: 120_000 }, () => {
  const instances = new Instances()
  let alice: Person
  let bob: Person
  let carol: Person

  const arrive = async (name: string): Promise<Person> => {
    const person = new Person(name, await instances.fresh(name.toLowerCase()))
    await person.firstRun.createProfile(name)
    return person
  }
  const look = (person: Person, name: string) => keepEveryLook(person.instance, 'private', name)
  const dialogOf = ({ instance }: Person) => instance.page.getByRole('dialog')
  const seesChannel = (person: Person, name: string) => person.channels.channel(name).waitFor({ timeout: 60_000 })
  /** In a conversation of two, which no `#` stands before. */
  const tell = async (from: Person, to: Person, text: string) => {
    const { page } = from.instance
    await page.getByRole('textbox', { name: `Message ${to.name}`, exact: true }).fill(text)
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await from.conversation.message(from.name, text).waitFor()
  }

  beforeAll(async () => {
    ;[alice, bob, carol] = await Promise.all([arrive('Alice'), arrive('Bob'), arrive('Carol')])
    await alice.spaces.create(SPACE)
    await alice.channels.open('general')
    for (const guest of [bob, carol]) await guest.joinSpace(await alice.invite.takeLink(), SPACE)
    await alice.members.member('Carol').waitFor()
    await carol.members.member('Bob').waitFor()
    await alice.say('All three of us.')
    await Promise.all([bob, carol].map((person) => person.sees(alice, 'All three of us.')))
  }, 120_000)
  afterAll(() => instances.end())

  it('1 Alice makes a private channel with Bob, and Carol sees nothing of it', async () => {
    await alice.channels.beginPrivate('plans', ['Bob'])
    await look(alice, '1-create')
    await dialogOf(alice).getByRole('button', { name: 'Create', exact: true }).click()
    await seesChannel(alice, 'plans')
    await seesChannel(bob, 'plans')
    await bob.channels.open('plans')
    await alice.conversation.say('Alice', 'A surprise for Carol.', 'plans')
    await bob.sees(alice, 'A surprise for Carol.')
    await bob.conversation.say('Bob', 'A lantern?', 'plans')
    await alice.sees(bob, 'A lantern?')
    await look(alice, '1-channel')
    expect(await alice.members.panel.getByRole('listitem').allTextContents()).toHaveLength(2)
    expect(await carol.channels.channel('plans').count()).toBe(0)
  })

  it('2 a search of the space finds what was said there, for Bob alone', async () => {
    for (const person of [bob, carol]) await person.search.find('lantern')
    await bob.search.hit('A lantern?').waitFor()
    await carol.search.panel.getByText(/^Nothing found/).waitFor()
    expect(await carol.search.hits.count()).toBe(0)
    await look(bob, '2-search')
    for (const person of [bob, carol]) await person.search.leave()
  })

  it('3 Bob writes to Carol alone, from the list of members', async () => {
    await bob.channels.open('general')
    await bob.members.openMenu('Carol')
    await bob.instance.page.getByRole('menuitem', { name: 'Message', exact: true }).click()
    await bob.instance.page.getByRole('main', { name: 'Carol', exact: true }).waitFor()
    await bob.channels.open('general')
    await bob.instance.page.getByRole('button', { name: 'New message' }).click()
    await look(bob, '3-new-message')
    await bob.instance.page.getByRole('combobox', { name: 'New message' }).fill('car')
    await bob.instance.page.keyboard.press('Enter')
    await bob.instance.page.getByRole('main', { name: 'Carol', exact: true }).waitFor()
    expect(await bob.channels.channel('Carol').count()).toBe(1)
    await tell(bob, carol, 'Are you free on Friday?')
    await seesChannel(carol, 'Bob')
    await carol.channels.channel('Bob').and(carol.instance.page.locator('[data-unread]')).waitFor({ timeout: 30_000 })
    await look(carol, '3-unread')
    await carol.channels.open('Bob')
    await carol.sees(bob, 'Are you free on Friday?')
    await tell(carol, bob, 'All evening.')
    await bob.sees(carol, 'All evening.')
    await look(carol, '3-direct')
    expect(await alice.channels.channel('Bob').count()).toBe(0)
    expect(await alice.channels.channel('Carol').count()).toBe(0)
  })

  it('4 Alice takes Carol in, who reads what is written from then on', async () => {
    await alice.instance.page.getByRole('button', { name: 'Add people' }).click()
    await dialogOf(alice).getByRole('checkbox', { name: 'Carol' }).click()
    await look(alice, '4-add')
    await dialogOf(alice).getByRole('button', { name: 'Add', exact: true }).click()
    await seesChannel(carol, 'plans')
    await carol.channels.open('plans')
    await alice.conversation.say('Alice', 'Too late for a surprise.', 'plans')
    await carol.sees(alice, 'Too late for a surprise.')
    expect(await carol.conversation.spoken()).toEqual(['Alice, Too late for a surprise.'])
  })

  it('5 what newcomers are given is said of the channel alone', async () => {
    await alice.instance.page.getByRole('button', { name: 'Channel menu' }).click()
    for (const colorScheme of ['light', 'dark'] as const) {
      await alice.instance.page.emulateMedia({ colorScheme })
      await keepScreenshot(alice.instance.page, 'private', `5-channel-menu-${colorScheme}`)
    }
    await alice.instance.page.emulateMedia({ colorScheme: null })
    await alice.instance.page.getByRole('menuitem', { name: 'History for newcomers…' }).click()
    await alice.instance.page.getByRole('radio', { name: 'The last messages', exact: true }).click()
    await look(alice, '5-history')
    await dialogOf(alice).getByRole('button', { name: 'Save' }).click()
    await dialogOf(alice).waitFor({ state: 'hidden' })
  })

  it('6 Alice removes Bob from the channel, whose window says so and who stays in the space', async () => {
    await bob.channels.open('plans')
    await alice.members.act('Bob', 'Remove…')
    await look(alice, '6-remove')
    await dialogOf(alice).getByRole('button', { name: 'Remove', exact: true }).click()
    await bob.instance.page.getByText(/^Alice removed you from this channel/).waitFor({ timeout: 30_000 })
    await look(bob, '6-removed')
    await alice.conversation.say('Alice', 'Two of us.', 'plans')
    await carol.sees(alice, 'Two of us.')
    expect(await bob.conversation.spoken()).toEqual(['Alice, A surprise for Carol.', 'Bob, A lantern?', 'Alice, Too late for a surprise.'])
    await bob.channels.open('general')
    await bob.say('Still here.')
    await alice.channels.open('general')
    await alice.sees(bob, 'Still here.')
  })

  it('7 Carol leaves the conversation, and Bob is told that nobody reads it', async () => {
    await carol.channels.open('Bob')
    await carol.channels.act('Leave…')
    await look(carol, '7-leave')
    await dialogOf(carol).getByRole('button', { name: 'Leave', exact: true }).click()
    await carol.channels.channel('Bob').waitFor({ state: 'detached' })
    await bob.channels.open('Carol')
    await bob.instance.page.getByText(/^Carol is not in this conversation any more/).waitFor({ timeout: 30_000 })
    await look(bob, '7-alone')
  })
})
