import { expect, it } from 'vitest'
import { FakeClock } from '../testing/fakes/fake-clock.ts'
import { within } from './within.ts'

const never = new Promise<void>(() => undefined)

it('waits for what ends in time, and leaves no timer', async () => {
  const clock = new FakeClock()
  await within(clock, 1_000, Promise.resolve())
  expect(clock.pending).toEqual([])
})

it('waits no longer than it is told', async () => {
  const clock = new FakeClock()
  let over = false
  const waiting = within(clock, 1_000, never).then(() => (over = true))
  clock.advance(999)
  await Promise.resolve()
  expect(over).toBe(false)
  clock.advance(1)
  await waiting
  expect(over).toBe(true)
})

it('throws what fails in time', async () => {
  await expect(within(new FakeClock(), 1_000, Promise.reject(new TypeError('planned')))).rejects.toThrow('planned')
})
