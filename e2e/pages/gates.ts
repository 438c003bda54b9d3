import type { Page } from 'playwright-core'

/** The screens in front of a profile that was lost: opening it with words on paper, bringing it back, mending it. */
export class Gates {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  heading(name: string) {
    return this.#page.getByRole('heading', { name, exact: true })
  }

  button(name: string) {
    return this.#page.getByRole('button', { name, exact: true })
  }

  field(name: string) {
    return this.#page.getByRole('textbox', { name, exact: true })
  }

  alert(text: string | RegExp) {
    return this.#page.getByRole('alert').filter({ hasText: text })
  }

  /** How long work ended. */
  status(text: string | RegExp) {
    return this.#page.getByRole('status').filter({ hasText: text })
  }

  /** On the locked screen: types the words and a new passphrase; says nothing of how it ends. */
  async recover(phrase: string, passphrase: string): Promise<void> {
    await this.field('Recovery phrase').fill(phrase)
    await this.field('New passphrase').fill(passphrase)
    await this.field('New passphrase, again').fill(passphrase)
    await this.button('Open').click()
  }

  /** On the first screen: chooses the file that the dialogs answer with, and begins. */
  async restore(passphrase: string): Promise<void> {
    await this.field('Passphrase').fill(passphrase)
    await this.button('Restore').click()
  }
}
