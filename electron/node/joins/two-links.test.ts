import { beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../kernel/errors.ts'
import { encodeLink } from '../../sync/invitations/link.ts'
import { linkOf, SPACE } from '../../testing/fixtures/group-world.ts'
import { JoinTable, refusing } from '../../testing/fixtures/join-table.ts'
import type { Asked } from '../../testing/fixtures/join-table.ts'
import type { Joins } from './joins.ts'

/** Who is not let in by one link asks for another, and the first may still be under way. */
let t: JoinTable
let second: string
beforeEach(async () => {
  t = await JoinTable.set()
  second = encodeLink(await linkOf(t.ann, 'member'))
})

const isFirst = (a: Asked) => a.request.invitationId === t.link.invitationId
const lost = () => Promise.reject(new AppError('timed-out', 'lost'))
const states = (joins: Joins) => joins.list().map(({ state }) => state.kind)
const bobs = () => t.ann.group.members().filter(({ name }) => name === 'Bob')
const isIn = () => t.bob.store.groups.get(SPACE) !== null
/** Time goes by until every join has ended. */
const inTime = (joins: Joins, expected: string[]) =>
  expect
    .poll(
      () => {
        t.world.clock.advance(1_000)
        return states(joins)
      },
      { interval: 5 },
    )
    .toEqual(expected)

describe('two links to one space', () => {
  it('are of one member, who is let in by the one that somebody answers', async () => {
    t.answering = (a) => (isFirst(a) ? lost() : t.byAnn(a))
    const joins = t.open()
    await t.start(joins)
    await expect.poll(() => states(joins)).toEqual(['waiting'])
    await joins.start(second, 'Bob')
    await inTime(joins, ['done', 'done'])
    expect([isIn(), bobs().length]).toEqual([true, 1])
  })

  it('are of one member, although both were taken', async () => {
    let answers = 0
    t.answering = async (a) => {
      const answer = await t.byAnn(a)
      // Ann let Bob in by the first, and he does not hear of it until he has asked by the second.
      return isFirst(a) && answers++ < 2 ? lost() : answer
    }
    const joins = t.open()
    await t.start(joins)
    await expect.poll(() => states(joins)).toEqual(['waiting'])
    expect(bobs()).toHaveLength(1)
    await joins.start(second, 'Bob')
    await inTime(joins, ['done', 'done'])
    expect([isIn(), bobs().length]).toEqual([true, 1])
  })

  it('are of one member after a restart, too', async () => {
    t.answering = lost
    const before = t.open()
    await t.start(before)
    await before.stop()
    t.answering = (a) => t.byAnn(a)
    const joins = t.open()
    joins.resume()
    await joins.start(second, 'Bob').catch((thrown: unknown) => expect(thrown).toMatchObject({ code: 'already-member' }))
    await inTime(
      joins,
      states(joins).map(() => 'done'),
    )
    expect([isIn(), bobs().length]).toEqual([true, 1])
  })

  it('keep the keys of the other when one is cancelled or refused', async () => {
    const offered = () => t.bob.store.mls.keyPackagesOf(SPACE).length
    t.answering = lost
    const joins = t.open()
    const first = await t.start(joins)
    const next = await joins.start(second, 'Bob')
    await joins.cancel(first.joinId)
    expect(offered()).toBe(2)
    await expect.poll(() => joins.list().find(({ joinId }) => joinId === next.joinId)?.state.kind).toBe('waiting')
    t.answering = refusing('invitation-revoked')
    const third = await joins.start(encodeLink(await linkOf(t.ann, 'guest')), 'Bob')
    await expect.poll(() => joins.list().find(({ joinId }) => joinId === third.joinId)?.state.kind).toBe('refused')
    expect(offered()).toBe(2)
    t.answering = (a) => t.byAnn(a)
    joins.retry(next.joinId)
    await expect.poll(isIn).toBe(true)
  })

  it('leave no key behind when the last of them is cancelled', async () => {
    t.answering = lost
    const joins = t.open()
    const all = [await t.start(joins), await joins.start(second, 'Bob')]
    for (const { joinId } of all) await joins.cancel(joinId)
    expect(t.bob.store.mls.keyPackagesOf(SPACE)).toEqual([])
  })
})
