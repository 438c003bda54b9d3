import type { Page } from 'playwright-core'

/** Long enough, and the same for everyone in a test. */
export const PASSPHRASE = 'four quiet bamboo groves'

/** The first screen of a folder without a profile. */
export class FirstRun {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  get name() {
    return this.#page.getByRole('textbox', { name: 'Your name' })
  }

  get passphrase() {
    return this.#page.getByRole('textbox', { name: 'Passphrase', exact: true })
  }

  get again() {
    return this.#page.getByRole('textbox', { name: 'Passphrase, again', exact: true })
  }

  get create() {
    return this.#page.getByRole('button', { name: 'Create profile' })
  }

  async createProfile(name: string, passphrase: string = PASSPHRASE): Promise<void> {
    await this.name.fill(name)
    await this.passphrase.fill(passphrase)
    await this.again.fill(passphrase)
    await this.create.click()
    await this.#page.getByRole('navigation', { name: 'Spaces' }).waitFor()
  }
}
