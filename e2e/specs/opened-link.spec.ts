import { afterAll, describe, expect, it } from 'vitest'
import '../fixtures/window-bridge.ts'
import { Instances } from '../fixtures/instances.ts'
import { keepScreenshot } from '../fixtures/screenshots.ts'
import { startAgain } from '../fixtures/second-start.ts'
import { Person } from '../pages/person.ts'

/** Item 21 of the hardening checklist: a link from outside is strictly read, and asked about before anything happens. */
describe('a link opened from outside', { timeout: 90_000 }, () => {
  const instances = new Instances()
  afterAll(() => instances.end())

  const joinsOf = ({ instance }: Person): Promise<number> =>
    instance.page.evaluate(async () => {
      const joins = await window.spacepanda.call('joins.list', {})
      if (!joins.ok) throw new Error(joins.error.code)
      return joins.value.length
    })

  it('is asked about first, and joined when the person says so', async () => {
    const alice = new Person('Alice', await instances.fresh('alice'))
    const bob = new Person('Bob', await instances.fresh('bob'))
    await Promise.all([alice.firstRun.createProfile('Alice'), bob.firstRun.createProfile('Bob')])
    await alice.spaces.create('Bamboo grove')
    const link = await alice.invite.takeLink()

    expect((await startAgain(bob.instance.dataDir, [link])).status).toBe(0)
    await bob.join.dialog.getByText('A link to this space was opened').waitFor()
    await expect.poll(() => bob.join.link.inputValue()).toBe(link)
    await bob.join.dialog.getByText('Bamboo grove').waitFor()
    await keepScreenshot(bob.instance.page, 'opened-link', 'asks-first')
    expect(await joinsOf(bob)).toBe(0)

    await bob.join.close()
    expect(await joinsOf(bob)).toBe(0)

    expect((await startAgain(bob.instance.dataDir, [link])).status).toBe(0)
    await bob.join.dialog.getByText('A link to this space was opened').waitFor()
    await bob.join.join.click()
    await bob.spaces.space('Bamboo grove').waitFor({ timeout: 45_000 })
  })

  it('leaves the keyboard where one writes, in the first space of all', async () => {
    const dan = new Person('Dan', await instances.fresh('dan'))
    const eve = new Person('Eve', await instances.fresh('eve'))
    await Promise.all([dan.firstRun.createProfile('Dan'), eve.firstRun.createProfile('Eve')])
    await dan.spaces.create('Reed bank')
    await eve.join.start(await dan.invite.takeLink())
    await eve.spaces.space('Reed bank').waitFor({ timeout: 45_000 })
    const focused = () =>
      eve.instance.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName)
    await expect.poll(focused).toBe('Message #general')
  })

  it('waits until there is a profile to join with', async () => {
    const link = 'spacepanda:join/AAAA'
    const carol = new Person('Carol', await instances.fresh('carol', [link]))
    await carol.firstRun.createProfile('Carol')
    await expect.poll(() => carol.join.link.inputValue()).toBe(link)
    expect(await joinsOf(carol)).toBe(0)
  })

  it('that is not an invitation opens nothing', async () => {
    const dave = new Person('Dave', await instances.fresh('dave'))
    await dave.firstRun.createProfile('Dave')
    for (const text of [
      'spacepanda:leave/abc',
      'spacepanda://join/abc',
      'spacepanda:join/<img src=x>',
      'spacepanda:join/a b',
      'https://example.org/',
    ])
      expect((await startAgain(dave.instance.dataDir, [text])).status).toBe(0)
    await dave.instance.page.waitForTimeout(500)
    expect(await dave.join.dialog.count()).toBe(0)
  })
})
