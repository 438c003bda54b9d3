import type { MemberId } from '../../../shared/domain/ids.ts'
import type { CommitNode, Standings } from './commit-tree.ts'
import { byRank, bySeniority } from './standing.ts'

/** A sibling with all that is chosen after it, itself first. */
export interface Line {
  sibling: CommitNode
  commits: readonly CommitNode[]
}

/**
 * C6. The lines before which a line falls: those that remove its author. None, if it stands.
 *
 * A member that somebody above it removes on one line has no say on the others: the siblings it made there fall, and what
 * it removes there is void. Those above come first, so that whoever is removed by them can remove nobody in return; and a
 * line that has fallen makes no other fall. Hence a line falls earlier than those before which it falls: there are no
 * circles, and one line at least stands. How heavy a line is plays no part, so that nobody can turn a removal on and off.
 *
 * Looking at the siblings alone is not enough. A removed member still holds the epochs before its removal: it would go one
 * epoch further back than the commit that removed it, remove the author of the harmless commit there, and be in again.
 *
 * `lines`: by one author, that to the lowest epoch first.
 */
export function strongRemove<L extends Line>(lines: readonly L[], standings: Standings): (line: L) => readonly L[] {
  const seniority = bySeniority(standings)
  const rank = byRank(standings)
  const removedOn = new Map<MemberId, L[]>()
  const against = (member: MemberId, line: L): L[] => (removedOn.get(member) ?? []).filter((other) => other !== line)
  const fallsBefore = (line: L): L[] => against(line.sibling.author, line)
  const removals = lines
    .flatMap(removalsOf)
    .filter(({ remover, removed }) => standings.has(remover) && seniority(remover, removed) < 0)
    .sort((a, b) => seniority(a.remover, b.remover) || rank(a.line.sibling.author, b.line.sibling.author))
  for (const { remover, removed, line } of removals) {
    if (fallsBefore(line).length > 0 || against(remover, line).length > 0) continue
    removedOn.set(removed, [...(removedOn.get(removed) ?? []), line])
  }
  return fallsBefore
}

const removalsOf = <L extends Line>(line: L) =>
  line.commits.flatMap(({ author, removes }) => removes.map((removed) => ({ remover: author, removed, line })))
