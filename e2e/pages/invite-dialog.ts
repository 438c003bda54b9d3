import type { Instance } from '../fixtures/instance.ts'
import { askMain } from '../fixtures/ask-main.ts'

/** The dialog *Invite people* of the open space. */
export class InviteDialog {
  readonly #instance: Instance

  constructor(instance: Instance) {
    this.#instance = instance
  }

  get dialog() {
    return this.#instance.page.getByRole('dialog', { name: 'Invite people' })
  }

  get link() {
    return this.dialog.getByRole('textbox', { name: 'Invitation link' })
  }

  get qrCode() {
    return this.dialog.getByRole('img', { name: 'Invitation QR code' })
  }

  /** The invitations that still let someone in, one item each. */
  get active() {
    return this.dialog.getByRole('list', { name: 'Active invitations' }).getByRole('listitem')
  }

  async open(): Promise<void> {
    await this.#instance.page.getByRole('button', { name: 'Invite people', exact: true }).click()
    await this.dialog.waitFor()
  }

  /** Makes a link by the terms that are chosen, or given here as the window words them. */
  async make({ lasting, people }: { lasting?: string; people?: string } = {}): Promise<void> {
    if (lasting !== undefined) await this.dialog.getByRole('combobox', { name: 'Valid for' }).selectOption(lasting)
    if (people !== undefined) await this.dialog.getByRole('combobox', { name: 'How many people' }).selectOption(people)
    await this.dialog.getByRole('button', { name: /^Make (a|another) link$/ }).click()
    await this.qrCode.waitFor()
  }

  /** Presses *Copy* and gives what is in the clipboard of the system. */
  async copy(): Promise<string> {
    await askMain(this.#instance.app, ({ clipboard }) => clipboard.clear())
    await this.dialog.getByRole('button', { name: 'Copy', exact: true }).click()
    await this.dialog.getByText('Copied').first().waitFor()
    return askMain(this.#instance.app, ({ clipboard }) => clipboard.readText())
  }

  async close(): Promise<void> {
    await this.#instance.page.keyboard.press('Escape')
    await this.dialog.waitFor({ state: 'hidden' })
  }

  /** Opens the dialog, makes a link and copies it, closes the dialog. */
  async takeLink(): Promise<string> {
    await this.open()
    await this.make()
    const link = await this.copy()
    await this.close()
    return link
  }
}
