import type { MemberId, MessageId } from '../../../shared/domain/ids.ts'
import type { Intent } from '../../sync/intents/intent.ts'
import type { SpaceSettings } from '../../sync/policy/settings.ts'
import type { SimNode } from './node/sim-node.ts'

/** One message as its author was told of it. */
export interface Sent {
  text: string
  author: SimNode
  /** Null until the author was told that it is stored, and for ever if its process ended before. */
  messageId: MessageId | null
  /** Who was shown as a member when it was written, its author too. */
  audience: ReadonlySet<MemberId>
  /** The key of each one's leaf then, in hexadecimal, as its author had it. */
  leaves: ReadonlyMap<MemberId, string>
}

/** Something a person asked for. */
export interface Wish {
  what: string
  /** What another wish may change again. */
  subject: string
  /** Whether it is so. */
  holds: (settings: SpaceSettings) => boolean
  /** Which of the intents that the product remembers is this one; none, where it does not remember such wishes. */
  is: (intent: Intent) => boolean
}

/** A wish of which a person was told that it is done. */
export interface Promised extends Wish {
  actor: SimNode
  /** As the actor's device remembers it; null where it had nothing to do. */
  intentId: string | null
}

/** What people were told. Nothing of it may turn out untrue. */
export class Ledger {
  readonly #sent: Sent[] = []
  readonly #byText = new Map<string, Sent>()
  readonly promises: Promised[] = []
  #count = 0

  /** A text nobody else writes. */
  next(author: SimNode, to: Pick<Sent, 'audience' | 'leaves'>, words = 'says'): Sent {
    const sent: Sent = { text: `${author.name} ${words} ${++this.#count}`, author, ...to, messageId: null }
    this.#sent.push(sent)
    this.#byText.set(sent.text, sent)
    return sent
  }

  get sent(): readonly Sent[] {
    return this.#sent
  }

  find(text: string): Sent | null {
    return this.#byText.get(text) ?? null
  }
}
