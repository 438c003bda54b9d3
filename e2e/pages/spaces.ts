import type { Page } from 'playwright-core'

/** The rail of spaces and the dialog that makes one. */
export class Spaces {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  get rail() {
    return this.#page.getByRole('navigation', { name: 'Spaces' })
  }

  space(name: string) {
    return this.rail.getByRole('button', { name, exact: true })
  }

  /** Makes a space and waits until its first channel is open. */
  async create(name: string): Promise<void> {
    await this.rail.getByRole('button', { name: 'Create a space' }).click()
    const dialog = this.#page.getByRole('dialog', { name: 'Create a space' })
    await dialog.getByRole('textbox', { name: 'Space name' }).fill(name)
    await dialog.getByRole('button', { name: 'Create', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    await this.space(name).waitFor()
  }

  open(name: string): Promise<void> {
    return this.space(name).click()
  }

  /** Chooses what to do about the open space. */
  async act(what: string): Promise<void> {
    await this.#page.getByRole('button', { name: 'Space menu' }).click()
    await this.#page.getByRole('menuitem', { name: what }).click()
    await this.#page.getByRole('dialog').waitFor()
  }
}
