import type { Page } from 'playwright-core'
import { PASSPHRASE } from './first-run.ts'

/** The screen of a locked profile. */
export class Unlock {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  get passphrase() {
    return this.#page.getByRole('textbox', { name: 'Passphrase' })
  }

  get open() {
    return this.#page.getByRole('button', { name: 'Unlock' })
  }

  async unlock(passphrase: string = PASSPHRASE): Promise<void> {
    await this.passphrase.fill(passphrase)
    await this.open.click()
    await this.#page.getByRole('navigation', { name: 'Spaces' }).waitFor()
  }
}
