import { expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/models.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import { News } from './news.ts'

function newsThatTakes(clock: FakeClock, takesMs: () => number) {
  const told: number[] = []
  const news = new News({
    ...{ store: createMemoryStore(), clock, online: () => new Set(), settled: () => undefined },
    emit: () => told.push(clock.now()),
    connection: () => {
      clock.advance(takesMs())
      return {} as Connection
    },
  })
  return { news, told }
}

it('of a burst of changes of the connection the end is told, soon', () => {
  const clock = new FakeClock()
  const { news, told } = newsThatTakes(clock, () => 0)
  news.networkKnown()
  for (let n = 0; n < 50; n++) news.connection()
  clock.advance(100)
  expect(told).toHaveLength(1)
})

it('and nothing of it before it is known how the network came up', () => {
  const clock = new FakeClock()
  const { news, told } = newsThatTakes(clock, () => 0)
  news.connection()
  clock.advance(10_000)
  expect(told).toEqual([])
  news.networkKnown()
  clock.advance(100)
  expect(told).toHaveLength(1)
})

it('what takes long to gather is gathered as much more seldom, and no later than after two seconds', () => {
  const clock = new FakeClock()
  let takesMs = 0
  const { news, told } = newsThatTakes(clock, () => takesMs)
  news.networkKnown()
  clock.advance(1_000)
  takesMs = 30
  const untilTold = (): number => {
    const [begun, count] = [clock.now(), told.length]
    news.connection()
    while (told.length === count) clock.advance(1)
    return (told.at(-1) ?? 0) - begun
  }
  expect(untilTold()).toBe(130)
  takesMs = 3_600_000
  expect(untilTold()).toBe(600 + takesMs)
  takesMs = 0
  expect(untilTold()).toBe(2_000)
  expect(untilTold()).toBe(100)
})
