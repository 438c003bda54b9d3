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
}
