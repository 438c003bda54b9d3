import { EventEmitter } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { silentLogger } from '../kernel/logger.ts'
import { beforeSleep } from './before-sleep.ts'

function setUp(outcome: () => Promise<void> = async () => undefined) {
  const power = new EventEmitter()
  const seen = { times: 0, warnings: [] as string[] }
  const logger = { ...silentLogger, warn: (event: string) => void seen.warnings.push(event) }
  const goOff = () => {
    seen.times += 1
    return outcome()
  }
  return { power, seen, stop: beforeSleep({ power, logger, goOff }) }
}

it('lets out what was written last each time the computer goes to sleep, and at no other time', () => {
  const { power, seen, stop } = setUp()
  power.emit('resume')
  power.emit('lock-screen')
  expect(seen.times).toBe(0)
  power.emit('suspend')
  power.emit('suspend')
  expect(seen.times).toBe(2)
  stop()
  power.emit('suspend')
  expect([seen.times, power.listenerCount('suspend')]).toEqual([2, 0])
})

it('says in the log that it failed, and keeps nobody awake', async () => {
  const { power, seen } = setUp(() => Promise.reject(new Error('no room')))
  power.emit('suspend')
  await setImmediate()
  expect(seen.warnings).toEqual(['sleep-unprepared'])
})
