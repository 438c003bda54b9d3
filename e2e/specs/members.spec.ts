import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Instances } from '../fixtures/instances.ts'
import { keepEveryLook } from '../fixtures/looks.ts'
import { keepScreenshot } from '../fixtures/screenshots.ts'
import { Person } from '../pages/person.ts'

const SPACE = 'Bamboo grove'

/** Somebody is removed, somebody leaves: in real windows, each step on the ones before. */
describe('members come and go', { timeout: 120_000 }, () => {
  const instances = new Instances()
  let alice: Person
  let bob: Person
  let carol: Person

  const arrive = async (name: string): Promise<Person> => {
    const person = new Person(name, await instances.fresh(name.toLowerCase()))
    await person.firstRun.createProfile(name)
    return person
  }
  const look = (person: Person, name: string) => keepEveryLook(person.instance, 'members', name)

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

  it('1 both see the same safety number', async () => {
    const numbers = []
    for (const [who, whom] of [
      [alice, 'Bob'],
      [bob, 'Alice'],
    ] as const) {
      await who.members.act(whom, 'Verify…')
      const number = who.instance.page.getByRole('list', { name: 'Safety number' })
      await expect.poll(() => number.getByRole('listitem').count()).toBe(12)
      numbers.push(await number.getByRole('listitem').allTextContents())
      if (who === alice) await look(alice, '1-verify')
      await who.instance.page.getByRole('button', { name: 'It is the same' }).click()
      await who.members.member(whom).getByRole('img', { name: 'Verified' }).waitFor()
    }
    expect(numbers[0]).toEqual(numbers[1])
  })

  it('2 Alice makes Carol a moderator', async () => {
    await alice.members.openMenu('Carol')
    // A menu goes when the window changes its size.
    for (const colorScheme of ['light', 'dark'] as const) {
      await alice.instance.page.emulateMedia({ colorScheme })
      await keepScreenshot(alice.instance.page, 'members', `2-member-menu-${colorScheme}`)
    }
    await alice.instance.page.emulateMedia({ colorScheme: null })
    await alice.instance.page.getByRole('menuitem', { name: 'Change role…' }).click()
    await alice.instance.page.getByRole('radio', { name: /^Moderator/ }).click()
    await look(alice, '2-role')
    await alice.instance.page.getByRole('button', { name: 'Change role', exact: true }).click()
    await carol.members.member('Carol').getByText('Moderator').waitFor()
  })

  it('3 Carol removes Bob, whose window says so and keeps what was said', async () => {
    await carol.members.act('Bob', 'Remove…')
    await look(carol, '3-remove')
    await carol.instance.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await bob.instance.page.getByText(/^Carol removed you from this space/).waitFor({ timeout: 30_000 })
    expect(await bob.conversation.spoken()).toEqual(['Alice, All three of us.'])
    await look(bob, '3-removed')
    await alice.say('Two of us.')
    await carol.sees(alice, 'Two of us.')
    expect(await bob.conversation.spoken()).toEqual(['Alice, All three of us.'])
  })

  it('4 Carol leaves, and Alice sees that she did', async () => {
    await carol.spaces.act('Leave…')
    await look(carol, '4-leave')
    await carol.instance.page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }).click()
    await carol.spaces.space(SPACE).waitFor({ state: 'detached' })
    await alice.members.member('Carol').waitFor({ state: 'detached', timeout: 30_000 })
  })

  it('5 Bob is invited again, and goes on from what he has', async () => {
    const link = await alice.invite.takeLink()
    await bob.instance.page.getByRole('button', { name: 'Use an invitation…' }).click()
    await bob.join.link.fill(link)
    await look(bob, '5-join')
    await bob.join.join.click()
    await bob.join.dialog.waitFor({ state: 'hidden', timeout: 45_000 })
    await alice.members.member('Bob').waitFor({ timeout: 30_000 })
    await bob.say('Good to be back.')
    await alice.sees(bob, 'Good to be back.')
    await alice.say('Stay for a while.')
    await bob.sees(alice, 'Stay for a while.')
    expect(await bob.conversation.spoken()).toEqual(['Alice, All three of us.', 'Bob, Good to be back.', 'Alice, Stay for a while.'])
    await bob.instance.page.getByText(/^You were removed, as this device was told on/).waitFor()
    await look(bob, '5-back')
  })

  it('6 Bob is removed once more, and deletes what is left', async () => {
    const { page } = bob.instance
    await alice.members.act('Bob', 'Remove…')
    await alice.instance.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText(/^Alice removed you from this space/).waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: 'Delete from this device…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('heading', { name: 'Hello, Bob' }).waitFor()
  })
})
