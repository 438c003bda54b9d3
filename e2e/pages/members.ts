import type { Page } from 'playwright-core'

/** The members of the open space, at the side. */
export class Members {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  get panel() {
    return this.#page.getByRole('complementary', { name: 'Members' })
  }

  member(name: string) {
    return this.panel.getByRole('listitem').filter({ hasText: name })
  }

  async openMenu(name: string): Promise<void> {
    await this.member(name).hover()
    await this.panel.getByRole('button', { name: `What to do about ${name}` }).click()
    await this.#page.getByRole('menu').waitFor()
  }

  /** Chooses what to do about somebody. */
  async act(name: string, what: string): Promise<void> {
    await this.openMenu(name)
    await this.#page.getByRole('menuitem', { name: what }).click()
    await this.#page.getByRole('dialog').waitFor()
  }
}
