import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askMain } from '../fixtures/ask-main.ts'
import type { Instance } from '../fixtures/instance.ts'
import { Instances } from '../fixtures/instances.ts'
import { PASSPHRASE } from '../pages/first-run.ts'
import { Person } from '../pages/person.ts'

/** What a form consists of and where, as an expression, because it is asked of windows that no driver holds. */
const PLACES = `document.fonts.ready.then(() => [...document.querySelectorAll('main, svg, h1, p, label, span, input, button')].map((part) => {
  const { x, y, width, height } = part.getBoundingClientRect()
  const { color, backgroundColor, borderTopColor, fontSize, fontWeight } = getComputedStyle(part)
  const text = part.children.length === 0 ? part.textContent : ''
  return [part.tagName, text, x, y, width, height, color, backgroundColor, borderTopColor, fontSize, fontWeight].join(' ')
}))`

/** Of a page of the program's folder in a window of the same size, to which the program is not let in: it has no preload script. */
const placesOfStill = ({ app, page }: Instance, name: string): Promise<string[]> =>
  page
    .evaluate(() => ({ width: window.innerWidth, height: window.innerHeight }))
    .then((size) =>
      askMain(
        app,
        async ({ BrowserWindow }, { url, width, height, places }) => {
          const window = new BrowserWindow({ show: false, useContentSize: true, width, height })
          await window.loadURL(url)
          const found = (await window.webContents.executeJavaScript(places)) as string[]
          window.destroy()
          return found
        },
        { ...size, url: `app://spacepanda/${name}.html`, places: PLACES },
      ),
    )

const isOver = (page: Page) => page.waitForFunction(() => document.getElementById('still') === null)
const withoutFocus = (page: Page) => page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())

describe('the form that is there before its program', { timeout: 60_000 }, () => {
  const instances = new Instances()
  let instance: Instance
  beforeAll(async () => {
    instance = await instances.fresh('first-form')
  }, 60_000)
  afterAll(() => instances.end())

  it('goes over into that of the program: nothing moves, and nothing changes its colour', async () => {
    await isOver(instance.page)
    await withoutFocus(instance.page)
    const ours = await instance.page.evaluate<string[]>(PLACES)
    expect(ours.length).toBeGreaterThan(15)
    // Its first field has the keyboard here, where nobody took it away: a border of another colour.
    const plain = (places: string[]) => places.filter((place) => !place.startsWith('INPUT'))
    expect(plain(await placesOfStill(instance, 'first-run-required'))).toEqual(plain(ours))
  })

  it('keeps what is typed into it as soon as there is a window', async () => {
    const early = await instances.fresh('early')
    await early.page.locator('input[name="name"]').pressSequentially('Ada', { delay: 30 })
    await isOver(early.page)
    const person = new Person('Ada', early)
    expect(await person.firstRun.name.inputValue()).toBe('Ada')
    expect(await early.page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('name')
    await person.firstRun.createProfile('Ada')
    const again = await instances.restart(early)
    await again.page.locator('input[name="passphrase"]').fill(PASSPHRASE)
    await again.page.keyboard.press('Enter')
    await again.page.getByRole('navigation', { name: 'Spaces' }).waitFor()
  })
})
