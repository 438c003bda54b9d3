import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import type { ObjectHead } from '../../ports/store.ts'
import type { ObjectAck } from '../../ports/wire.ts'

/**
 * What the other side could not take this time: objects of an epoch it does not know, messages of a sender of whom it
 * holds as many as it wants to. All others go on, so that one member's doings never dam up what everybody else wrote.
 */
export class Stuck {
  readonly #epochs = new Set<Eid>()
  readonly #senders = new Set<MemberId>()

  get any(): boolean {
    return this.#epochs.size + this.#senders.size > 0
  }

  /** Those that they said they do not know. */
  get epochs(): Iterable<Eid> {
    return this.#epochs
  }

  note({ eid, sender }: ObjectHead, ack: ObjectAck | undefined): void {
    if (ack === 'unknown-epoch') this.#epochs.add(eid)
    else if (ack === 'later' || ack === undefined) this.#senders.add(sender)
  }

  /** Whether they said that they do not know that epoch. */
  isUnknown(eid: Eid): boolean {
    return this.#epochs.has(eid)
  }

  holds({ eid, sender, kind }: ObjectHead): boolean {
    return this.#epochs.has(eid) || (kind === 'message' && this.#senders.has(sender))
  }
}
