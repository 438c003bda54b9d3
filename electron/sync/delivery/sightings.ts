import type { Eid, ObjectId } from '../../../shared/domain/ids.ts'
import type { CommitRow } from '../../ports/branch-store.ts'
import type { ObjectHead } from '../../ports/store.ts'
import { addFollowing } from '../anti-entropy/known-epochs.ts'

/**
 * Two who know the same commits choose the same, if they also saw the same members in the same epochs (SPEC.md C3). That travels with
 * messages, and of those each tells the other by count: so whoever uses a count twice, or leaves some out, could have them choose
 * differently for ever.
 */

type Edge = Pick<CommitRow, 'parent' | 'child'>

export interface Fork {
  /** Where two parted. */
  parting: Eid
  /** The epochs of all branches since. */
  epochs: ReadonlySet<Eid>
}

/** Null where one is on the way to the other, or they do not hang together. */
export function sinceParting(commits: readonly Edge[], one: Eid, other: Eid): Fork | null {
  const into = new Map(commits.map(({ parent, child }) => [child, parent]))
  const wayTo = (eid: Eid): Set<Eid> => {
    const way = new Set<Eid>()
    for (let at: Eid | undefined = eid; at !== undefined && !way.has(at); at = into.get(at)) way.add(at)
    return way
  }
  const ours = wayTo(one)
  const parting = [...wayTo(other)].find((eid) => ours.has(eid))
  if (parting === undefined || parting === one || parting === other) return null
  const following = new Set([parting])
  addFollowing(following, commits)
  following.delete(parting)
  return { parting, epochs: following }
}

/** How often what could not be taken is shown again: somebody may refuse it for ever. */
const MOST_TIMES = 5

/** What one peer was shown since it and this device parted. */
export class Sightings {
  readonly parting: Eid
  readonly #shown = new Set<string>()
  /** Up to which object all was looked at that the peer could read. */
  #upTo: ObjectId | null = null
  #unreadable: ReadonlySet<Eid> = new Set()
  #times = 0

  constructor(parting: Eid) {
    this.parting = parting
  }

  /**
   * What to show now: of all after that object what passes, the first message of each member in each of these epochs that the peer can read.
   * Where it can read one that it could not, from the beginning.
   */
  next(epochs: ReadonlySet<Eid>, canRead: (eid: Eid) => boolean): { after: ObjectId | null; passes: (head: ObjectHead) => boolean } {
    const unreadable = new Set([...epochs].filter((eid) => !canRead(eid)))
    if ([...this.#unreadable].some((eid) => !unreadable.has(eid))) this.#upTo = null
    this.#unreadable = unreadable
    const passes = ({ kind, eid, sender }: ObjectHead): boolean => {
      const key = `${eid} ${sender}`
      if (kind !== 'message' || !epochs.has(eid) || unreadable.has(eid) || this.#shown.has(key)) return false
      this.#shown.add(key)
      return true
    }
    return { after: this.#upTo, passes }
  }

  /** All of it was taken or refused. */
  done(upTo: ObjectId | null): void {
    this.#upTo = upTo
  }

  /** It did not come to its end: not all of it could be taken, or the connection went. */
  again(): void {
    this.#shown.clear()
    this.#times += 1
  }

  /** Whether it is left at what was taken. */
  get isOver(): boolean {
    return this.#times >= MOST_TIMES
  }
}
