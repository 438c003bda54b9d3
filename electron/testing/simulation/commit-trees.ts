import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { Eid, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { CommitNode, CommitTree, Standing, Standings } from '../../sync/commit-ordering/commit-tree.ts'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

export const eid = (name: string): Eid => digest(`epoch ${name}`).toString('hex', 0, 16) as Eid
export const member = (name: string): MemberId => digest(`member ${name}`).toString('hex', 0, 16) as MemberId
export const objectId = (name: string): ObjectId => digest(`object ${name}`).toString('hex') as ObjectId

/** A tree, and how everybody stands at each of its epochs. */
export interface Forest {
  tree: CommitTree
  standings: ReadonlyMap<Eid, Standings>
}

const MEMBERS = ['Ann', 'Bob', 'Cyd', 'Dan', 'Eve', 'Fay', 'Gus', 'Hal'].map(member)
const ROOT = eid('0')

const one = fc.integer({ min: 0, max: MEMBERS.length - 1 }).map((n) => MEMBERS[n] ?? member('Ann'))
const several = (maxLength: number) => fc.uniqueArray(one, { maxLength })

/** From how far back a commit takes its parent, of `n` epochs. */
const shapes: Record<string, (pick: number, n: number) => number> = {
  deep: (pick, n) => n - 1 - (pick % 5 === 0 ? pick % Math.min(n, 4) : 0),
  wide: (pick, n) => pick % Math.min(n, 3),
  bushy: (pick, n) => pick % n,
  ladder: (pick, n) => n - 1 - (pick % Math.min(n, 2)),
}

const commitArbitrary = fc.record({
  pick: fc.nat(10_000),
  author: one,
  authorLeaf: fc.integer({ min: 0, max: 1 }),
  removes: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: several(3) }),
  seen: several(4),
})

/**
 * By `luck`, so that a smaller counterexample stays comparable: mostly as senior as everywhere, sometimes promoted or not yet
 * a member.
 */
function standingsAt(epoch: Eid, luck: string): Standings {
  const entries = MEMBERS.flatMap((id, index): [MemberId, Standing][] => {
    const rank = digest(`${luck} ${epoch} ${id}`)
    const [chance = 0] = digest(`absent ${luck} ${epoch} ${id}`)
    return chance < 24 ? [] : [[id, { seniority: chance < 48 ? 4 : index >> 1, rank: new Uint8Array(rank) }]]
  })
  return new Map(entries)
}

/** What the tests make of it: a tree grown commit by commit, as groups do. */
export const forests = (maxCommits = 24): fc.Arbitrary<Forest> =>
  fc
    .record({
      shape: fc.constantFrom(...Object.values(shapes)),
      // Of any length up to that: left to itself, most would be short.
      commits: fc.array(commitArbitrary, { maxLength: maxCommits, size: 'max' }),
      luck: fc.integer({ min: 0, max: 1_000_000 }).map(String),
    })
    .map(({ shape, commits, luck }) => {
      const nodes = commits.map(({ pick, author, authorLeaf, removes }, index): CommitNode => {
        const names = { parent: eid(String(shape(pick, index + 1))), child: eid(String(index + 1)) }
        return { objectId: objectId(`${luck} ${index}`), ...names, author, authorLeaf, removes }
      })
      return withStandings(nodes, new Map(commits.map(({ seen }, index) => [eid(String(index + 1)), new Set(seen)])), luck)
    })

/** What no honest store hands over: circles, two ways to one epoch, one object that is two commits, duplicates. */
export const tangles = (): fc.Arbitrary<Forest> => {
  const few = (name: string, max: number) => fc.integer({ min: 0, max }).map((n) => `${name}${n}`)
  const edge = fc.record({
    objectId: few('', 12).map(objectId),
    parent: few('', 6).map(eid),
    child: few('', 6).map(eid),
    author: one,
    authorLeaf: fc.integer({ min: 0, max: 1 }),
    removes: several(2),
  })
  return fc
    .record({ commits: fc.array(edge, { maxLength: 30 }), seen: fc.array(fc.tuple(few('', 8).map(eid), several(3))), luck: few('', 999) })
    .map(({ commits, seen, luck }) => withStandings(commits, new Map(seen.map(([epoch, who]) => [epoch, new Set(who)])), luck))
}

function withStandings(commits: readonly CommitNode[], seen: CommitTree['seen'], luck: string): Forest {
  const epochs = new Set([ROOT, ...commits.flatMap(({ parent, child }) => [parent, child])])
  return { tree: { root: ROOT, commits, seen }, standings: new Map([...epochs].map((epoch) => [epoch, standingsAt(epoch, luck)])) }
}
