import { beforeEach, describe, expect, it } from 'vitest'
import type { Join } from '../../../shared/domain/models.ts'
import { decodeLocalIdentity } from '../../identity/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { encodeLink } from '../../sync/invitations/link.ts'
import { linkOf, SPACE } from '../../testing/fixtures/group-world.ts'
import { JoinTable, refusing } from '../../testing/fixtures/join-table.ts'
import type { Joins } from './joins.ts'

const DAY = 24 * 3_600_000

/** A join that was given up while its answer was on the way, and then another one. */
let t: JoinTable
let second: string
beforeEach(async () => {
  t = await JoinTable.set()
  second = encodeLink(await linkOf(t.ann, 'member'))
})

const lost = () => Promise.reject(new AppError('timed-out', 'lost'))
const byAnn = () => (t.answering = (a) => t.byAnn(a))
const names = () => t.ann.group.members().map(({ name }) => name)
const offered = () => t.bob.store.mls.keyPackagesOf(SPACE).length
const memberOf = ({ joinId }: Join) => decodeLocalIdentity(t.stored(joinId).identity).memberId
const stateOf = (joins: Joins, { joinId }: Join) => joins.list().find((one) => one.joinId === joinId)?.state
/** Time goes by until it has ended so. */
const inTime = (joins: Joins, join: Join, expected: string) =>
  expect
    .poll(
      () => {
        t.world.clock.advance(1_000)
        return stateOf(joins, join)?.kind
      },
      { interval: 5 },
    )
    .toBe(expected)

/** Ann lets Bob in, and he does not hear of it. */
async function takenUnheard(joins: Joins): Promise<Join> {
  t.answering = async (a) => {
    await t.byAnn(a)
    return lost()
  }
  const join = await t.start(joins)
  await expect.poll(() => stateOf(joins, join)?.kind).toBe('waiting')
  expect(names()).toEqual(['Ann', 'Bob'])
  return join
}

describe('who gave a join up, and asks again', () => {
  it('is the member that the others may have taken in', async () => {
    const joins = t.open()
    const { joinId } = await takenUnheard(joins)
    await joins.cancel(joinId)
    byAnn()
    await inTime(joins, await joins.start(second, 'Bob'), 'done')
    expect([names(), t.bob.store.groups.get(SPACE) !== null]).toEqual([['Ann', 'Bob'], true])
  })

  it('is that one also after it was dismissed, and the program started again', async () => {
    const before = t.open()
    const { joinId } = await takenUnheard(before)
    await before.cancel(joinId)
    before.dismiss(joinId)
    await before.stop()
    const joins = t.open()
    joins.resume()
    byAnn()
    await inTime(joins, await joins.start(second, 'Bob'), 'done')
    expect(names()).toEqual(['Ann', 'Bob'])
  })

  it('is that one where the invitation ran out meanwhile', async () => {
    const joins = t.open()
    const join = await takenUnheard(joins)
    t.world.clock.advance(t.link.expiresAt - t.world.clock.now() + 1)
    await inTime(joins, join, 'refused')
    expect(stateOf(joins, join)).toMatchObject({ code: 'invitation-expired' })
    const later = encodeLink(await linkOf(t.ann, 'member'))
    byAnn()
    await inTime(joins, await joins.start(later, 'Bob'), 'done')
    expect(names()).toEqual(['Ann', 'Bob'])
  })

  it('is one member also where nobody had let them in', async () => {
    t.answering = lost
    const joins = t.open()
    const first = await t.start(joins)
    const asked = memberOf(first)
    await joins.cancel(first.joinId)
    const next = await joins.start(second, 'Bob')
    expect(memberOf(next)).toBe(asked)
    byAnn()
    await inTime(joins, next, 'done')
    expect(names()).toEqual(['Ann', 'Bob'])
  })

  it('is somebody else under another name', async () => {
    t.answering = lost
    const joins = t.open()
    const first = await t.start(joins)
    const asked = memberOf(first)
    await joins.cancel(first.joinId)
    const next = await joins.start(second, 'Robert')
    expect([memberOf(next) === asked, offered()]).toEqual([false, 2])
  })

  it('is somebody else once that one was refused', async () => {
    t.answering = lost
    const joins = t.open()
    const first = await t.start(joins)
    const asked = memberOf(first)
    await joins.cancel(first.joinId)
    t.answering = refusing('removed')
    const next = await joins.start(second, 'Bob')
    await inTime(joins, next, 'refused')
    expect(offered()).toBe(0)
    expect(memberOf(await joins.start(second, 'Bob'))).not.toBe(asked)
  })
})

describe('what is kept of a join that was given up', () => {
  const giveUp = async (): Promise<Joins> => {
    t.answering = lost
    const joins = t.open()
    const { joinId } = await t.start(joins)
    await joins.cancel(joinId)
    expect(offered()).toBe(2)
    return joins
  }

  it('goes after thirty days', async () => {
    await giveUp()
    t.world.clock.advance(30 * DAY)
    t.open().resume()
    expect(offered()).toBe(2)
    t.world.clock.advance(1)
    t.open().resume()
    expect(offered()).toBe(0)
  })

  it('stays while another join asks with it', async () => {
    t.answering = lost
    const joins = t.open()
    const [first, next] = [await t.start(joins), await joins.start(second, 'Bob')]
    await joins.cancel(first.joinId)
    t.world.clock.advance(30 * DAY + 1)
    // By a link that lasts longer.
    t.bob.store.transaction((tx) => tx.joins.put({ ...t.stored(next.joinId), expiresAt: t.world.clock.now() + DAY }))
    await joins.stop()
    t.open().resume()
    expect(offered()).toBe(2)
  })

  it('is of no use without its keys', async () => {
    const joins = await giveUp()
    t.bob.store.transaction((tx) => tx.mls.deleteKeyPackagesOf(SPACE))
    byAnn()
    await inTime(joins, await joins.start(second, 'Bob'), 'done')
    expect(names()).toEqual(['Ann', 'Bob'])
  })

  it('is as good as gone where it cannot be read', async () => {
    const joins = await giveUp()
    t.bob.store.transaction((tx) => tx.settings.set('joins-given-up', Uint8Array.of(1, 2, 3)))
    byAnn()
    await inTime(joins, await joins.start(second, 'Bob'), 'done')
    expect(names()).toEqual(['Ann', 'Bob'])
  })

  it('is nothing once the space is entered', async () => {
    const joins = await giveUp()
    byAnn()
    await inTime(joins, await joins.start(second, 'Bob'), 'done')
    expect(t.bob.store.settings.get('joins-given-up')).toBeNull()
  })
})
