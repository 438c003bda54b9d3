import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { AppError } from '../../kernel/errors.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { CallsInFlight } from './calls-in-flight.ts'

const code = (expected: string): unknown => expect.objectContaining({ code: expected })
const locked = (): never => {
  throw new AppError('locked', 'Locked.')
}

function setUp(refusal: () => void = () => undefined) {
  const clock = new FakeClock()
  const calls = new CallsInFlight(clock)
  const pending = Promise.withResolvers<[]>()
  const api = calls.watch({ 'spaces.list': (_: object) => pending.promise, 'joins.list': async (_: object) => [] }, refusal)
  return { clock, calls, pending, api }
}

it('carries calls out as they are', async () => {
  const { api, pending } = setUp()
  expect(await api['joins.list']({})).toEqual([])
  pending.reject(new AppError('not-found', 'No.'))
  await expect(api['spaces.list']({})).rejects.toEqual(code('not-found'))
})

it.each(['answered', 'refused'])('waits for those that run until they are %s', async (how) => {
  const { calls, pending, api, clock } = setUp()
  const call = api['spaces.list']({}).catch(() => 'refused')
  let settled = false
  const waiting = calls.settled().then(() => {
    settled = true
  })
  await setImmediate()
  expect(settled).toBe(false)
  if (how === 'answered') pending.resolve([])
  else pending.reject(new Error('no'))
  await waiting
  await call
  expect(clock.pending).toEqual([])
})

it('waits no longer than for a while', async () => {
  const { calls, api, clock } = setUp()
  void api['spaces.list']({})
  const waiting = calls.settled()
  clock.advance(5_000)
  await waiting
})

it('does not wait where nothing runs', async () => {
  const { calls, api } = setUp()
  await api['joins.list']({})
  await calls.settled()
})

it('tells who lost the database under a call why', async () => {
  const { api, pending } = setUp(locked)
  const call = api['spaces.list']({})
  pending.reject(new AppError('stopping', 'The profile is closed.'))
  await expect(call).rejects.toEqual(code('locked'))
})
