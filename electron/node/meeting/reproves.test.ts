import { beforeEach, expect, it } from 'vitest'
import type { PeerId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import type { SessionStatus } from '../../ports/network.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { Reproves } from './reproves.ts'

const PEER = 'peer' as PeerId
let clock: FakeClock
let session: SessionStatus
let reproves: Reproves
let asked: number
let failures: number
beforeEach(() => {
  ;[asked, failures] = [0, 0]
  clock = new FakeClock()
  session = { ...{ peerId: PEER, state: 'ready', direction: 'inbound', path: 'direct', shared: [], lastError: null, retryAt: null } }
  reproves = new Reproves({
    clock,
    logger: silentLogger,
    network: {
      sessions: () => [session],
      reprove: async () => {
        asked += 1
        if (asked <= failures) throw new AppError('timed-out', 'No answer.')
        return []
      },
    },
  })
})

const after = async (ms: number): Promise<number> => {
  clock.advance(ms)
  for (let i = 0; i < 5; i++) await Promise.resolve()
  return asked
}

it('what did not come through is proven again, later each time, until it does', async () => {
  failures = 3
  await reproves.now(PEER)
  expect([await after(1_999), await after(1)]).toEqual([1, 2])
  expect([await after(3_999), await after(1)]).toEqual([2, 3])
  expect([await after(7_999), await after(1)]).toEqual([3, 4])
  expect(await after(600_000)).toBe(4)
  failures = 5
  await reproves.now(PEER)
  expect([await after(1_999), await after(1)]).toEqual([5, 6])
})

it('once a minute at least', async () => {
  failures = Infinity
  await reproves.now(PEER)
  for (let i = 0; i < 10; i++) await after(60_000)
  expect([asked, await after(60_000)]).toEqual([11, 12])
})

it('what is asked for meanwhile takes the place of what was to come', async () => {
  failures = 1
  await reproves.now(PEER)
  await reproves.now(PEER)
  expect([asked, await after(600_000)]).toEqual([2, 2])
})

it.each<[string, () => void]>([
  ['the session is not ready', () => (session = { ...session, state: 'proving' })],
  ['there is no session', () => (session = { ...session, peerId: 'another' as PeerId })],
])('not again where %s: one that opens proves everything anew', async (_, make) => {
  failures = Infinity
  make()
  await reproves.now(PEER)
  expect(await after(600_000)).toBe(1)
})

it.each<[string, () => void]>([
  ['the session closed', () => reproves.closed(PEER)],
  ['it stopped', () => reproves.stop()],
])('not again once %s', async (_, make) => {
  failures = Infinity
  await reproves.now(PEER)
  make()
  expect(await after(600_000)).toBe(1)
})
