import type { Eid, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { CommitNode, CommitTree, Standings } from '../../sync/commit-ordering/commit-tree.ts'

/**
 * The rules C1 to C9 once more, from their wording alone: recursive, wasteful, and sharing no code with what is in use.
 * Where both disagree, one of them is wrong, or the wording is.
 */
export interface ReferenceChoice {
  tip: Eid
  path: CommitNode[]
  equivocations: { author: MemberId; authorLeaf: number; parent: Eid; objects: ObjectId[] }[]
}

export function referenceChoice(tree: CommitTree, standings: ReadonlyMap<Eid, Standings>): ReferenceChoice {
  const edges = edgesOf([tree.root], [], tree.commits)
  const path = lineAfter(tree.root, { edges, tree, standings })
  return { tip: path.reduce((_, { child }) => child, tree.root), path, equivocations: twoFaced(edges) }
}

interface World {
  edges: CommitNode[]
  tree: CommitTree
  standings: ReadonlyMap<Eid, Standings>
}

/** C1: what the layers so far reach, and then what their next layer reaches. */
function edgesOf(known: Eid[], taken: CommitNode[], all: readonly CommitNode[]): CommitNode[] {
  const fresh = all.filter(
    (c) => known.includes(c.parent) && !known.includes(c.child) && !taken.some(({ objectId }) => objectId === c.objectId),
  )
  const layer = pickLayer(fresh)
  return layer.length === 0 ? taken : edgesOf([...known, ...layer.map(({ child }) => child)], [...taken, ...layer], all)
}

/** The lowest of what is left; then, without what it excludes, the same again. */
function pickLayer(fresh: CommitNode[]): CommitNode[] {
  const lowest = least(fresh, (a, b) => text(a) < text(b))
  if (lowest === undefined) return []
  return [lowest, ...pickLayer(fresh.filter((c) => c.child !== lowest.child && c.objectId !== lowest.objectId))]
}

const text = (c: CommitNode): string => JSON.stringify([c.child, c.objectId, c.parent, c.author, c.authorLeaf, c.removes])

/** The one that is before all others. */
const least = <T>(items: readonly T[], before: (a: T, b: T) => boolean): T | undefined =>
  items.find((a) => items.every((b) => a === b || !before(b, a)))

/** C2: the choice at an epoch, and everything chosen after it. */
function lineAfter(eid: Eid, world: World): CommitNode[] {
  const siblings = world.edges.filter(({ parent }) => parent === eid)
  if (siblings.length === 0) return []
  const here = world.standings.get(eid) ?? new Map<MemberId, never>()
  const lines = siblings.map((sibling) => [sibling, ...lineAfter(sibling.child, world)])
  const winner = settle(siblings, siblings, { lines, here, world })
  return lines.find(([first]) => first === winner) ?? []
}

interface Fork {
  lines: CommitNode[][]
  here: Standings
  world: World
}

/** C7: the heaviest of `candidates`, or, if it falls, the choice among those before which it falls. */
function settle(candidates: CommitNode[], siblings: CommitNode[], fork: Fork): CommitNode | undefined {
  const { here, world } = fork
  const weight = (c: CommitNode) => [...here.keys()].filter((m) => seenBelow(c, world).has(m)).length
  const winner = least(candidates, (a, b) => {
    if (weight(a) !== weight(b)) return weight(a) > weight(b)
    if (a.author !== b.author) return lowerRank(a.author, b.author, here)
    return a.child < b.child
  })
  const rivals = siblings.filter(
    (rival) => winner && rival !== winner && removedIn(fork).some((r) => r.on === rival && r.whom === winner.author),
  )
  return rivals.length === 0 ? winner : settle(rivals, siblings, fork)
}

/** C3 */
function seenBelow({ child, author }: CommitNode, world: World): Set<MemberId> {
  const further = world.edges.filter(({ parent }) => parent === child).flatMap((c) => [...seenBelow(c, world)])
  return new Set([author, ...(world.tree.seen.get(child) ?? []), ...further])
}

/** C4 */
function twoFaced(edges: CommitNode[]): ReferenceChoice['equivocations'] {
  const twins = (c: CommitNode) =>
    edges.filter((d) => d.parent === c.parent && d.author === c.author && d.authorLeaf === c.authorLeaf).map((d) => d.objectId)
  return edges.flatMap((c) => {
    const objects = twins(c).sort()
    return objects.length > 1 && objects[0] === c.objectId
      ? [{ author: c.author, authorLeaf: c.authorLeaf, parent: c.parent, objects }]
      : []
  })
}

/** C5 */
function lowerRank(a: MemberId, b: MemberId, here: Standings): boolean {
  const [x, y] = [here.get(a), here.get(b)]
  if (!x || !y) return x !== undefined || (y === undefined && a < b)
  const [hexA, hexB] = [x, y].map(({ rank }) => [...rank].map((byte) => byte.toString(16).padStart(2, '0')).join(''))
  return hexA === hexB ? a < b : (hexA ?? '') < (hexB ?? '')
}

/** C5 */
function isAbove(a: MemberId, b: MemberId, here: Standings): boolean {
  const [x, y] = [here.get(a), here.get(b)]
  if (a === b || !x) return false
  if (!y || x.seniority === y.seniority) return lowerRank(a, b, here)
  return x.seniority > y.seniority
}

interface Removal {
  by: MemberId
  whom: MemberId
  on: CommitNode
}

/** C6: the removals that count, found one after the other. */
function removedIn({ lines, here }: Fork): Removal[] {
  const claimed = lines.flatMap((line) =>
    line.flatMap(({ author, removes }) => removes.flatMap((whom) => line.slice(0, 1).map((on): Removal => ({ by: author, whom, on })))),
  )
  const earlier = (a: Removal, b: Removal): boolean => {
    if (a.by !== b.by) return isAbove(a.by, b.by, here)
    if (a.on.author !== b.on.author) return lowerRank(a.on.author, b.on.author, here)
    return a.on.child < b.on.child
  }
  const judge = (left: Removal[], counted: Removal[]): Removal[] => {
    const next = least(left, earlier)
    if (next === undefined) return counted
    const isGone = (member: MemberId) => counted.some(({ whom, on }) => whom === member && on !== next.on)
    const counts = isAbove(next.by, next.whom, here) && !isGone(next.on.author) && !isGone(next.by)
    return judge(
      left.filter((r) => r !== next),
      counts ? [...counted, next] : counted,
    )
  }
  return judge(
    claimed.filter(({ by }) => here.has(by)),
    [],
  )
}
