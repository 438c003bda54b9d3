import { beforeEach, describe, expect, it } from 'vitest'
import type { GroupId } from '../../shared/domain/ids.ts'
import { FakeClock } from '../testing/fakes/fake-clock.ts'
import { Attempts } from './attempts.ts'

const groupId = 'a0'.repeat(16) as GroupId
const group = { groupId }
const RETRY = { firstMs: 1_000, lastMs: 5_000 }

let clock: FakeClock
let attempts: Attempts<typeof group>
/** What each attempt comes to, when a test says so. */
let under: ((outcome: number | null | Error) => void)[]
let retried: GroupId[]
beforeEach(() => {
  clock = new FakeClock()
  under = []
  retried = []
  attempts = new Attempts({
    clock,
    attempt: () =>
      new Promise((resolve, reject) => {
        under.push((outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)))
      }),
    failed: () => 7_000,
    retry: (id) => retried.push(id),
  })
})
const ends = async (outcome: number | null | Error): Promise<void> => {
  under.at(-1)?.(outcome)
  for (let n = 0; n < 5; n++) await Promise.resolve()
}

describe('attempts', () => {
  it('are one at a time, and the next comes after as long as the one before said', async () => {
    attempts.now(group)
    attempts.now(group)
    expect([under.length, attempts.isRunning(groupId)]).toEqual([1, true])
    await ends(300)
    expect(attempts.isRunning(groupId)).toBe(false)
    clock.advance(299)
    expect(retried).toEqual([])
    clock.advance(1)
    expect(retried).toEqual([groupId])
  })

  it('that are over, or were made before their time, leave nothing that would come again', async () => {
    attempts.now(group)
    await ends(300)
    attempts.now(group)
    await ends(null)
    clock.advance(1_000_000)
    expect([under.length, retried]).toEqual([2, []])
  })

  it('that were asked for meanwhile follow at once where that was wanted', async () => {
    attempts.now(group)
    for (let n = 0; n < 3; n++) attempts.now(group, { again: true })
    await ends(300)
    expect(under).toHaveLength(2)
    await ends(null)
    expect([under.length, retried]).toEqual([2, []])
  })

  it('that throw come again after as long as is said of that', async () => {
    attempts.now(group)
    await ends(new Error('planned'))
    clock.advance(7_000)
    expect(retried).toEqual([groupId])
  })

  it('pause twice as long each time, up to a bound, and from the beginning once one succeeded', () => {
    expect([1, 2, 3, 4, 5].map(() => attempts.backoff(groupId, RETRY))).toEqual([1_000, 2_000, 4_000, 5_000, 5_000])
    attempts.succeeded(groupId)
    expect(attempts.backoff(groupId, RETRY)).toBe(1_000)
  })

  it('end with what is under way, and begin no more', async () => {
    attempts.now(group)
    attempts.now(group, { again: true })
    let stopped = false
    const stopping = attempts.stop().then(() => (stopped = true))
    expect([attempts.isOver, attempts.within(1_000).aborted, stopped]).toEqual([true, true, false])
    await ends(1)
    await stopping
    attempts.now(group)
    clock.advance(1_000_000)
    expect([under.length, retried]).toEqual([1, []])
  })
})
