import { beforeEach, describe, expect, it } from 'vitest'
import type { MemberId } from '../../../shared/domain/ids.ts'
import type { Join } from '../../../shared/domain/models.ts'
import { decodeLocalIdentity } from '../../identity/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { encodeLink } from '../../sync/invitations/link.ts'
import { GIVEN_UP } from '../../storage/profile-settings.ts'
import { removeMember } from '../../sync/members/remove-member.ts'
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

/** Nobody hears of Bob's first join, which he cancels. */
async function giveUp(): Promise<{ joins: Joins; asked: MemberId }> {
  t.answering = lost
  const joins = t.open()
  const first = await t.start(joins)
  const asked = memberOf(first)
  await joins.cancel(first.joinId)
  return { joins, asked }
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
    const { joins, asked } = await giveUp()
    const next = await joins.start(second, 'Bob')
    expect(memberOf(next)).toBe(asked)
    byAnn()
    await inTime(joins, next, 'done')
    expect(names()).toEqual(['Ann', 'Bob'])
  })

  it('is that one although somebody who knows no better refused them meanwhile', async () => {
    const joins = t.open()
    const join = await takenUnheard(joins)
    t.answering = refusing('invitation-expired')
    await inTime(joins, join, 'refused')
    byAnn()
    await inTime(joins, await joins.start(second, 'Bob'), 'done')
    expect(names()).toEqual(['Ann', 'Bob'])
  })

  it('is that one also by the name of the other join that they shared it with', async () => {
    t.answering = lost
    const joins = t.open()
    const [first, next] = [await t.start(joins), await joins.start(second, 'Robert')]
    const asked = memberOf(first)
    for (const { joinId } of [first, next]) await joins.cancel(joinId)
    expect(memberOf(await joins.start(second, 'Bob'))).toBe(asked)
  })

  it('is somebody else under another name', async () => {
    const { joins, asked } = await giveUp()
    const next = await joins.start(second, 'Robert')
    expect([memberOf(next) === asked, offered()]).toEqual([false, 2])
  })

  it('is somebody else, in the same join, where that one was put out', async () => {
    const joins = t.open()
    const first = await takenUnheard(joins)
    const asked = memberOf(first)
    await joins.cancel(first.joinId)
    const [bob] = t.ann.group.members().filter(({ name }) => name === 'Bob')
    // Made before that, for one person: the removal leaves it be.
    const single = encodeLink(await linkOf(t.ann, 'member', { maxUses: 1 }))
    if (bob === undefined) throw new Error('Bob is in')
    await removeMember(t.ann.group, bob.memberId)
    expect(names()).toEqual(['Ann'])
    byAnn()
    const next = await joins.start(single, 'Bob')
    expect(memberOf(next)).toBe(asked)
    await inTime(joins, next, 'done')
    expect(names()).toEqual(['Ann', 'Bob'])
  })

  it('is nobody else, and in no space, where whoever was let in was put out before they heard of it', async () => {
    const joins = t.open()
    const first = await takenUnheard(joins)
    const asked = memberOf(first)
    t.answering = refusing('removed')
    await inTime(joins, first, 'refused')
    expect([offered(), t.bob.store.groups.get(SPACE)]).toEqual([0, null])
    expect(memberOf(await joins.start(second, 'Bob'))).not.toBe(asked)
  })
})

describe('what is kept of a join that was given up', () => {
  it('is who it was, and none of its keys', async () => {
    await giveUp()
    expect([offered(), t.bob.store.settings.get(GIVEN_UP) === null]).toEqual([0, false])
  })

  it('goes after thirty days, whether or not the program was started since', async () => {
    const { joins, asked } = await giveUp()
    t.world.clock.advance(30 * DAY + 1)
    const link = encodeLink(await linkOf(t.ann, 'member'))
    const next = await joins.start(link, 'Bob')
    expect(memberOf(next)).not.toBe(asked)
    await joins.stop()
  })

  it('is of no use after thirty days, however often it was given up again', async () => {
    const { joins, asked } = await giveUp()
    t.world.clock.advance(20 * DAY)
    const again = await joins.start(encodeLink(await linkOf(t.ann, 'member')), 'Bob')
    expect(memberOf(again)).toBe(asked)
    await joins.cancel(again.joinId)
    t.world.clock.advance(20 * DAY)
    t.open().resume()
    expect(t.bob.store.settings.get(GIVEN_UP)).toBeNull()
  })

  it('is as good as gone where it cannot be read', async () => {
    const { joins } = await giveUp()
    t.bob.store.transaction((tx) => tx.settings.set(GIVEN_UP, Uint8Array.of(1, 2, 3)))
    byAnn()
    await inTime(joins, await joins.start(second, 'Bob'), 'done')
    expect(names()).toEqual(['Ann', 'Bob'])
  })

  it('is nothing once the space is entered', async () => {
    const { joins } = await giveUp()
    byAnn()
    await inTime(joins, await joins.start(second, 'Bob'), 'done')
    expect(t.bob.store.settings.get(GIVEN_UP)).toBeNull()
  })
})
