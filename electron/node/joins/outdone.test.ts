import { beforeEach, describe, expect, it } from 'vitest'
import type { GroupId, JoinId } from '../../../shared/domain/ids.ts'
import { encodeLink } from '../../sync/invitations/link.ts'
import { linkOf, SPACE } from '../../testing/fixtures/group-world.ts'
import { JoinTable, only, reaches, refusing } from '../../testing/fixtures/join-table.ts'
import type { Joins } from './joins.ts'

let t: JoinTable
beforeEach(async () => {
  t = await JoinTable.set()
})

const OTHER = 'e'.repeat(32) as GroupId
const ends = async (joins: Joins, joinId: JoinId) =>
  expect.poll(() => joins.list().find((join) => join.joinId === joinId)?.state.kind, { interval: 5 }).toBe('refused')

describe('a join that came to nothing', () => {
  it('is told of no more once this device is in by another invitation, here and after a restart', async () => {
    t.answering = refusing('invitation-used-up')
    const joins = t.open()
    await ends(joins, (await t.start(joins)).joinId)
    t.answering = t.byAnn
    const { joinId } = await joins.start(encodeLink(await linkOf(t.ann, 'member')), 'Bob')
    await reaches(joins, 'done')
    expect([only(joins).joinId, t.open().list().length]).toEqual([joinId, 1])
  })

  it('makes room for the next try for the same space, and for no other one', async () => {
    t.answering = refusing('invitation-revoked')
    const joins = t.open()
    const [first, other] = [await t.start(joins), await t.start(joins, { groupId: OTHER })]
    await ends(joins, first.joinId)
    await ends(joins, other.joinId)
    const second = await t.start(joins)
    expect(joins.list().map(({ joinId }) => joinId)).toEqual(expect.arrayContaining([other.joinId, second.joinId]))
    await ends(joins, second.joinId)
    expect(
      joins
        .list()
        .map((join) => join.spaceId)
        .toSorted(),
    ).toEqual([SPACE, OTHER].toSorted())
  })

  it('is one where two tries for a space end so, whichever began first', async () => {
    const second = encodeLink(await linkOf(t.ann, 'member'))
    const joins = t.open()
    const early = await t.start(joins)
    await reaches(joins, 'waiting')
    t.answering = refusing('invitation-revoked')
    await ends(joins, (await joins.start(second, 'Bob')).joinId)
    joins.retry(early.joinId)
    await reaches(joins, 'refused')
    expect(only(joins).joinId).toBe(early.joinId)
  })
})

describe('what an older version left', () => {
  it('is gone after the start where this device is in that space, or the last of it is left where it is not', async () => {
    t.answering = t.byAnn
    const joins = t.open()
    const done = await t.start(joins)
    await reaches(joins, 'done')
    const row = t.stored(done.joinId)
    const left = (joinId: string, groupId: GroupId, startedAt: number) =>
      t.bob.store.transaction((tx) => {
        const state = { kind: 'refused', code: 'timed-out', message: 'No.' } as const
        tx.joins.put({ ...row, joinId: joinId as JoinId, groupId, startedAt, state })
      })
    left('1'.repeat(32), SPACE, row.startedAt + 1)
    left('2'.repeat(32), OTHER, row.startedAt + 2)
    left('3'.repeat(32), OTHER, row.startedAt + 3)
    const again = t.open()
    again.resume()
    expect(again.list().map(({ joinId }) => joinId)).toEqual([done.joinId, '3'.repeat(32)])
  })
})
