import type { Page } from 'playwright-core'

/** The channels of the open space. */
export class Channels {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  get list() {
    return this.#page.getByRole('navigation', { name: 'Channels' })
  }

  channel(name: string) {
    return this.list.getByRole('link', { name, exact: true })
  }

  async create(name: string): Promise<void> {
    await this.#page.getByRole('button', { name: 'Create a channel' }).click()
    const dialog = this.#page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Channel name' }).fill(name)
    await dialog.getByRole('button', { name: 'Create', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    await this.channel(name).waitFor()
  }

  async open(name: string): Promise<void> {
    await this.channel(name).click()
    await this.#page.getByRole('main', { name, exact: true }).waitFor()
  }
}
