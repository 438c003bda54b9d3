import type { Page } from 'playwright-core'

/** The search of the open space and what it found. */
export class Search {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  get box() {
    return this.#page.getByRole('searchbox', { name: 'Search' })
  }

  get panel() {
    return this.#page.getByRole('complementary', { name: 'Search results' })
  }

  get hits() {
    return this.panel.getByRole('listbox', { name: 'Messages found' }).getByRole('option')
  }

  hit(text: string) {
    return this.hits.filter({ hasText: text })
  }

  /** What is marked as found, in the order of the hits. */
  marked(): Promise<string[]> {
    return this.panel.locator('mark').allInnerTexts()
  }

  /** Types these words, in place of what was there. */
  async find(words: string): Promise<void> {
    await this.box.fill(words)
    await this.panel.waitFor()
  }

  async leave(): Promise<void> {
    await this.box.press('Escape')
    await this.panel.waitFor({ state: 'hidden' })
  }
}
