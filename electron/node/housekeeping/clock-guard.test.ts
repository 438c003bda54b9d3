import { expect, test } from 'vitest'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import { ClockGuard } from './clock-guard.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A profile that is opened again and again, with a clock that is set at will. */
function setUp() {
  const store = createMemoryStore()
  let now = new FakeClock().now()
  const clock = { now: () => now, after: () => () => undefined }
  let guard = new ClockGuard({ store, clock })
  return {
    store,
    look: (byMs: number): boolean => {
      now += byMs
      return guard.look()
    },
    restart: () => {
      guard = new ClockGuard({ store, clock })
    },
  }
}

test('a clock that goes on as clocks do is believed, from the first look', () => {
  const { look, restart } = setUp()
  expect([0, MINUTE, 5 * MINUTE, HOUR, 23 * HOUR, DAY].map(look)).toEqual(Array(6).fill(true))
  restart()
  expect(look(MINUTE)).toBe(true)
})

test('one that jumped a day ahead is believed when it has stood for an hour', () => {
  const { look } = setUp()
  look(0)
  expect(look(DAY + HOUR)).toBe(false)
  expect([5, 50, 4].map((minutes) => look(minutes * MINUTE))).toEqual([false, false, false])
  expect(look(2 * MINUTE)).toBe(true)
  expect(look(DAY)).toBe(true)
})

test('to start again does not make it right', () => {
  const { look, restart } = setUp()
  look(0)
  for (const step of [365 * DAY, MINUTE, MINUTE]) {
    expect(look(step)).toBe(false)
    restart()
  }
  expect(look(HOUR)).toBe(true)
})

test('set right again it is believed at once, and so is what it is from then on', () => {
  const { look, restart } = setUp()
  look(0)
  expect(look(365 * DAY)).toBe(false)
  restart()
  expect(look(-365 * DAY)).toBe(true)
  expect(look(HOUR)).toBe(true)
  expect(look(365 * DAY)).toBe(false)
})

test('every further jump begins the hour anew, also one back that is still ahead', () => {
  const { look } = setUp()
  look(0)
  look(100 * DAY)
  expect(look(59 * MINUTE)).toBe(false)
  expect(look(30 * DAY)).toBe(false)
  expect(look(59 * MINUTE)).toBe(false)
  expect(look(-60 * DAY)).toBe(false)
  expect(look(59 * MINUTE)).toBe(false)
  expect(look(MINUTE)).toBe(true)
})

test('one set back is believed: less is old then', () => {
  const { look } = setUp()
  look(0)
  expect(look(-30 * DAY)).toBe(true)
})

test('looking often writes seldom', () => {
  const { store, look } = setUp()
  let writes = 0
  const transaction = store.transaction.bind(store)
  store.transaction = (work) => {
    writes += 1
    return transaction(work)
  }
  for (let minute = 0; minute < 60; minute++) look(MINUTE)
  expect(writes).toBeGreaterThan(5)
  expect(writes).toBeLessThan(15)
})
