import type { Instance } from '../fixtures/instance.ts'
import { Channels } from './channels.ts'
import { Conversation } from './conversation.ts'
import { FirstRun } from './first-run.ts'
import { Gates } from './gates.ts'
import { InviteDialog } from './invite-dialog.ts'
import { JoinDialog } from './join-dialog.ts'
import { Members } from './members.ts'
import { Search } from './search.ts'
import { Settings } from './settings.ts'
import { Spaces } from './spaces.ts'
import { Unlock } from './unlock.ts'

/** Someone in front of one window. */
export class Person {
  readonly name: string
  readonly instance: Instance
  readonly firstRun: FirstRun
  readonly unlock: Unlock
  readonly spaces: Spaces
  readonly channels: Channels
  readonly invite: InviteDialog
  readonly join: JoinDialog
  readonly conversation: Conversation
  readonly members: Members
  readonly search: Search
  readonly settings: Settings
  readonly gates: Gates

  constructor(name: string, instance: Instance) {
    const { page } = instance
    this.name = name
    this.instance = instance
    this.firstRun = new FirstRun(page)
    this.unlock = new Unlock(page)
    this.spaces = new Spaces(page)
    this.channels = new Channels(page)
    this.invite = new InviteDialog(instance)
    this.join = new JoinDialog(page)
    this.conversation = new Conversation(page)
    this.members = new Members(page)
    this.search = new Search(page)
    this.settings = new Settings(page)
    this.gates = new Gates(page)
  }

  /** Pastes the link, joins, and waits until the space is open. */
  async joinSpace(link: string, space: string): Promise<void> {
    await this.join.start(link)
    await this.spaces.space(space).waitFor({ timeout: 45_000 })
    await this.channels.open('general')
  }

  say(text: string): Promise<void> {
    return this.conversation.say(this.name, text)
  }

  /** Waits until a message of someone is in the open channel. */
  sees(author: Person, text: string, timeout = 30_000): Promise<void> {
    return this.conversation.message(author.name, text).waitFor({ timeout })
  }
}
