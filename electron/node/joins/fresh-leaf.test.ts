import { beforeEach, describe, expect, it } from 'vitest'
import { decodeLocalIdentity } from '../../identity/index.ts'
import { AppError } from '../../kernel/errors.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import { leafKeyOf } from '../../sync/returning/readmit.ts'
import { bring, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { answerBy, JoinTable, only, reaches } from '../../testing/fixtures/join-table.ts'
import type { Joins } from './joins.ts'

let t: JoinTable
const onlyBob = ({ group }: Device) => group.members().find(({ name }) => name === 'Bob') ?? expect.fail()
beforeEach(async () => {
  t = await JoinTable.set()
})

describe('a fresh leaf, where members know that one is in and have not what lets one in,', () => {
  const letInByAnn = async () => {
    const carol = await t.world.join(t.ann, 'Carol')
    t.answering = async (a) => {
      if (t.asked.length === 1) await t.byAnn(a)
      await bring(t.ann, carol)
      return answerBy(carol.group, a)
    }
    return carol
  }
  const told = async (times: number) => {
    await expect.poll(() => t.asked.length, { interval: 5 }).toBe(times)
    await expect.poll(() => t.world.clock.pending, { interval: 5 }).toHaveLength(1)
  }
  let joins: Joins
  let carol: Device
  beforeEach(async () => {
    carol = await letInByAnn()
    joins = t.open()
  })

  it('is asked for after four rounds, and opens', async () => {
    const { joinId } = await t.start(joins)
    for (let times = 1; times <= 4; times++) {
      await told(times)
      expect(only(joins).state).toMatchObject({ step: 'admitting', code: 'returning' })
      expect(only(joins).state).toMatchObject({ message: expect.stringMatching(/another member/) as string })
      t.world.clock.advance(5_000)
    }
    await reaches(joins, 'done')
    expect(t.asked.map(({ request }) => request.fresh !== undefined)).toEqual([false, false, false, false, true])
    expect([carol.group.members().length, t.bob.store.groups.get(SPACE)?.tip]).toEqual([3, carol.group.tip.row.tip])
    const leaf = decodeLocalIdentity(t.bob.store.identities.get(SPACE) ?? new Uint8Array()).leafPublicKey
    expect(leafKeyOf(carol.group, onlyBob(carol))).toEqual(leaf)
    expect(t.bob.store.settings.get(`return-offer/${joinId}`)).toBeNull()
  })

  it('is asked the same after a restart, so that one Welcome lost is that Welcome again', async () => {
    const letIn = t.answering
    t.answering = async (a) => {
      const answer = await letIn(a)
      if (answer.kind === 'welcome') throw new AppError('timed-out', 'the answer was lost')
      return answer
    }
    await t.start(joins)
    for (let times = 1; times <= 5; times++) {
      await told(times)
      if (times < 5) t.world.clock.advance(5_000)
    }
    await joins.stop()
    t.answering = letIn
    const after = t.open()
    after.resume()
    await reaches(after, 'done')
    const [, , , , before, again] = t.asked
    expect(again?.request.fresh).toEqual(before?.request.fresh)
    expect(carol.group.members()).toHaveLength(3)
  })

  it('is asked for soon, whatever somebody says who is named first and makes keys up', async () => {
    const peers = ['A', 'C'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
    let lies = 0
    let isIn = false
    t.answering = async (a) => {
      if (a.peer.peerId === peers[0]?.peerId) return { kind: 'leaf', leafKey: new Uint8Array(32).fill(++lies) }
      if (!isIn) await t.byAnn(a)
      isIn = true
      await bring(t.ann, carol)
      return answerBy(carol.group, a)
    }
    await t.start(joins, { peers })
    for (let rounds = 1; only(joins).state.kind !== 'done' && rounds <= 6; rounds++) {
      await expect.poll(() => only(joins).state.kind === 'done' || t.world.clock.pending.length === 1, { interval: 3 }).toBe(true)
      t.world.clock.advance(5_000)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await reaches(joins, 'done')
    expect(carol.group.members()).toHaveLength(3)
  })

  it('is asked for also by who forgot the one that was taken, in a copy that was put back', async () => {
    const letIn = t.answering
    let isLost = false
    t.answering = async (a) => {
      const answer = await letIn(a)
      if (answer.kind !== 'welcome' || isLost) return answer
      isLost = true
      t.bob.store.transaction((tx) => tx.settings.delete(`return-offer/${only(joins).joinId}`))
      return { kind: 'later', afterMs: 5_000 }
    }
    await t.start(joins)
    for (let rounds = 1; only(joins).state.kind !== 'done' && rounds <= 20; rounds++) {
      await expect.poll(() => only(joins).state.kind === 'done' || t.world.clock.pending.length === 1, { interval: 3 }).toBe(true)
      t.world.clock.advance(5_000)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await reaches(joins, 'done')
    expect([isLost, carol.group.members().length]).toEqual([true, 3])
  })

  it('is none that stays once the join is cancelled', async () => {
    const { joinId } = await t.start(joins)
    for (let times = 1; times <= 4; times++) {
      await told(times)
      if (times < 4) t.world.clock.advance(5_000)
    }
    const offered = () => t.bob.store.settings.get(`return-offer/${joinId}`)
    expect(offered()).not.toBeNull()
    await joins.cancel(joinId)
    expect(offered()).toBeNull()
  })
})
