import type { Locator, Page } from 'playwright-core'

type PageName = 'Profile' | 'Appearance' | 'Notifications' | 'Security' | 'Data & backup' | 'Connection' | 'About'

/** The settings, and the dialogs of the open channel. */
export class Settings {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  get dialog() {
    return this.#page.getByRole('dialog', { name: 'Settings' })
  }

  /** A part of the page that is shown, by its heading. */
  section(name: string): Locator {
    return this.dialog.getByRole('region', { name, exact: true })
  }

  async open(page: PageName): Promise<void> {
    if (!(await this.dialog.isVisible())) await this.#page.getByRole('button', { name: 'Settings', exact: true }).click()
    await this.dialog.getByRole('tab', { name: page }).click()
  }

  async close(): Promise<void> {
    await this.#page.keyboard.press('Escape')
    await this.dialog.waitFor({ state: 'hidden' })
  }

  /** Opens what the menu of the open channel offers. */
  async openOfChannel(item: 'Channel settings' | 'Export messages'): Promise<Locator> {
    await this.#page.getByRole('button', { name: 'Channel menu' }).click()
    await this.#page.getByRole('menuitem', { name: item }).click()
    return this.#page.getByRole('dialog')
  }
}
