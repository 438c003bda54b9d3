import type { Eid } from '../../../shared/domain/ids.ts'
import type { CommitRow } from '../../ports/branch-store.ts'
import type { ObjectHead } from '../../ports/store.ts'
import { addFollowing } from '../anti-entropy/known-epochs.ts'

/**
 * Two who know the same commits choose the same, if they also saw the same members in the same epochs (SPEC.md C3). That travels with
 * messages, and of those each tells the other by count: so whoever uses a count twice, or leaves some out, could have them choose
 * differently for ever.
 */

type Edge = Pick<CommitRow, 'parent' | 'child'>

/** The epochs of all branches since two parted; null where one is on the way to the other, or they do not hang together. */
export function sinceParting(commits: readonly Edge[], one: Eid, other: Eid): ReadonlySet<Eid> | null {
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
  return following
}

/** Passes the first message of each member in each of these epochs, which shows that it was there. */
export function showsSomebody(epochs: ReadonlySet<Eid>): (head: ObjectHead) => boolean {
  const shown = new Set<string>()
  return ({ kind, eid, sender }) => {
    const key = `${eid} ${sender}`
    if (kind !== 'message' || !epochs.has(eid) || shown.has(key)) return false
    shown.add(key)
    return true
  }
}
