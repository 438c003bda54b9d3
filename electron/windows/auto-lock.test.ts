import { EventEmitter } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ProfileStatus, Settings } from '../../shared/domain/models.ts'
import { usualSettings } from '../../shared/domain/usual-settings.ts'
import { AppError } from '../kernel/errors.ts'
import { silentLogger } from '../kernel/logger.ts'
import type { Logger } from '../kernel/logger.ts'
import { FakeClock } from '../testing/fakes/fake-clock.ts'
import { lockByItself } from './auto-lock.ts'

const MINUTE = 60_000
const STEP_MS = 10_000
const open = (passphrase: boolean) => ({ kind: 'open', profile: { passphrase } }) as ProfileStatus
const locked: ProfileStatus = { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false }

function setUp(settings: Partial<Settings>, { status = open(true), onLock = (): void => undefined, logger = silentLogger } = {}) {
  const clock = new FakeClock()
  const power = Object.assign(new EventEmitter(), { idle: 0, getSystemIdleTime: () => power.idle })
  const state = { status, locks: 0 }
  const stop = lockByItself({
    power,
    clock,
    logger,
    api: {
      'profile.status': async () => state.status,
      'profile.lock': async () => {
        onLock()
        state.locks += 1
        state.status = locked
        return locked
      },
      'settings.get': async () => {
        if (state.status.kind !== 'open') throw new AppError('locked', 'Locked.')
        return { ...usualSettings, ...settings }
      },
    },
  })
  return {
    ...{ power, state, stop, clock },
    pass: async (ms: number, idleSeconds: number) => {
      power.idle = idleSeconds
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        clock.advance(STEP_MS)
        await setImmediate()
      }
    },
    tell: async (event: string) => {
      power.emit(event)
      await setImmediate()
    },
  }
}

it('locks once nobody was at the computer for as long as the settings say, and not before', async () => {
  const { state, pass } = setUp({ lockAfterMinutes: 5 })
  await pass(MINUTE, 299)
  expect(state.locks).toBe(0)
  await pass(MINUTE, 300)
  expect(state.locks).toBe(1)
  await pass(10 * MINUTE, 900)
  expect(state.locks).toBe(1)
})

it('goes on looking after it was unlocked again', async () => {
  const { state, pass } = setUp({ lockAfterMinutes: 1 })
  await pass(MINUTE, 60)
  state.status = open(true)
  await pass(MINUTE, 5)
  expect(state.locks).toBe(1)
  await pass(MINUTE, 61)
  expect(state.locks).toBe(2)
})

it('never locks for idleness where the settings do not say so', async () => {
  const { state, pass } = setUp({ lockOnSuspend: true, readReceipts: true })
  await pass(60 * MINUTE, 86_400)
  expect(state.locks).toBe(0)
})

it.each(['suspend', 'lock-screen'])('locks on %s where the settings say so', async (event) => {
  const wished = setUp({ lockOnSuspend: true, readReceipts: true })
  await wished.tell(event)
  expect(wished.state.locks).toBe(1)
  const not = setUp({ lockAfterMinutes: 1 })
  await not.tell(event)
  expect(not.state.locks).toBe(0)
})

it('looks at once when the computer wakes up', async () => {
  const { power, state, tell } = setUp({ lockAfterMinutes: 5 })
  power.idle = 3600
  await tell('resume')
  expect(state.locks).toBe(1)
})

it('leaves a profile alone that opens without a passphrase, or is not open', async () => {
  for (const status of [open(false), locked]) {
    const { state, pass, tell } = setUp({ lockAfterMinutes: 1, lockOnSuspend: true, readReceipts: true }, { status })
    await pass(MINUTE, 3600)
    await tell('suspend')
    expect(state.locks).toBe(0)
  }
})

it('says nothing when somebody locked or quit meanwhile, and logs what it does not expect', async () => {
  const logged: string[] = []
  const logger: Logger = { ...silentLogger, error: (event) => logged.push(event) }
  for (const thrown of [new AppError('stopping', 'Closing.'), new TypeError('no')]) {
    const onLock = (): void => {
      throw thrown
    }
    await setUp({ lockOnSuspend: true, readReceipts: true }, { onLock, logger }).tell('suspend')
  }
  expect(logged).toEqual(['auto-lock-failed'])
})

it('stops', async () => {
  const { state, stop, power, clock, pass, tell } = setUp({ lockAfterMinutes: 1, lockOnSuspend: true, readReceipts: true })
  stop()
  await pass(MINUTE, 3600)
  await tell('suspend')
  expect([state.locks, clock.pending, power.eventNames()]).toEqual([0, [], []])
})
