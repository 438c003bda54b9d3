import { describe, expect, it } from 'vitest'
import type { Eid, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import { eid, member } from '../../testing/simulation/commit-trees.ts'
import { choose, forkPoints } from './choose.ts'
import type { CommitNode, CommitTree, Standing } from './commit-tree.ts'

const object = (id: number): ObjectId => id.toString(16).padStart(64, '0') as ObjectId

interface Details {
  removes?: string[]
  leaf?: number
}

/** `edge('P>A', 'Ann', 1)`: Ann's commit, the object 1, leads from P to A. */
function edge(way: string, author: string, id: number, { removes = [], leaf = 0 }: Details = {}): CommitNode {
  const [parent = '', child = ''] = way.split('>')
  return {
    objectId: object(id),
    parent: eid(parent),
    child: eid(child),
    author: member(author),
    authorLeaf: leaf,
    removes: removes.map(member),
  }
}

/** Seniority by name. The lower rank is the one named earlier. */
type Roster = Record<string, number>
const rosterOf = (roster: Roster): Map<MemberId, Standing> =>
  new Map(Object.entries(roster).map(([name, seniority], index) => [member(name), { seniority, rank: new Uint8Array(32).fill(index, 31) }]))

const PLAIN: Roster = { Ann: 1, Bob: 1, Cyd: 1, Dan: 1, Eve: 1 }
const LADDER: Roster = { Eve: 0, Dan: 1, Cyd: 1, Mod: 2, Adm: 3, Own: 4 }

interface Scene {
  commits: CommitNode[]
  seen?: Record<string, string[]>
  roster?: Roster
  /** At single epochs. */
  rosters?: Record<string, Roster>
}

function scene({ commits, seen = {}, roster = PLAIN, rosters = {} }: Scene) {
  const tree: CommitTree = {
    root: eid('P'),
    commits,
    seen: new Map(Object.entries(seen).map(([name, who]) => [eid(name), new Set(who.map(member))])),
  }
  const standings = new Map<Eid, Map<MemberId, Standing>>()
  for (const { parent } of commits) standings.set(parent, rosterOf(roster))
  for (const [name, some] of Object.entries(rosters)) standings.set(eid(name), rosterOf(some))
  return { tree, choice: choose(tree, standings) }
}

const tipOf = (all: Scene): Eid => scene(all).choice.tip

describe('C1: what counts as the tree', () => {
  it('C1: without commits the root is the tip', () => {
    expect(scene({ commits: [] }).choice).toEqual({ tip: eid('P'), path: [], equivocations: [] })
  })

  it('C1: the path leads from the root to the tip', () => {
    const commits = [edge('A>B', 'Bob', 2), edge('B>C', 'Ann', 3), edge('P>A', 'Ann', 1)]
    const { tip, path } = scene({ commits }).choice
    expect(tip).toBe(eid('C'))
    expect(path.map(({ objectId }) => objectId)).toEqual([object(1), object(2), object(3)])
  })

  it('C1: what does not hang on the root has no say, even if it leads into the tree by a lower object', () => {
    const commits = [edge('P>A', 'Ann', 5), edge('X>A', 'Bob', 1), edge('X>Y', 'Bob', 2, { leaf: 0 }), edge('X>Z', 'Bob', 3)]
    const { tree, choice } = scene({ commits, seen: { Y: ['Bob', 'Cyd'] } })
    expect(choice).toEqual({ tip: eid('A'), path: [commits[0]], equivocations: [] })
    expect(forkPoints(tree)).toEqual([])
  })

  it('C1: a circle is not walked twice', () => {
    const commits = [edge('P>P', 'Ann', 1), edge('P>A', 'Ann', 2), edge('A>B', 'Bob', 3), edge('B>A', 'Bob', 4), edge('B>P', 'Cyd', 5)]
    const { tree, choice } = scene({ commits })
    expect(choice.tip).toBe(eid('B'))
    expect(choice.equivocations).toEqual([])
    expect(forkPoints(tree)).toEqual([])
  })

  it('C1: of two commits to one epoch the one nearer to the root counts, then the lower object', () => {
    const near = scene({ commits: [edge('P>A', 'Ann', 1), edge('A>B', 'Bob', 2), edge('P>B', 'Cyd', 3)] })
    expect(forkPoints(near.tree)).toEqual([eid('P')])
    expect(scene({ commits: [edge('P>A', 'Bob', 2), edge('P>A', 'Ann', 1)] }).choice.path).toEqual([edge('P>A', 'Ann', 1)])
  })

  it('C1: a commit given twice is one, and so is one object that is said to be two commits', () => {
    const twice = scene({ commits: [edge('P>A', 'Ann', 1), edge('P>A', 'Ann', 1)] })
    expect(twice.choice.equivocations).toEqual([])
    expect(twice.choice.path).toHaveLength(1)
    const [one, other] = [edge('P>A', 'Ann', 1), edge('P>B', 'Ann', 1)]
    const tips = [scene({ commits: [one, other] }), scene({ commits: [other, one] })].map(({ choice }) => choice)
    expect(tips[0]).toEqual(tips[1])
    expect(tips[0]?.equivocations).toEqual([])
  })

  it('C1: of an object said to be two commits between the same epochs the same one counts in any order', () => {
    for (const said of [edge('P>A', 'Bob', 1), edge('P>A', 'Ann', 1, { leaf: 1 }), edge('P>A', 'Ann', 1, { removes: ['Bob'] })]) {
      const both = [said, edge('P>A', 'Ann', 1)]
      expect(scene({ commits: both }).choice).toEqual(scene({ commits: both.toReversed() }).choice)
    }
  })

  it('C1: fork points are the epochs with more than one child that hang on the root, parents first', () => {
    const commits = [edge('B>D', 'Ann', 4), edge('B>E', 'Bob', 5), edge('P>A', 'Ann', 1), edge('P>B', 'Bob', 2), edge('A>C', 'Ann', 3)]
    expect(forkPoints(scene({ commits }).tree)).toEqual([eid('P'), eid('B')])
  })
})

describe('C3 and C7: the heaviest branch', () => {
  const fork = [edge('P>A', 'Ann', 1), edge('P>B', 'Bob', 2), edge('B>C', 'Cyd', 3)]

  it('C3: whoever commits is seen in what comes of it', () => {
    expect(tipOf({ commits: fork })).toBe(eid('C'))
  })

  it('C3: messages and acknowledgements count anywhere in the subtree, on a side branch too', () => {
    const commits = [...fork, edge('A>S', 'Ann', 4), edge('A>T', 'Ann', 5)]
    expect(tipOf({ commits, seen: { S: ['Dan'], T: ['Eve'] } })).toBe(eid('S'))
  })

  it('C3: a member counts once, however often it was seen', () => {
    expect(tipOf({ commits: [...fork, edge('A>D', 'Ann', 4)], seen: { A: ['Ann'], D: ['Ann'] } })).toBe(eid('C'))
  })

  it('C3: whoever is no member of the fork point counts nothing', () => {
    const rosters = { P: { Ann: 1, Bob: 1, Dan: 1 } }
    expect(tipOf({ commits: fork, seen: { A: ['Dan'], C: ['Eve', 'Gus'] }, rosters })).toBe(eid('A'))
  })

  it('C3: what was seen in the fork point itself speaks for no branch', () => {
    const commits = [edge('P>A', 'Bob', 1), edge('P>B', 'Ann', 2)]
    expect(tipOf({ commits, seen: { P: ['Cyd', 'Dan'] } })).toBe(eid('B'))
  })

  it('C2: each fork is decided by its own members', () => {
    const commits = [edge('P>A', 'Ann', 1), edge('A>B', 'Bob', 2), edge('A>C', 'Cyd', 3)]
    expect(tipOf({ commits, seen: { C: ['Gus'] }, rosters: { A: { ...PLAIN, Gus: 0 } } })).toBe(eid('C'))
  })
})

describe('C4: two commits of one leaf on one epoch', () => {
  const twins = [edge('P>B', 'Ann', 2), edge('P>A', 'Ann', 1)]

  it('C4: are evidence, the lower object first, and the lower one is taken where nothing else decides', () => {
    const { tip, equivocations } = scene({ commits: twins }).choice
    expect(tip).toBe(eid('A'))
    expect(equivocations).toEqual([{ author: member('Ann'), authorLeaf: 0, parent: eid('P'), objects: [object(1), object(2)] }])
  })

  it('C4: of two devices are none', () => {
    const { tip, equivocations } = scene({ commits: [edge('P>B', 'Ann', 2, { leaf: 1 }), edge('P>A', 'Ann', 1)] }).choice
    expect(tip).toBe(eid('A'))
    expect(equivocations).toEqual([])
  })

  it('C4: nor are commits of two members on a leaf that is free in the parent', () => {
    expect(scene({ commits: [edge('P>B', 'Bob', 2), edge('P>A', 'Ann', 1)] }).choice.equivocations).toEqual([])
  })

  it('C4: are evidence on a branch that is not taken, parents first, and where the group fell apart three ways', () => {
    const commits = [...twins, edge('P>C', 'Ann', 3), edge('B>D', 'Bob', 9), edge('B>E', 'Bob', 4)]
    const { equivocations } = scene({ commits, seen: { A: ['Bob', 'Cyd', 'Dan'] } }).choice
    expect(equivocations.map(({ parent, objects }) => [parent, objects])).toEqual([
      [eid('P'), [object(1), object(2), object(3)]],
      [eid('B'), [object(4), object(9)]],
    ])
  })

  it('C4: a second one with a lower object undoes nothing that others built on the first', () => {
    expect(tipOf({ commits: twins, seen: { B: ['Bob'] } })).toBe(eid('B'))
  })

  it('C4: one that removes the author of a rival branch does not help the other, which removes nobody', () => {
    const honest = edge('P>H', 'Dan', 5)
    const fells = edge('P>F', 'Mod', 6, { removes: ['Dan'] })
    const other = edge('P>O', 'Mod', 1)
    const seen = { H: ['Cyd', 'Adm', 'Own'], O: ['Eve'] }
    expect(tipOf({ commits: [honest, other], seen, roster: LADDER })).toBe(eid('H'))
    expect(tipOf({ commits: [honest, fells, other], seen, roster: LADDER })).toBe(eid('F'))
  })
})

describe('C5 and C6: strong remove', () => {
  const crowd = ['Eve', 'Dan', 'Cyd']

  it('C6: a branch falls, however heavy, if somebody above its author removes that author on another one', () => {
    const commits = [edge('P>A', 'Mod', 1), edge('P>B', 'Adm', 2, { removes: ['Mod'] })]
    expect(tipOf({ commits, seen: { A: crowd }, roster: LADDER })).toBe(eid('B'))
  })

  it('C6: nobody fells a branch of somebody above', () => {
    const commits = [edge('P>A', 'Adm', 1), edge('P>B', 'Mod', 2, { removes: ['Adm'] })]
    expect(tipOf({ commits, seen: { A: crowd }, roster: LADDER })).toBe(eid('A'))
  })

  it('C5: among equals the lower rank is above, so that of two who remove each other one stays', () => {
    const commits = [edge('P>A', 'Cyd', 1, { removes: ['Dan'] }), edge('P>B', 'Dan', 2, { removes: ['Cyd'] })]
    expect(tipOf({ commits, seen: { A: ['Eve', 'Own'] }, roster: LADDER })).toBe(eid('B'))
  })

  it('C6: whoever is removed by somebody above removes nobody in return', () => {
    const commits = [edge('P>A', 'Adm', 1, { removes: ['Mod'] }), edge('P>B', 'Mod', 2, { removes: ['Dan'] }), edge('P>C', 'Dan', 3)]
    expect(tipOf({ commits, seen: { C: crowd }, roster: LADDER })).toBe(eid('C'))
  })

  it('C6: going further back than its own removal helps nobody, though it removes the author of a harmless commit there', () => {
    const commits = [edge('P>A', 'Dan', 1), edge('A>B', 'Own', 2, { removes: ['Mod'] }), edge('P>M', 'Mod', 3, { removes: ['Dan'] })]
    expect(tipOf({ commits, seen: { M: crowd }, roster: LADDER })).toBe(eid('B'))
  })

  it('C6: nor does it if a helper makes the first commit and the removal comes after it', () => {
    const commits = [
      edge('P>A', 'Dan', 1),
      edge('A>B', 'Own', 2, { removes: ['Mod'] }),
      edge('P>E', 'Eve', 3),
      edge('E>M', 'Mod', 4, { removes: ['Dan'] }),
    ]
    expect(tipOf({ commits, seen: { B: ['Cyd'] }, roster: LADDER })).toBe(eid('B'))
  })

  it('C6: a removal fells the branches beside its own, not its own', () => {
    const commits = [edge('P>A', 'Mod', 1), edge('A>B', 'Own', 2, { removes: ['Mod'] }), edge('P>C', 'Dan', 3)]
    expect(tipOf({ commits, roster: LADDER })).toBe(eid('B'))
  })

  it('C6: of two who are removed on each other’s branch the one stays that the more senior member chose', () => {
    const commits = [
      edge('P>A', 'Dan', 1),
      edge('A>B', 'Own', 2, { removes: ['Cyd'] }),
      edge('P>C', 'Cyd', 3),
      edge('C>D', 'Adm', 4, { removes: ['Dan'] }),
    ]
    expect(tipOf({ commits, seen: { D: ['Eve', 'Mod'] }, roster: LADDER })).toBe(eid('B'))
    const byOne = commits.map((commit) => ({ ...commit, author: commit.author === member('Adm') ? member('Own') : commit.author }))
    expect(tipOf({ commits: byOne, seen: { D: ['Eve'], B: ['Mod', 'Adm'] }, roster: { Cyd: 1, Dan: 1, Own: 4 } })).toBe(eid('D'))
  })

  it('C6: somebody removed on two branches has a say on neither, nor on a third', () => {
    const commits = [
      edge('P>A', 'Mod', 1, { removes: ['Eve'] }),
      edge('A>B', 'Own', 2, { removes: ['Mod'] }),
      edge('P>C', 'Adm', 3, { removes: ['Mod'] }),
      edge('P>E', 'Eve', 4),
    ]
    expect(tipOf({ commits, seen: { E: ['Dan', 'Cyd'] }, roster: LADDER })).toBe(eid('E'))
    expect(tipOf({ commits, seen: { A: ['Dan', 'Cyd'] }, roster: LADDER })).toBe(eid('C'))
    const byOthers = [
      edge('P>A', 'Cyd', 1),
      edge('A>B', 'Mod', 2, { removes: ['Eve'] }),
      edge('B>C', 'Own', 3, { removes: ['Mod'] }),
      edge('P>D', 'Dan', 4),
      edge('D>F', 'Own', 5, { removes: ['Mod'] }),
      edge('P>E', 'Eve', 6),
    ]
    expect(tipOf({ commits: byOthers, seen: { E: ['Dan', 'Cyd', 'Adm'] }, roster: LADDER })).toBe(eid('E'))
  })

  it('C6: whoever was promoted after the fork point is not above anybody there, nor is a newcomer', () => {
    const commits = [edge('P>A', 'Eve', 1), edge('A>B', 'Gus', 2, { removes: ['Mod'] }), edge('P>C', 'Mod', 3)]
    expect(tipOf({ commits, seen: { C: ['Dan'] }, roster: LADDER })).toBe(eid('C'))
    const promoted = commits.map((commit) => (commit.author === member('Gus') ? { ...commit, author: member('Dan') } : commit))
    const rosters = { A: { ...LADDER, Dan: 4 } }
    expect(tipOf({ commits: promoted, seen: { C: ['Cyd', 'Adm'] }, roster: LADDER, rosters })).toBe(eid('C'))
  })

  it('C2: a removal that is itself not chosen fells nothing', () => {
    const commits = [edge('P>A', 'Dan', 1), edge('A>B', 'Own', 2, { removes: ['Mod'] }), edge('A>C', 'Cyd', 3), edge('P>M', 'Mod', 4)]
    const seen = { C: ['Eve', 'Adm'], M: ['Eve', 'Adm', 'Cyd', 'Own', 'Dan'] }
    expect(tipOf({ commits, seen, roster: LADDER })).toBe(eid('M'))
    expect(tipOf({ commits, seen: { ...seen, B: ['Eve', 'Adm', 'Cyd'] }, roster: LADDER })).toBe(eid('B'))
  })

  it('C6: replacing another leaf of the same member removes nobody', () => {
    const commits = [edge('P>A', 'Mod', 1, { removes: ['Mod'] }), edge('P>B', 'Mod', 2, { leaf: 1 })]
    expect(tipOf({ commits, seen: { B: ['Eve'] }, roster: LADDER })).toBe(eid('B'))
  })
})

describe('C7 and C8: what is taken', () => {
  const rivals = [edge('P>H', 'Dan', 5), edge('P>C', 'Cyd', 4), edge('P>F', 'Mod', 6, { removes: ['Dan'] })]

  it('C7: a fallen branch gives way to one that removes its author, not to a third', () => {
    expect(tipOf({ commits: rivals, seen: { H: ['Eve', 'Adm', 'Own'], C: ['Eve', 'Adm'] }, roster: LADDER })).toBe(eid('F'))
  })

  it('C7: a removal has no say where the heaviest branch is another', () => {
    expect(tipOf({ commits: rivals, seen: { H: ['Eve'], C: ['Eve', 'Adm'] }, roster: LADDER })).toBe(eid('C'))
  })

  it('C7: of several that remove its author the heaviest is taken', () => {
    const commits = [...rivals, edge('P>G', 'Adm', 7, { removes: ['Dan'] })]
    expect(tipOf({ commits, seen: { H: ['Eve', 'Adm', 'Own'], F: ['Own'] }, roster: LADDER })).toBe(eid('F'))
  })

  it('C7: and if that falls too, one before which it falls', () => {
    const commits = [
      edge('P>M', 'Mod', 1),
      edge('P>A', 'Dan', 2),
      edge('A>B', 'Own', 3, { removes: ['Mod'] }),
      edge('P>C', 'Adm', 4, { removes: ['Dan'] }),
      edge('P>E', 'Eve', 5),
    ]
    expect(tipOf({ commits, seen: { M: ['Cyd', 'Own', 'Adm'], E: ['Cyd', 'Own'] }, roster: LADDER })).toBe(eid('C'))
  })

  it('C8: among equally heavy ones the lowest rank of the author is taken, whatever the seniority and the objects', () => {
    expect(tipOf({ commits: [edge('P>A', 'Own', 1), edge('P>B', 'Eve', 2)], roster: LADDER })).toBe(eid('B'))
  })

  it('C8: of equally heavy ones by one author that to the lowest epoch is taken, whatever their objects, in whatever order their removals counted', () => {
    const [low = '', high = ''] = ['A', 'B'].sort((a, b) => (eid(a) < eid(b) ? -1 : 1))
    for (const [one, other] of [
      [1, 2],
      [2, 1],
    ] as const)
      for (const [first, second] of [
        ['Mod', 'Adm'],
        ['Adm', 'Mod'],
      ] as const) {
        const commits = [
          ...[edge(`P>${low}`, 'Cyd', one), edge(`${low}>L2`, first, 5, { removes: ['Dan'] })],
          ...[edge(`P>${high}`, 'Cyd', other), edge(`${high}>H2`, second, 6, { removes: ['Dan'] })],
          edge('P>D', 'Dan', 3),
        ]
        expect(tipOf({ commits, roster: LADDER, seen: { D: ['Eve', 'Own'] } })).toBe(eid('L2'))
      }
  })

  it('C8: ranks are compared bytewise', () => {
    const commits = [edge('P>A', 'Ann', 1), edge('P>B', 'Bob', 2)]
    const ranks = (a: number[], b: number[]) =>
      new Map([
        [eid('P'), new Map([a, b].map((rank, i) => [member(i === 0 ? 'Ann' : 'Bob'), { seniority: 1, rank: new Uint8Array(rank) }]))],
      ])
    const { tree } = scene({ commits })
    expect(choose(tree, ranks([2, 0], [10, 0])).tip).toBe(eid('A'))
    expect(choose(tree, ranks([2, 1], [2, 0])).tip).toBe(eid('B'))
  })

  it('C8: an author without a standing comes last, and without any standings the lowest id is taken', () => {
    const [low = '', high = ''] = ['Ann', 'Gus'].sort((a, b) => (member(a) < member(b) ? -1 : 1))
    for (const [first, second] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const commits = [edge('P>A', low, first), edge('P>B', high, second)]
      expect(tipOf({ commits, rosters: { P: { [low]: 1 } } })).toBe(eid('A'))
      expect(tipOf({ commits, rosters: { P: { [high]: 1 } } })).toBe(eid('B'))
      expect(choose(scene({ commits }).tree, new Map()).tip).toBe(eid('A'))
    }
  })
})

describe('a group at its limits', () => {
  it('a long line with many side branches and members is walked to its end', () => {
    const crowd = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`m${n}`, n % 4]))
    const main = Array.from({ length: 128 }, (_, n) => edge(n === 0 ? 'P>0' : `${n - 1}>${n}`, `m${n}`, n))
    const sides = Array.from({ length: 64 }, (_, n) => edge(`${n * 2}>s${n}`, `m${n + 200}`, 1000 + n, { removes: ['m1', 'm2'] }))
    const seen = Object.fromEntries(main.map((_, n) => [String(n), Object.keys(crowd).slice(n)]))
    const { tree, choice } = scene({ commits: [...sides, ...main], seen, roster: crowd })
    expect(forkPoints(tree)).toHaveLength(64)
    expect(choice.path).toHaveLength(128)
  })

  it('a line may be longer than any stack', () => {
    const commits = Array.from({ length: 20_000 }, (_, n) => edge(n === 0 ? 'P>0' : `${n - 1}>${n}`, 'Ann', n))
    expect(choose({ root: eid('P'), commits, seen: new Map() }, new Map()).tip).toBe(eid('19999'))
  })
})
