import type { Locator, Page } from 'playwright-core'

const quoted = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The open channel: its messages and the composer. */
export class Conversation {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  get list() {
    return this.#page.getByRole('list', { name: 'Messages' })
  }

  get connection() {
    return this.#page.getByRole('status', { name: 'Connection' })
  }

  composer(channel = 'general') {
    return this.#page.getByRole('textbox', { name: `Message #${channel}` })
  }

  /** A message by who wrote it and what: its name is "author, text, time". */
  message(author: string, text: string): Locator {
    return this.list.getByRole('listitem', { name: new RegExp(`^${quoted(author)}, ${quoted(text)}, `) })
  }

  /** Writes and sends, and waits until it stands in the list. */
  async say(author: string, text: string, channel = 'general'): Promise<void> {
    await this.composer(channel).fill(text)
    await this.#page.getByRole('button', { name: 'Send', exact: true }).click()
    await this.message(author, text).waitFor()
  }

  /** The names of all messages shown, oldest first, without their times. */
  async spoken(): Promise<string[]> {
    const names = await this.list.getByRole('listitem').evaluateAll((items) => items.map((item) => item.getAttribute('aria-label') ?? ''))
    return names.map((name) => name.replace(/, [^,]*$/, ''))
  }
}
