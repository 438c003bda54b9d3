import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import { eid, forests, member, objectId, tangles } from '../../testing/simulation/commit-trees.ts'
import type { Forest } from '../../testing/simulation/commit-trees.ts'
import { referenceChoice } from '../../testing/simulation/reference-chooser.ts'
import { choose, forkPoints } from './choose.ts'
import type { CommitNode, CommitTree, Standing, Standings } from './commit-tree.ts'
import { bySeniority } from './standing.ts'

const either = (maxCommits?: number) => fc.oneof({ weight: 3, arbitrary: forests(maxCommits) }, { weight: 1, arbitrary: tangles() })

const chosen = ({ tree, standings }: Forest) => choose(tree, standings)
const withCommits = ({ tree, standings }: Forest, commits: readonly CommitNode[]): Forest => ({ tree: { ...tree, commits }, standings })
const withSeen = ({ tree, standings }: Forest, epoch: Eid, who: Iterable<MemberId>): Forest => {
  const seen = new Map(tree.seen).set(epoch, new Set([...(tree.seen.get(epoch) ?? []), ...who]))
  return { tree: { ...tree, seen }, standings }
}

/** Members of the parent seen in what hangs on a commit, counted in a way of its own. */
function witnessesOf({ tree, standings }: Forest, commit: CommitNode): Set<MemberId> {
  const epochs = new Set([commit.child])
  const seen = new Set([commit.author])
  for (const epoch of epochs) {
    const next = tree.commits.filter(({ parent }) => parent === epoch)
    for (const { child } of next) epochs.add(child)
    for (const who of [...(tree.seen.get(epoch) ?? []), ...next.map(({ author }) => author)]) seen.add(who)
  }
  return new Set([...seen].filter((who) => standings.get(commit.parent)?.has(who)))
}

const reached = ({ root, commits }: CommitTree): Set<Eid> => {
  const epochs = new Set([root])
  for (const epoch of epochs) for (const { parent, child } of commits) if (parent === epoch) epochs.add(child)
  return epochs
}

describe('C9: the choice is a function of what is known', () => {
  it('C9: order and duplicates change nothing', () => {
    const shuffled = either().chain((forest) =>
      fc.record({
        forest: fc.constant(forest),
        commits: fc.shuffledSubarray([...forest.tree.commits, ...forest.tree.commits], { minLength: forest.tree.commits.length * 2 }),
        seen: fc.shuffledSubarray([...forest.tree.seen], { minLength: forest.tree.seen.size }),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ forest, commits, seen }) => {
        const backwards = new Map([...forest.standings].map(([epoch, some]) => [epoch, new Map([...some].reverse())] as const))
        const copies = commits.map((commit) => ({ ...commit, removes: [...commit.removes] }))
        const tree = { ...forest.tree, commits: copies, seen: new Map(seen) }
        expect(choose(tree, backwards)).toEqual(chosen(forest))
        expect(forkPoints(tree)).toEqual(forkPoints(forest.tree))
      }),
    )
  })

  it('C8: nor do the objects that the commits are: of one there may be several, of which others have others (T9)', () => {
    fc.assert(
      fc.property(forests(), fc.nat(), (forest, luck) => {
        const renamed = forest.tree.commits.map((commit) => ({ ...commit, objectId: objectId(`${luck} ${commit.objectId}`) }))
        const children = ({ path }: ReturnType<typeof choose>) => path.map(({ child }) => child)
        expect(children(chosen(withCommits(forest, renamed)))).toEqual(children(chosen(forest)))
      }),
      { numRuns: 1_000 },
    )
  })

  it('C1: commits that do not hang on the root change nothing', () => {
    const strays = (forest: Forest) =>
      fc.array(
        fc.tuple(fc.nat(30), fc.constantFrom(...forest.tree.commits)).map(([n, model]): CommitNode => ({
          ...model,
          parent: eid(`lost ${n}`),
          child: n % 2 === 0 ? eid(`lost ${n >> 1}`) : model.child,
        })),
      )
    const both = either()
      .filter(({ tree }) => tree.commits.length > 0)
      .chain((forest) => fc.tuple(fc.constant(forest), strays(forest)))
    fc.assert(
      fc.property(both, ([forest, some]) => {
        const more = withCommits(forest, [...some, ...forest.tree.commits])
        expect(chosen(more)).toEqual(chosen(forest))
        expect(forkPoints(more.tree)).toEqual(forkPoints(forest.tree))
      }),
    )
  })

  it('C1: the tip is a leaf that the path leads to, commit by commit, from the root', () => {
    fc.assert(
      fc.property(either(), (forest) => {
        const { tip, path } = chosen(forest)
        let at = forest.tree.root
        for (const commit of path) {
          expect(commit.parent).toBe(at)
          at = commit.child
        }
        expect(at).toBe(tip)
        const before = new Set([forest.tree.root, ...path.map(({ child }) => child)])
        expect(reached(forest.tree)).toContain(tip)
        const further = forest.tree.commits.filter(({ parent, child }) => parent === tip && !before.has(child))
        // In a tangle, what follows the tip may have been reached by another way.
        const ways = (epoch: Eid) => forest.tree.commits.filter(({ child }) => child === epoch).length
        for (const { child, objectId: id } of further)
          expect(ways(child) > 1 || forest.tree.commits.filter((c) => c.objectId === id).length > 1).toBe(true)
      }),
    )
  })

  it('C9: nothing that was given is changed', () => {
    fc.assert(
      fc.property(either(), (forest) => {
        const before = structuredClone(forest)
        for (const commit of forest.tree.commits) Object.freeze(commit.removes)
        Object.freeze(forest.tree.commits.map((commit) => Object.freeze(commit)))
        Object.freeze(forest.tree.commits)
        chosen(forest)
        expect(forest).toEqual(before)
      }),
    )
  })
})

