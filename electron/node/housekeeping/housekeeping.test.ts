import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { silentLogger } from '../../kernel/logger.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { Housekeeping } from './housekeeping.ts'

function setUp() {
  const clock = new FakeClock()
  return { clock, housekeeping: new Housekeeping({ clock, logger: silentLogger }) }
}

test('a job runs at its times, also after it failed, until it is stopped', async () => {
  const { clock, housekeeping } = setUp()
  let runs = 0
  const run = (): Promise<void> => {
    runs += 1
    return runs === 2 ? Promise.reject(new Error('no')) : Promise.resolve()
  }
  housekeeping.start([{ name: 'x', firstMs: 10, everyMs: 100, run }])
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms)
    await setImmediate()
  }
  await pass(9)
  expect(runs).toBe(0)
  await pass(1)
  expect(runs).toBe(1)
  await pass(100)
  await pass(100)
  expect(runs).toBe(3)
  await housekeeping.stop()
  clock.advance(1000)
  expect(runs).toBe(3)
})

test('stopping aborts what runs and waits for it', async () => {
  const { clock, housekeeping } = setUp()
  let ended = false
  const run = async (signal: AbortSignal): Promise<void> => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    ended = true
  }
  housekeeping.start([{ name: 'x', firstMs: 0, everyMs: 1, run }])
  clock.advance(1)
  await housekeeping.stop()
  expect(ended).toBe(true)
})
