import type { Page } from 'playwright-core'

/** The dialog *Join a space*, from pasted link to open door. */
export class JoinDialog {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** Its name changes once a join is under way. */
  get dialog() {
    return this.#page.getByRole('dialog')
  }

  get link() {
    return this.dialog.getByRole('textbox', { name: 'Invitation link' })
  }

  get join() {
    return this.dialog.getByRole('button', { name: 'Join', exact: true })
  }

  /** The step being taken, in words. */
  get step() {
    return this.dialog.locator('[aria-current="step"]')
  }

  async open(): Promise<void> {
    await this.#page.getByRole('navigation', { name: 'Spaces' }).getByRole('button', { name: 'Join a space' }).click()
    await this.#page.getByRole('dialog', { name: 'Join a space' }).waitFor()
  }

  /** Pastes a link and presses *Join*; says nothing of how it ends. */
  async start(link: string): Promise<void> {
    await this.open()
    await this.link.fill(link)
    await this.join.click()
  }

  async close(): Promise<void> {
    await this.#page.keyboard.press('Escape')
    await this.dialog.waitFor({ state: 'hidden' })
  }
}
