import type { Eid, GroupId, PeerId } from '../../shared/domain/ids.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Frontier } from '../ports/wire.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'

/** PROTOCOL.md: so many members have to say the same before a device believes that it is the one that went astray. */
const WITNESSES = 2
/** Not before reconciliation had its time: mostly what is missing is on its way. */
const PATIENCE_MS = 10_000

/**
 * Notices that the members a device meets are in epochs of which it knows nothing, and they know nothing of its own: it is
 * behind all that anybody keeps, or it was let in by a commit that lost. Then only a fresh leaf brings it back.
 */
export class Apart {
  readonly #clock: Clock
  readonly #seen = new Map<GroupId, Map<PeerId, Eid>>()
  readonly #since = new Map<GroupId, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Answers whether this device has to be let in again. */
  note(group: LiveGroup, peerId: PeerId, { eid }: Pick<Frontier, 'eid'>, apart: boolean): boolean {
    const seen = this.#seen.get(group.groupId) ?? new Map<PeerId, Eid>()
    this.#seen.set(group.groupId, seen)
    if (apart) seen.set(peerId, eid)
    else seen.delete(peerId)
    if (seen.size === 0) this.#since.delete(group.groupId)
    if (!apart) return false
    const since = this.#since.get(group.groupId) ?? this.#clock.now()
    this.#since.set(group.groupId, since)
    return this.#clock.now() - since >= PATIENCE_MS && this.#isOutvoted(group, seen, eid)
  }

  closed(peerId: PeerId): void {
    for (const seen of this.#seen.values()) seen.delete(peerId)
  }

  /** With as many on either side, which of two people it is has to be the same for both: then the names of their epochs decide. */
  #isOutvoted(group: LiveGroup, seen: ReadonlyMap<PeerId, Eid>, eid: Eid): boolean {
    const members = new Set(group.members().map((m) => m.memberId)).size
    const theirs = [...seen.values()].filter((other) => other === eid).length
    const needed = Math.min(WITNESSES, Math.max(1, members - 1))
    return theirs > needed || (theirs === needed && (needed > 1 || eid < group.tip.row.tip))
  }
}
