import type { GroupId } from '../../../shared/domain/ids.ts'
import type { JoinAnswer } from '../../ports/wire.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { isAstray, markUninvited, uninvited } from '../../sync/returning/astray.ts'
import type { WhyUninvited } from '../../sync/returning/astray.ts'

/** After so many points this device says that it takes another invitation. It goes on asking: whoever made the first one may come yet. */
const ENOUGH = 8
/** Nobody is let in by that any more, or there is nothing left to ask by. */
const SHUT = 2
/** An invitation nobody knows may be on its way to those who are asked, or have been lost with the commit that made it. */
const UNKNOWN = 1

/**
 * A newcomer whose commit lost, together with the invitation it came by or whoever made that, may be let in by nobody (SPEC.md R3). Counts how
 * often in a row it was told so.
 */
export class Uninvited {
  readonly #points = new Map<GroupId, number>()
  readonly #changed: (groupId: GroupId) => void

  constructor(changed: (groupId: GroupId) => void) {
    this.#changed = changed
  }

  /** What a member answered who says that this device is none; null where there was nothing to ask by. */
  note(group: LiveGroup, answer: JoinAnswer | null): void {
    this.#count(group, pointsOf(answer), 'refused')
  }

  /** Somebody let this device in whom it does not know: others may yet come whom it does. */
  welcomedByStranger(group: LiveGroup): void {
    this.#count(group, SHUT, 'strangers')
  }

  #count({ groupId, deps: { store } }: LiveGroup, points: number, reason: WhyUninvited): void {
    const counted = (this.#points.get(groupId) ?? 0) + points
    this.#points.set(groupId, counted)
    if (counted < ENOUGH || !isAstray(store, groupId) || uninvited(store, groupId) !== null) return
    store.transaction((tx) => markUninvited(tx, groupId, reason))
    this.#changed(groupId)
  }

  /** It is in again, or has another invitation. */
  forget(groupId: GroupId): void {
    this.#points.delete(groupId)
  }
}

function pointsOf(answer: JoinAnswer | null): number {
  if (answer === null) return SHUT
  if (answer.kind === 'later') return UNKNOWN
  if (answer.kind !== 'refused') return 0
  return forEverybody.has(answer.code) ? SHUT : ofOne.has(answer.code) ? UNKNOWN : 0
}

/** Whoever answers may let in nobody, or this device was removed where it could not see. */
const ofOne: ReadonlySet<string> = new Set(['not-permitted', 'removed'])

/** Refusals that speak of the invitation, not of who answers or who asks. */
const forEverybody: ReadonlySet<string> = new Set(['invitation-revoked', 'invitation-expired', 'invitation-used-up'])
