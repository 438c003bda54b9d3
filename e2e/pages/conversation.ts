import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

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
    return this.#page.getByRole('textbox', { name: new RegExp(`^Message #?${quoted(channel)}`) })
  }

  /** A message by who wrote it and what: its name is "author, text, time". */
  message(author: string, text: string): Locator {
    return this.list.getByRole('listitem', { name: new RegExp(`^${quoted(author)}, ${quoted(text)}, `) })
  }

  /**
   * What says that all whom a message was written to have it. They may be said to have read it in the same moment: what they read is
   * told every few seconds.
   */
  withAll(author: string, text: string): Locator {
    return this.message(author, text).getByText(/^(Delivered to everyone|Read by all)\./)
  }

  /** Leads from anywhere in the history to its end. */
  get toNewest() {
    return this.#page.getByRole('button', { name: /^(Jump to newest|\d+ new messages?)$/ })
  }

  /** Above the first message that nobody here has read. */
  get unreadLine() {
    return this.list.getByText('New messages', { exact: true })
  }

  /** The message with this text and nothing else, whoever wrote it. */
  saying(text: string): Locator {
    return this.list.getByRole('listitem', { name: new RegExp(`^[^,]+, ${quoted(text)}, `) })
  }

  /** Waits until it stands within the window, clear of what is drawn over the list. */
  async inView(message: Locator): Promise<void> {
    await message.waitFor()
    await expect
      .poll(async () => {
        const [list, item] = [await this.list.locator('..').boundingBox(), await message.boundingBox()]
        return list !== null && item !== null && item.y >= list.y - 1 && item.y + item.height <= list.y + list.height + 1
      })
      .toBe(true)
  }

  /** Deletes a message from this device, by its menu. */
  async deleteForMe(message: Locator): Promise<void> {
    await message.hover()
    await message.getByRole('button', { name: 'Message menu' }).click()
    await this.#page.getByRole('menuitem', { name: 'Delete for me' }).click()
    const dialog = this.#page.getByRole('dialog', { name: 'Delete this message for you?' })
    await dialog.getByRole('button', { name: 'Delete for me' }).click()
    await dialog.waitFor({ state: 'hidden' })
  }

  /** Opens the small question that leads to a day. */
  async askForDay(): Promise<Locator> {
    await this.#page.getByRole('button', { name: 'Jump to a date' }).click()
    return this.#page.getByRole('dialog', { name: 'Jump to a date' })
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
