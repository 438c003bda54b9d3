import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { SpaceId } from '../../shared/domain/ids.ts'
import { toUnknownSpace, withExpiry } from '../fixtures/altered-link.ts'
import '../fixtures/window-bridge.ts'
import { Instances } from '../fixtures/instances.ts'
import { keepEveryLook } from '../fixtures/looks.ts'
import { keepScreenshot } from '../fixtures/screenshots.ts'
import { Person } from '../pages/person.ts'

const SPACE = 'Bamboo grove'
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** Every reason for which an invitation is refused, as the window says it. */
describe('an invitation', { timeout: 120_000 }, () => {
  const instances = new Instances()
  let alice: Person
  let bob: Person
  let spaceId: SpaceId
  let shortLived: { link: string; expiresAt: number }

  const arrive = async (name: string): Promise<Person> => {
    const person = new Person(name, await instances.fresh(name.toLowerCase()))
    await person.firstRun.createProfile(name)
    return person
  }
  const invite = ({ instance }: Person, terms: { maxUses?: number; expiresInMs?: number }) =>
    instance.page.evaluate(
      async (args) => {
        const made = await window.spacepanda.call('invitations.create', args)
        if (!made.ok || made.value.link === null) throw new Error('no link')
        return { link: made.value.link, expiresAt: made.value.expiresAt }
      },
      { spaceId, ...terms },
    )
  /** Tries the link and gives it until the window says why not. */
  const refused = async (person: Person, link: string, words: RegExp): Promise<void> => {
    await person.join.start(link)
    await person.join.dialog.getByRole('alert').filter({ hasText: words }).waitFor({ timeout: 30_000 })
  }

  beforeAll(async () => {
    ;[alice, bob] = await Promise.all([arrive('Alice'), arrive('Bob')])
    await alice.spaces.create(SPACE)
    spaceId = await alice.instance.page.evaluate(async () => {
      const spaces = await window.spacepanda.call('spaces.list', {})
      if (!spaces.ok || spaces.value[0] === undefined) throw new Error('no space')
      return spaces.value[0].spaceId
    })
    shortLived = await invite(alice, { expiresInMs: MINUTE_MS })
  }, 90_000)
  afterEach(async ({ task }) => {
    await keepScreenshot(bob.instance.page, 'invitations', `${task.name.replaceAll(/\W+/g, '-')}-Bob`)
    if (await bob.join.dialog.isVisible()) await bob.join.close()
  })
  afterAll(() => instances.end())

  it.each(['hello', 'https://example.org/join/abc', 'spacepanda:join/', 'spacepanda:join/AAAA', 'spacepanda:join/%%%', 'x'.repeat(9_000)])(
    'that is none is refused before anything happens',
    async (text) => {
      await refused(bob, text, /not a complete invitation link|too long for an invitation link/)
      expect(await bob.spaces.space(SPACE).count()).toBe(0)
    },
  )

  it('of which a part is missing is refused', async () => {
    const link = await alice.invite.takeLink()
    await refused(bob, link.slice(0, -12), /not a complete invitation link/)
  })

  // Before there is anybody else: with more people to ask, one who does not know it is not the last word.
  it('to another space than theirs is refused', async () => {
    const { link } = await invite(alice, {})
    await refused(bob, toUnknownSpace(link, spaceId), /do not know this invitation/)
  })

  it('for one person lets one person in, and whoever made it sees that it was used', async () => {
    const carol = await arrive('Carol')
    await alice.invite.open()
    expect(await alice.invite.link.count()).toBe(0)
    await keepEveryLook(alice.instance, 'invitations', 'nothing-made', [480, 1280])
    await alice.invite.make({ people: '1 person' })
    await alice.invite.dialog.getByText(/^Until .*, for one person\.$/).waitFor()
    await keepEveryLook(alice.instance, 'invitations', 'made', [480, 1280])
    const link = await alice.invite.copy()
    await carol.joinSpace(link, SPACE)
    await alice.invite.dialog.getByText('The link that was here lets nobody in any more.').waitFor()
    await alice.invite.close()
    await refused(bob, link, /used as often as it allows/)
    await instances.quit(carol.instance)
  })

  it('that was revoked is refused', async () => {
    const { link } = await invite(alice, { maxUses: 5 })
    await alice.invite.open()
    const item = alice.invite.active.filter({ hasText: 'used 0 of 5' })
    await item.getByRole('button', { name: /^Withdraw: / }).click()
    await item.getByRole('button', { name: 'Withdraw it' }).click()
    await item.waitFor({ state: 'detached' })
    await alice.invite.close()
    await refused(bob, link, /withdrawn/)
  })

  it('keeps trying while nobody can be reached, also after a restart, until it is stopped', async () => {
    const { link } = await invite(alice, {})
    await instances.quit(alice.instance)
    await bob.join.start(link)
    await bob.join.dialog.getByText('Trying again at').waitFor({ timeout: 40_000 })
    expect(await bob.join.step.innerText()).toContain('Finding someone from the space')
    await bob.join.dialog.getByText(/^Nobody from the space can be reached right now\./).waitFor()
    await keepEveryLook(bob.instance, 'invitations', 'nobody-there', [480, 1280])
    await bob.join.dialog.getByRole('button', { name: 'Keep trying in the background' }).click()

    bob = new Person('Bob', await instances.restart(bob.instance))
    await bob.unlock.unlock()
    await bob.instance.page
      .getByRole('navigation', { name: 'Spaces' })
      .getByRole('button', { name: `Joining ${SPACE}` })
      .click()
    await bob.join.dialog.getByText('Trying again at').waitFor({ timeout: 40_000 })
    await bob.join.dialog.getByRole('button', { name: 'Stop joining' }).click()
    await bob.join.dialog.getByText('Nothing was changed').waitFor()
    await bob.join.dialog.getByRole('button', { name: 'Remove from the list' }).click()

    alice = new Person('Alice', await instances.start(alice.instance.dataDir))
    await alice.unlock.unlock()
    await alice.spaces.open(SPACE)
    expect(await bob.spaces.space(SPACE).count()).toBe(0)
  })

  it('that has expired is refused, by the window at once and by the members whatever the link claims', async () => {
    const left = shortLived.expiresAt - Date.now()
    await new Promise((done) => setTimeout(done, Math.max(0, left) + 1_000))
    await refused(bob, shortLived.link, /has expired/)
    await bob.join.close()
    await refused(bob, withExpiry(shortLived.link, shortLived.expiresAt, shortLived.expiresAt + HOUR_MS), /has expired/)
  })

  it('goes through as soon as somebody is there again', async () => {
    const { link } = await invite(alice, {})
    await instances.quit(alice.instance)
    await bob.join.start(link)
    await bob.join.dialog.getByText('Trying again at').waitFor({ timeout: 40_000 })
    alice = new Person('Alice', await instances.start(alice.instance.dataDir))
    await alice.unlock.unlock()
    await bob.spaces.space(SPACE).waitFor({ timeout: 90_000 })
    await bob.channels.open('general')
    // Of all that was refused before only what leads to another space, of the same name, is told still.
    expect(await bob.instance.page.getByRole('button', { name: `Could not join ${SPACE}` }).count()).toBe(1)
  })

  it('is of no use to someone who is in already', async () => {
    await alice.spaces.open(SPACE)
    await refused(bob, await alice.invite.takeLink(), /already in this space/)
  })
})
