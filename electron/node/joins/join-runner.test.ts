import { beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../kernel/errors.ts'
import { encodeLink } from '../../sync/invitations/link.ts'
import { HOUR, linkOf, SPACE } from '../../testing/fixtures/group-world.ts'
import { JoinTable, only, reaches, refusing, silent } from '../../testing/fixtures/join-table.ts'

let t: JoinTable
beforeEach(async () => {
  t = await JoinTable.set()
})

describe('a Welcome that could not be entered', () => {
  it.each(['already-member', 'invitation-malformed'] as const)('for good (%s) ends the join', async (code) => {
    t.answering = t.byAnn
    const joins = t.open({ enter: () => Promise.reject(new AppError(code, 'no')) })
    await t.start(joins)
    await reaches(joins, 'refused')
    expect(only(joins).state).toMatchObject({ code })
    expect(t.world.clock.pending).toEqual([])
  })

  it('this time, for want of space on the disk, is t.entered the next time by the same request', async () => {
    t.answering = t.byAnn
    const failing = t.open({ enter: () => Promise.reject(new AppError('disk', 'full')) })
    await t.start(failing)
    await reaches(failing, 'waiting')
    expect(only(failing).state).toMatchObject({ code: 'disk', step: 'opening' })
    await failing.stop()
    const again = t.open()
    again.resume()
    await reaches(again, 'done')
    expect(t.ann.group.members()).toHaveLength(2)
  })

  it('and whose failure could not be stored either is tried again all the same', async () => {
    t.answering = async (a) => {
      t.bob.store.failNext()
      return t.byAnn(a)
    }
    const joins = t.open({ enter: () => Promise.reject(new AppError('disk', 'full')) })
    const { joinId } = await t.start(joins)
    await expect.poll(() => t.world.clock.pending, { interval: 5 }).toEqual([60_000])
    expect(t.stored(joinId).state).toEqual({ kind: 'working', step: 'connecting' })
    t.answering = refusing('invitation-revoked')
    t.world.clock.advance(60_000)
    await reaches(joins, 'refused')
  })
})

describe('the end of an invitation', () => {
  it('ends the join that waits for it', async () => {
    const joins = t.open()
    await t.start(joins)
    await reaches(joins, 'waiting')
    t.world.clock.advance(HOUR)
    await expect.poll(() => t.world.clock.pending.length, { interval: 5 }).toBe(1)
    t.world.clock.advance(60_000)
    await reaches(joins, 'refused')
    expect(only(joins).state).toMatchObject({ code: 'invitation-expired' })
    expect(t.asked).toHaveLength(2)
  })
})

describe('a try while nobody can be reached', () => {
  it('says so of the one before while the next looks for somebody, and no more once somebody is asked', async () => {
    t.answering = () => Promise.reject(new AppError('timed-out', 'no way there'))
    const joins = t.open()
    const first = await t.start(joins)
    expect(first).toMatchObject({ state: { kind: 'working', step: 'connecting' }, trouble: null })
    await reaches(joins, 'waiting')
    const message = expect.stringMatching(
      /^Nobody named in the invitation can be reached right now\. .* once one of them opens theirs\.$/,
    ) as string
    expect(only(joins)).toMatchObject({ state: { step: 'connecting', code: 'timed-out', message }, trouble: null })

    t.answering = silent
    expect(joins.retry(first.joinId)).toMatchObject({ state: { kind: 'working' }, trouble: { step: 'connecting', message } })
    expect(only(joins)).toMatchObject({ state: { kind: 'working', step: 'connecting' }, trouble: { code: 'timed-out' } })
    t.asked.at(-1)?.onStep('asking')
    expect(only(joins)).toMatchObject({ state: { kind: 'working', step: 'asking' }, trouble: null })
    await joins.stop()
  })

  it('by the same link again answers with what it does now, not with what the one before came to', async () => {
    const before = t.open()
    await t.start(before)
    await reaches(before, 'waiting')
    await before.stop()
    t.answering = silent
    const joins = t.open()
    joins.resume()
    expect((await t.start(joins)).state).toEqual({ kind: 'working', step: 'connecting' })
    expect(only(joins).state).toEqual({ kind: 'working', step: 'connecting' })
    await joins.stop()
  })
})

describe('a join that is begun before there is a network', () => {
  it('is kept, tells of no failure, and goes on once there is one', async () => {
    await t.start(t.open())
    const joins = t.open()
    const { joinId } = await t.start(joins, { invitationId: 'cd'.repeat(16) as never })
    expect(t.asked).toHaveLength(1)
    expect(joins.list().find((join) => join.joinId === joinId)?.state).toEqual({ kind: 'working', step: 'connecting' })
    t.answering = t.byAnn
    joins.resume()
    await expect.poll(() => t.asked.length, { interval: 5 }).toBeGreaterThan(1)
    await joins.stop()
  })
})

describe('joining by two invitations to one space', () => {
  it('ends the second once the first is done, and asks for nobody twice', async () => {
    const second = await linkOf(t.ann, 'guest')
    const joins = t.open()
    const waiting = await joins.start(encodeLink(second), 'Bob')
    await reaches(joins, 'waiting')
    t.answering = t.byAnn
    await t.start(joins)
    await expect.poll(() => joins.list().map((j) => j.state.kind), { interval: 5 }).toContain('done')
    t.world.clock.advance(60_000)
    await expect.poll(() => t.stored(waiting.joinId).state, { interval: 5 }).toEqual({ kind: 'done', spaceId: SPACE })
    expect(t.ann.group.members()).toHaveLength(2)
  })
})

describe('a restart', () => {
  it('goes on with the same request, and the Welcome given before is the Welcome given now', async () => {
    t.answering = async (a) => {
      await t.byAnn(a)
      throw new AppError('timed-out', 'the answer was lost')
    }
    const before = t.open()
    const { joinId } = await t.start(before)
    await reaches(before, 'waiting')
    await before.stop()
    expect(t.world.clock.pending).toEqual([])
    t.answering = t.byAnn
    const after = t.open()
    after.resume()
    await reaches(after, 'done')
    expect(only(after).joinId).toBe(joinId)
    expect(t.ann.group.members()).toHaveLength(2)
    expect(t.asked[0]?.request).toEqual(t.asked[1]?.request)
  })

  it('leaves alone what has ended', async () => {
    t.answering = refusing('invitation-revoked')
    const before = t.open()
    await t.start(before)
    await reaches(before, 'refused')
    await before.stop()
    t.open().resume()
    expect(t.asked).toHaveLength(1)
  })

  it('with a stored link it can no longer read ends the join in words', async () => {
    const before = t.open()
    const { joinId } = await t.start(before)
    await reaches(before, 'waiting')
    await before.stop()
    t.bob.store.transaction((tx) => tx.joins.put({ ...t.stored(joinId), link: 'spacepanda:join/of-another-version' }))
    const after = t.open()
    after.resume()
    await reaches(after, 'refused')
    expect(only(after).state).toMatchObject({ code: 'invitation-malformed' })
  })

  it('in the middle of asking stores nothing of it', async () => {
    t.answering = silent
    const joins = t.open()
    const { joinId } = await t.start(joins)
    await expect.poll(() => t.asked.length).toBe(1)
    const before = t.stored(joinId)
    const seen = t.shown.length
    await joins.stop()
    expect(t.stored(joinId)).toEqual(before)
    expect(t.shown).toHaveLength(seen)
  })
})

describe('cancelling', () => {
  it('ends what is under way, without its keys, and for good', async () => {
    t.answering = silent
    const joins = t.open()
    const { joinId } = await t.start(joins)
    await expect.poll(() => t.asked.length).toBe(1)
    expect((await joins.cancel(joinId)).state).toEqual({ kind: 'cancelled' })
    expect([t.bob.store.mls.keyPackagesOf(SPACE), t.stored(joinId).identity.length]).toEqual([[], 0])
    expect(t.shown.at(-1)).toEqual({ kind: 'cancelled' })
    joins.retry(joinId)
    t.world.clock.advance(HOUR)
    expect([t.asked.length, only(joins).state.kind]).toEqual([1, 'cancelled'])
  })

  it('by deleting its space is not minded where the join is gone before it ends', async () => {
    t.answering = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => setTimeout(() => reject(new AppError('cancelled', 'stopped')), 20), { once: true })
      })
    const joins = t.open()
    const { joinId } = await t.start(joins)
    await expect.poll(() => t.asked.length).toBe(1)
    const over = joins.forgotten(SPACE)
    t.bob.store.transaction((tx) => tx.joins.delete(joinId))
    await over
    expect(joins.list()).toEqual([])
  })

  it('ends one that waits', async () => {
    const joins = t.open()
    const { joinId } = await t.start(joins)
    await reaches(joins, 'waiting')
    await joins.cancel(joinId)
    expect(t.world.clock.pending).toEqual([])
  })

  it('is in time while the answer is still on its way: nothing is entered', async () => {
    const gate = Promise.withResolvers<null>()
    t.answering = async (a) => {
      const answer = await t.byAnn(a)
      await gate.promise
      return answer
    }
    const joins = t.open()
    const { joinId } = await t.start(joins)
    await expect.poll(() => t.ann.group.members().length, { interval: 5 }).toBe(2)
    const cancelled = joins.cancel(joinId)
    gate.resolve(null)
    expect((await cancelled).state.kind).toBe('cancelled')
    expect(t.bob.store.groups.list()).toEqual([])
  })

  it('comes too late for one that is entering the space: what is joined is joined', async () => {
    t.answering = t.byAnn
    const [gate, entering] = [Promise.withResolvers<null>(), Promise.withResolvers<null>()]
    const joins = t.open({
      enter: async (row, opened) => {
        entering.resolve(null)
        await gate.promise
        return t.entered(row, opened)
      },
    })
    const { joinId } = await t.start(joins)
    await entering.promise
    const cancelled = joins.cancel(joinId)
    gate.resolve(null)
    expect((await cancelled).state).toEqual({ kind: 'done', spaceId: SPACE })
    expect(t.bob.store.groups.get(SPACE)).not.toBeNull()
  })

  it('does nothing to one that has ended', async () => {
    t.answering = t.byAnn
    const joins = t.open()
    const { joinId } = await t.start(joins)
    await reaches(joins, 'done')
    expect((await joins.cancel(joinId)).state).toEqual({ kind: 'done', spaceId: SPACE })
  })
})

describe('retrying', () => {
  it('asks now instead of later, and once', async () => {
    const joins = t.open()
    const { joinId } = await t.start(joins)
    await reaches(joins, 'waiting')
    joins.retry(joinId)
    joins.retry(joinId)
    await expect.poll(() => t.world.clock.pending.length, { interval: 5 }).toBe(1)
    expect(t.asked).toHaveLength(2)
  })
})

describe('dismissing', () => {
  it('takes an ended join off the list, and none that is under way', async () => {
    const joins = t.open()
    const { joinId } = await t.start(joins)
    await reaches(joins, 'waiting')
    expect(() => joins.dismiss(joinId)).toThrow(expect.objectContaining({ code: 'invalid' }))
    await joins.cancel(joinId)
    joins.dismiss(joinId)
    expect(joins.list()).toEqual([])
    expect(() => joins.dismiss(joinId)).toThrow(expect.objectContaining({ code: 'not-found' }))
    expect(() => joins.retry(joinId)).toThrow(expect.objectContaining({ code: 'not-found' }))
    await expect(joins.cancel(joinId)).rejects.toMatchObject({ code: 'not-found' })
  })
})
