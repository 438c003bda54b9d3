import { describe, expect, it } from 'vitest'
import type { Eid, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import { idOf } from '../../testing/fixtures/space-settings.ts'
import { choose } from '../commit-ordering/choose.ts'
import type { CommitNode, Standings } from '../commit-ordering/commit-tree.ts'
import { withoutUs } from '../group/edge.ts'
import { isWhereAllAre, staysOut } from './stays-out.ts'

/** SPEC.md T8: Bob removes Carol, whose device this is, out of the epoch in which the others commit something else. */
const [ann, bob, carol, dave, eve] = [1, 2, 3, 4, 5].map((n) => idOf<MemberId>(n)) as [MemberId, MemberId, MemberId, MemberId, MemberId]
const eid = (n: number): Eid => idOf<Eid>(n)
const [root, fork, beside, later] = [eid(10), eid(11), eid(12), eid(13)]
const objectOf = (n: number): ObjectId => `${n}`.padStart(64, '0') as ObjectId
const commit = (n: number, parent: Eid, child: Eid, author: MemberId, removes: readonly MemberId[] = []): CommitNode => ({
  ...{ objectId: objectOf(n), parent, child, author, authorLeaf: 0, removes },
})
const standing = (seniority: number) => ({ seniority, rank: new Uint8Array(32) })
const members: Standings = new Map([
  [ann, standing(3)],
  [bob, standing(2)],
  ...[carol, dave, eve].map((one) => [one, standing(1)] as const),
])
const standings = new Map([[fork, members]])
const before = commit(1, root, fork, ann)
const removal = commit(2, fork, withoutUs(objectOf(2)), bob, [carol])
const harmless = commit(3, fork, beside, dave)
const tree = (commits: readonly CommitNode[], seen: readonly (readonly [Eid, readonly MemberId[]])[] = []) => ({
  root,
  commits: [before, ...commits],
  seen: new Map(seen.map(([at, who]) => [at, new Set(who)])),
})
const out = (commits: readonly CommitNode[], places: readonly (readonly [MemberId, Eid])[] = [], seen?: Parameters<typeof tree>[1]) =>
  staysOut(tree(commits, seen), standings, { self: carol, places: new Map(places) })

describe('a device that was removed', () => {
  it('is in again where who removed it is removed beside that by somebody above (C6)', () => {
    expect(out([removal])).toBe(true)
    expect(out([removal, commit(4, fork, beside, ann, [bob])])).toBe(false)
  })

  it('is not in again by who was seen elsewhere once: who followed the removal it cannot see', () => {
    expect(out([removal, harmless, commit(5, beside, later, eve)], [], [[later, [ann, dave, eve]]])).toBe(true)
  })

  it('is in again once more say that they are on another branch than can be after the removal', () => {
    const commits = [removal, harmless]
    const seen = [[beside, [ann, eve]]] as const
    expect(out(commits, [[ann, beside]], seen)).toBe(true)
    expect(
      out(
        commits,
        [
          [ann, beside],
          [eve, beside],
        ],
        seen,
      ),
    ).toBe(false)
  })

  it('is not in again by those who are where the removal leads out of, or came from there: they have yet to choose', () => {
    const places = [ann, dave, eve].map((one) => [one, fork] as const)
    expect(out([removal, harmless], places)).toBe(true)
    expect(
      out(
        [removal, harmless],
        places.map(([one]) => [one, root]),
      ),
    ).toBe(true)
  })

  it('stays out where the removal is not known any more, or hangs on nothing that is', () => {
    expect(out([harmless])).toBe(true)
    expect(out([harmless, commit(6, eid(99), withoutUs(objectOf(6)), bob, [carol])])).toBe(true)
  })
})

/** Eve was let go on the way to `later`: she alone could follow the removal unseen, and keep the balance for ever. */
describe('that all are where the choice leads', () => {
  const commits = [removal, harmless, commit(7, beside, later, dave, [eve])]
  const seen = [[later, [ann, bob, dave]]] as const
  const at = (annAt: Eid, bobAt: Eid | null, daveAt: Eid) =>
    new Map([[ann, annAt], ...(bobAt === null ? [] : [[bob, bobAt] as const]), [dave, daveAt]])
  const where = (places: ReadonlyMap<MemberId, Eid>, others: readonly MemberId[] = [ann, bob, dave], known = commits) => {
    const all = tree(known, seen)
    return isWhereAllAre(all, choose(all, standings), { others, places })
  }

  it('holds once each of them says so', () => {
    expect(where(at(later, beside, later))).toBe(true)
  })

  it.each([
    ['of one nothing was heard', null],
    ['one is where the removal leads out of', fork],
    ['one is in an epoch that is not known', eid(99)],
  ])('does not where %s', (_, place) => {
    expect(where(at(later, place, later))).toBe(false)
  })

  it('is nothing to go by where nobody else is there, or the removal is not known any more', () => {
    expect(where(new Map(), [])).toBe(false)
    expect(where(at(later, later, later), [ann, bob, dave], commits.slice(1))).toBe(false)
  })
})
