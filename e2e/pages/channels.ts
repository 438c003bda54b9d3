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

  /** Fills in the dialog for a private channel with these people, and leaves it open. */
  async beginPrivate(name: string, members: readonly string[]): Promise<void> {
    await this.#page.getByRole('button', { name: 'Create a channel' }).click()
    const dialog = this.#page.getByRole('dialog', { name: 'Create a channel' })
    await dialog.getByRole('textbox', { name: 'Channel name' }).fill(name)
    await dialog.getByRole('checkbox', { name: 'Private' }).click()
    for (const member of members) await dialog.getByRole('checkbox', { name: member }).click()
  }

  /** The menu of the open channel. */
  async act(what: string): Promise<void> {
    await this.#page.getByRole('button', { name: 'Channel menu' }).click()
    await this.#page.getByRole('menuitem', { name: what }).click()
    await this.#page.getByRole('dialog').waitFor()
  }

  async open(name: string): Promise<void> {
    await this.channel(name).click()
    await this.#page.getByRole('main', { name, exact: true }).waitFor()
  }
}
