import type { Eid, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { CommitNode, CommitTree, Standings } from './commit-tree.ts'
import { reachable } from './reachable.ts'
import { byRank } from './standing.ts'
import { strongRemove } from './strong-remove.ts'
import type { Line } from './strong-remove.ts'

/** Two commits on one epoch by one leaf, which no honest device makes. */
export interface Equivocation {
  author: MemberId
  authorLeaf: number
  parent: Eid
  /** Lowest first. */
  objects: readonly ObjectId[]
}

export interface Choice {
  tip: Eid
  /** From the root to the tip. */
  path: readonly CommitNode[]
  /** Of every epoch that hangs on the root, whatever was chosen there: parents first. */
  equivocations: readonly Equivocation[]
}

const nobody: Standings = new Map()

/** Epochs with more than one child, for each of which `choose` needs to know how its members stand. */
export const forkPoints = (tree: CommitTree): Eid[] =>
  [...reachable(tree)].filter(([, siblings]) => siblings.length > 1).map(([eid]) => eid)

/**
 * The rules C1 to C9 of electron/sync/SPEC.md: a function of what is known, not of the order in which it came. Forks are
 * decided from the leaves to the root (C2), since what a branch removes depends on what is chosen inside it. Never throws:
 * at a fork without standings nobody is a witness, nobody stands above another, and the lowest member id is taken.
 */
export function choose(tree: CommitTree, standings: ReadonlyMap<Eid, Standings>): Choice {
  const epochs = reachable(tree)
  const chosen = new Map<Eid, CommitNode>()
  const lineFrom = (eid: Eid): CommitNode[] => {
    const line: CommitNode[] = []
    for (let next = chosen.get(eid); next !== undefined; next = chosen.get(next.child)) line.push(next)
    return line
  }
  const witnesses = new Map<Eid, Set<MemberId>>()
  for (const [eid, siblings] of [...epochs].reverse()) {
    const members = standings.get(eid) ?? nobody
    const branches = siblings.map((sibling): Branch => {
      const seen = (witnesses.get(sibling.child) ?? new Set()).add(sibling.author)
      // C3: members of the fork point only, so that whoever is let in later adds nothing.
      const weight = [...members.keys()].filter((member) => seen.has(member)).length
      // Of an only child nobody asks.
      const later = siblings.length > 1 ? lineFrom(sibling.child) : []
      return { sibling, commits: [sibling, ...later], seen, weight }
    })
    const winner = decide(branches, members)
    if (winner !== undefined) chosen.set(eid, winner.sibling)
    witnesses.set(eid, joined([...branches.map(({ seen }) => seen), new Set(tree.seen.get(eid))]))
  }
  const path = lineFrom(tree.root)
  return { tip: path.at(-1)?.child ?? tree.root, path, equivocations: [...epochs.values()].flatMap(equivocationsAmong) }
}

interface Branch extends Line {
  /** Everybody seen in the subtree. */
  seen: Set<MemberId>
  weight: number
}

/**
 * C7, C8. The heaviest; if it falls, the heaviest of those before which it falls. Not the heaviest of all that stand: then
 * one commit could fell a rival by removing its author, and another one, which removes nobody, take its place.
 */
function decide(branches: readonly Branch[], standings: Standings): Branch | undefined {
  const rank = byRank(standings)
  const lowest = (a: Branch, b: Branch): number => (a.sibling.child < b.sibling.child ? -1 : 1)
  const heaviest = (some: readonly Branch[]): Branch | undefined =>
    some.toSorted((a, b) => b.weight - a.weight || rank(a.sibling.author, b.sibling.author) || lowest(a, b))[0]
  const fallsBefore = strongRemove(branches, standings)
  let best = heaviest(branches)
  for (let next = best; next !== undefined; next = heaviest(fallsBefore(next))) best = next
  return best
}

/**
 * C4. Evidence, and no more: several commits of one leaf compete as any others do. If the lowest stayed instead, a
 * member could make a lower one at any time, and undo what all the others had built on its first. By leaf, since two
 * devices of a member know nothing of each other, and may commit at once.
 */
function equivocationsAmong(siblings: readonly CommitNode[]): Equivocation[] {
  const byLeaf = new Map<string, CommitNode[]>()
  for (const sibling of siblings) {
    const leaf = JSON.stringify([sibling.author, sibling.authorLeaf])
    byLeaf.set(leaf, [...(byLeaf.get(leaf) ?? []), sibling])
  }
  return [...byLeaf.values()].flatMap(([first, ...others]) => {
    if (first === undefined || others.length === 0) return []
    const { author, authorLeaf, parent } = first
    return [{ author, authorLeaf, parent, objects: [first, ...others].map(({ objectId }) => objectId).sort() }]
  })
}

/** Grows the first, which nobody looks at again: a copy at each of a hundred epochs would cost more than all the rest. */
function joined([all = new Set(), ...others]: readonly Set<MemberId>[]): Set<MemberId> {
  for (const set of others) for (const member of set) all.add(member)
  return all
}
