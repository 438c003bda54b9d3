import type { PeerId } from '../../../shared/domain/ids.ts'
import { ALL_BUFFERS_BYTES } from '../channel/constants.ts'
import { SharedBudget, type Budget } from '../channel/read-budget.ts'
import { STRANGER_SHARE_BYTES, STRANGERS_BYTES, MEMBER_SHARE_BYTES } from './constants.ts'

/** What of others' messages is kept at once, half read or not answered yet: so much of all, and no more than a share of one peer. */
export class SessionBudgets {
  readonly #strangers = new SharedBudget(STRANGERS_BYTES, STRANGER_SHARE_BYTES)
  readonly #members = new SharedBudget(ALL_BUFFERS_BYTES - STRANGERS_BYTES, MEMBER_SHARE_BYTES)

  /** For what anybody may ask: hello, and to be let in. Strangers keep no member from anything but these. */
  stranger(peerId: PeerId): Budget {
    return this.#strangers.of(peerId)
  }

  /** For what a member asks, and for what a peer answers that we asked. */
  member(peerId: PeerId): Budget {
    return this.#members.of(peerId)
  }
}
