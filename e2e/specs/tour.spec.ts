import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Instances } from '../fixtures/instances.ts'
import { keepEveryLook as keepLooks, overflow, resize } from '../fixtures/looks.ts'
import { keepScreenshot } from '../fixtures/screenshots.ts'
import { Person } from '../pages/person.ts'
import { askMain } from '../fixtures/ask-main.ts'

const SPACE = 'Bamboo grove'
const longWord = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3)
const sayings = [
  'Morning. The kettle is on.',
  'Two lines here:\nthis is the second.',
  'Some **bold**, some _italic_, some `code`, and a list:\n- one\n- two',
  '```\nconst panda = planet + bamboo\n```',
  `A word that never ends: ${longWord}`,
  'مرحبا بالجميع، هذه رسالة من اليمين إلى اليسار.',
  'https://example.org/a/long/path/that/goes/on?and=on is only text here.',
]

/** Walks through the window at three widths in both themes and keeps what it sees, for people to judge. */
describe('a tour of the window', { timeout: 120_000 }, () => {
  const instances = new Instances()
  let alice: Person

  beforeAll(async () => {
    alice = new Person('Alice', await instances.fresh('alice'))
    await keepEveryLook('1-first-run')
    await alice.firstRun.createProfile('Alice')
  }, 90_000)
  afterAll(() => instances.end())

  const keepEveryLook = (name: string): Promise<void> => keepLooks(alice.instance, 'tour', name, [900, 1280, 1920])

  it('2 nothing yet', () => keepEveryLook('2-welcome'))

  it('3 an empty channel', async () => {
    await alice.spaces.create(SPACE)
    await alice.channels.open('general')
    await keepEveryLook('3-empty-channel')
  })

  it('4 messages of every kind', async () => {
    const { page } = alice.instance
    for (const saying of sayings) {
      await alice.conversation.composer().fill(saying)
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await expect.poll(() => alice.conversation.composer().inputValue()).toBe('')
    }
    await expect.poll(() => alice.conversation.list.getByRole('listitem').count()).toBeGreaterThan(3)
    await keepEveryLook('4-messages')
  })

  it('4 where there is room the members stand beside the conversation, both over the whole height', async () => {
    await resize(alice.instance, 1440)
    const main = await alice.instance.page.getByRole('main').boundingBox()
    const members = await alice.members.panel.boundingBox()
    if (main === null || members === null) throw new Error('both are there')
    expect(members.x).toBeGreaterThanOrEqual(main.x + main.width - 1)
    expect([members.y, members.y + members.height]).toEqual([main.y, main.y + main.height])
  })

  it('5 an invitation', async () => {
    await alice.invite.open()
    await alice.invite.make()
    await keepEveryLook('5-invite')
    await alice.invite.close()
  })

  it('6 joining', async () => {
    await alice.join.open()
    await alice.join.link.fill('spacepanda:join/AAAA')
    await keepEveryLook('6-join')
    await alice.join.close()
  })

  it('7 settings', async () => {
    await alice.instance.page.getByRole('button', { name: 'Settings', exact: true }).click()
    await alice.instance.page.getByRole('dialog', { name: 'Settings' }).waitFor()
    await keepEveryLook('7-settings')
    await alice.settings.open('Connection')
    await alice.settings.dialog.getByRole('button', { name: 'Test my connection' }).click()
    const found = alice.settings.dialog.getByRole('list', { name: 'What was found' })
    await found.getByText(/SpacePanda listens: TCP \d+/).waitFor()
    await keepEveryLook('7-connection')
    await alice.instance.page.keyboard.press('Escape')
  })

  it('8 names as long as they may be', async () => {
    await alice.channels.create('n'.repeat(64))
    await alice.channels.open('n'.repeat(64))
    await alice.spaces.create('W'.repeat(64))
    await alice.channels.open('general')
    await keepEveryLook('8-long-names')
  })

  it('9 twice as large', async () => {
    await alice.spaces.open(SPACE)
    await askMain(alice.instance.app, ({ webContents }) => webContents.getAllWebContents()[0]?.setZoomFactor(2))
    await alice.instance.page.waitForTimeout(300)
    await keepScreenshot(alice.instance.page, 'tour', '9-zoomed-1280')
    expect(await overflow(alice.instance)).toBeLessThanOrEqual(0)
    await askMain(alice.instance.app, ({ webContents }) => webContents.getAllWebContents()[0]?.setZoomFactor(1))
  })

  it('10 every step by keyboard', async () => {
    const { page } = alice.instance
    await alice.channels.open('general')
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Message #general')
    await page.keyboard.type('Written and sent by keyboard.')
    await page.keyboard.press('Enter')
    await alice.conversation.message('Alice', 'Written and sent by keyboard.').waitFor()
  })
})
