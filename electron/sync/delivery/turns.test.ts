import { describe, expect, it } from 'vitest'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import type { Turn } from './turns.ts'
import { Turns } from './turns.ts'

const [GROUP, OTHER] = ['a', 'b'] as GroupId[] as [GroupId, GroupId]

function world() {
  const clock = new FakeClock()
  const turns = new Turns(clock)
  const had: { name: string; turn: Turn }[] = []
  const abort = new AbortController()
  const take = (name: string, groupId = GROUP) => turns.take(groupId, abort.signal).then((turn) => had.push({ name, turn }))
  const names = async () => {
    for (let i = 0; i < 5; i++) await Promise.resolve()
    return had.map(({ name }) => name)
  }
  const end = (name: string) => had.find((one) => one.name === name)?.turn.end()
  return { clock, take, names, end, had, abort }
}

describe('comparisons of a group', () => {
  it('are two at a time, in the order they came, and who waited is told so', async () => {
    const { take, names, end, had } = world()
    for (const name of ['1', '2', '3', '4', '5']) void take(name)
    expect(await names()).toEqual(['1', '2'])
    end('2')
    expect(await names()).toEqual(['1', '2', '3'])
    end('2')
    expect(await names()).toEqual(['1', '2', '3'])
    end('1')
    end('3')
    expect(await names()).toEqual(['1', '2', '3', '4', '5'])
    expect(had.map(({ turn }) => turn.waited)).toEqual([false, false, true, true, true])
  })

  it('go to who waited for them, and not to who comes just then', async () => {
    const { take, names, end } = world()
    for (const name of ['1', '2', '3']) void take(name)
    await names()
    end('1')
    void take('4')
    expect(await names()).toEqual(['1', '2', '3'])
  })

  it('wait for none of another group', async () => {
    const { take, names } = world()
    for (const name of ['1', '2', '3']) void take(name)
    void take('other', OTHER)
    expect(await names()).toEqual(['1', '2', 'other'])
  })

  it('wait for nobody who does not answer longer than a turn lasts, and stay two at a time', async () => {
    const { clock, take, names, end } = world()
    for (const name of ['1', '2', '3', '4', '5', '6']) void take(name)
    clock.advance(999)
    expect(await names()).toEqual(['1', '2'])
    clock.advance(1)
    expect(await names()).toEqual(['1', '2', '3', '4'])
    // Theirs is over already: nobody goes on for that.
    for (const name of ['1', '2']) end(name)
    expect(await names()).toEqual(['1', '2', '3', '4'])
    clock.advance(1_000)
    expect(await names()).toEqual(['1', '2', '3', '4', '5', '6'])
  })

  it('tell how long an answer takes in the middle, whatever a few of them take', async () => {
    const clock = new FakeClock()
    const turns = new Turns(clock)
    const answer = async (ms: number) => {
      const turn = await turns.take(GROUP, new AbortController().signal)
      clock.advance(ms)
      turn.answered()
      turn.end()
    }
    expect(turns.answerMs).toBe(0)
    for (const ms of [10, 20, 30, 900, 950]) await answer(ms)
    expect(turns.answerMs).toBe(30)
    for (let n = 0; n < 15; n++) await answer(500)
    expect(turns.answerMs).toBe(500)
  })

  it('wait for nothing any more when all is over, and leave no timer behind', async () => {
    const { clock, take, names, end, abort } = world()
    for (const name of ['1', '2', '3', '4']) void take(name)
    end('1')
    await names()
    end('1')
    abort.abort()
    expect(await names()).toEqual(['1', '2', '3', '4'])
    for (const name of ['2', '3', '4']) end(name)
    expect(clock.pending).toEqual([])
  })
})