describe('what the choice promises', () => {
  it('C7: one more witness of the chosen branch never makes it lose', () => {
    fc.assert(
      fc.property(either(), fc.nat(), fc.constantFrom('Ann', 'Bob', 'Cyd', 'Dan', 'Eve', 'Fay'), (forest, pick, name) => {
        const { path, tip } = chosen(forest)
        const at = path[pick % path.length]
        fc.pre(at !== undefined)
        expect(chosen(withSeen(forest, at.child, [member(name)])).tip).toBe(tip)
      }),
      { numRuns: 1_000 },
    )
  })

  const withheld = fc.record({
    at: fc.nat(),
    colluders: fc.uniqueArray(fc.constantFrom('Ann', 'Bob', 'Cyd', 'Dan', 'Eve', 'Fay', 'Gus', 'Hal'), { minLength: 1, maxLength: 3 }),
    /** Each commit’s place on the branch, its author and its object. */
    commits: fc.array(fc.record({ back: fc.nat(3), by: fc.nat(), leaf: fc.nat(1), low: fc.nat(1_000) }), { minLength: 1, maxLength: 4 }),
  })
  type Withheld = typeof withheld extends fc.Arbitrary<infer T> ? T : never

  /** A branch that hangs on `parent`, made and seen by the colluders alone. */
  const publish = (
    forest: Forest,
    parent: Eid,
    { colluders, commits }: Withheld,
    removes: (by: MemberId) => MemberId[] = () => [],
  ): Forest => {
    const epochs = [parent, ...commits.map((_, n) => eid(`withheld ${n}`))]
    const nodes = commits.map(({ back, by, leaf, low }, n): CommitNode => {
      const author = member(colluders[by % colluders.length] ?? '')
      const names = { parent: epochs[Math.max(0, n - back)] ?? parent, child: eid(`withheld ${n}`) }
      return { objectId: objectId(`withheld ${n} ${low}`), ...names, author, authorLeaf: leaf, removes: removes(author) }
    })
    const grown = withCommits(forest, [...forest.tree.commits, ...nodes])
    return nodes.reduce((all, { child }) => withSeen(all, child, colluders.map(member)), grown)
  }

  it('C7: a branch in which only c colluders were seen never displaces one with more than c witnesses (invariant 4)', () => {
    fc.assert(
      fc.property(forests(), withheld, (forest, branch) => {
        const { path, tip } = chosen(forest)
        const at = path[branch.at % path.length]
        fc.pre(at !== undefined && witnessesOf(forest, at).size > branch.colluders.length)
        expect(chosen(publish(forest, at.parent, branch)).tip).toBe(tip)
      }),
      { numRuns: 2_000 },
    )
  })

  it('C6: nobody undoes its own removal, or what came before it, with helpers fewer than the witnesses, whomever it removes', () => {
    const names = ['Ann', 'Bob', 'Cyd', 'Dan', 'Eve', 'Fay', 'Gus', 'Hal']
    const line = fc.record({
      authors: fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 6 }),
      ranks: fc.shuffledSubarray(names, { minLength: names.length }),
      victims: fc.array(fc.constantFrom(...names), { maxLength: 4 }),
    })
    fc.assert(
      fc.property(line, withheld, ({ authors, ranks, victims }, branch) => {
        const [removed = ''] = branch.colluders
        const removal = { author: 'Own', removes: [member(removed)] }
        const steps = [...authors.map((author) => ({ author, removes: [] })), removal, { author: 'Own', removes: [] }]
        const commits = steps.map(({ author, removes }, n): CommitNode => {
          const names = { parent: eid(String(n)), child: eid(String(n + 1)) }
          return { objectId: objectId(`line ${n}`), ...names, author: member(author), authorLeaf: 0, removes }
        })
        const seniority = (name: string) => (name === 'Own' ? 4 : name === removed ? 3 : 1)
        const roster: Standings = new Map(
          [...ranks, 'Own'].map((name, n): [MemberId, Standing] => [
            member(name),
            { seniority: seniority(name), rank: new Uint8Array(32).fill(n) },
          ]),
        )
        const base: Forest = {
          tree: {
            root: eid('0'),
            commits,
            seen: new Map([[eid(String(steps.length)), new Set(['Own', 'Ann', 'Bob', 'Cyd', 'Dan'].map(member))]]),
          },
          standings: new Map(
            [...commits.map(({ parent }) => parent), ...[0, 1, 2, 3].map((n) => eid(`withheld ${n}`))].map((epoch) => [epoch, roster]),
          ),
        }
        const at = eid(String(branch.at % (authors.length + 1)))
        const hostile = publish(base, at, branch, (by) => (by === member(removed) ? victims.map(member) : []))
        expect(chosen(hostile).tip).toBe(eid(String(steps.length)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('C6: whom the most senior member of a fork point removes there, commits nothing else that is chosen there', () => {
    fc.assert(
      fc.property(forests(), (forest) => {
        for (const taken of chosen(forest).path) {
          const members = forest.standings.get(taken.parent) ?? new Map<MemberId, Standing>()
          const [first] = [...members.keys()].sort(bySeniority(members))
          const rivals = forest.tree.commits.filter((c) => c.parent === taken.parent && c !== taken && c.author === first)
          if (taken.author !== first) for (const { removes } of rivals) expect(removes).not.toContain(taken.author)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the reference model', () => {
  const agrees = (forest: Forest) => {
    const { tip, path, equivocations } = chosen(forest)
    const reference = referenceChoice(forest.tree, forest.standings)
    expect({ tip, path }).toEqual({ tip: reference.tip, path: reference.path })
    const byParent = (a: { parent: Eid; objects: readonly string[] }, b: typeof a) =>
      a.parent + String(a.objects[0]) < b.parent + String(b.objects[0]) ? -1 : 1
    expect(equivocations.toSorted(byParent)).toEqual(reference.equivocations.toSorted(byParent))
  }

  it('C1 to C8: agrees on trees of every shape', () => {
    fc.assert(fc.property(forests(20), agrees), { numRuns: 2_000 })
  })

  it('C1 to C8: agrees on large trees', () => {
    fc.assert(fc.property(forests(60), agrees), { numRuns: 300 })
  })

  it('C1 to C8: agrees on what is no tree', () => {
    fc.assert(fc.property(tangles(), agrees), { numRuns: 1_500 })
  })
})
