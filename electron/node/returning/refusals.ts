import type { GroupId, PeerId } from '../../../shared/domain/ids.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import { onlyOwner } from './apart.ts'
import type { Identify } from './apart.ts'

/** How many members (all but one in a group of two), and in how many rounds, have to say that this device is none under a space. */
const WITNESSES = 2
const REFUSALS = 4
/** In how many where one says so, and nobody is connected who could know better. */
const REFUSALS_BY_ONE = 8

/** Counts in how many rounds all who were asked said that this device is no member. */
export class Refusals {
  readonly #identify: Identify
  readonly #rounds = new Map<GroupId, number>()

  constructor(identify: Identify) {
    this.#identify = identify
  }

  /**
   * A round is over. Answers whether this device is out. Not at once: who was let in by a commit that lost is let in again by whoever did it, in
   * a moment. As in `apart.ts`.
   */
  note(group: LiveGroup, refusing: readonly PeerId[], asked: number): boolean {
    const { groupId } = group
    const members = new Set(group.members().map((m) => m.memberId))
    // Whoever was removed itself may say so with as many others as it likes.
    const said = new Set(refusing.map((peerId) => this.#identify(group, peerId)).filter((memberId) => members.has(memberId)))
    const isSaid = asked > 0 && refusing.length === asked
    const rounds = isSaid ? (this.#rounds.get(groupId) ?? 0) + 1 : 0
    this.#rounds.set(groupId, rounds)
    const isEnough = said.size >= Math.min(WITNESSES, Math.max(1, members.size - 1)) || said.has(onlyOwner(group) ?? UNPROVEN)
    return (isEnough && rounds >= REFUSALS) || (said.size > 0 && rounds >= REFUSALS_BY_ONE)
  }

  forget(groupId: GroupId): void {
    this.#rounds.delete(groupId)
  }
}
