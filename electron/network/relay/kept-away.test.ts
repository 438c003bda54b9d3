import { afterEach, expect, it } from 'vitest'
import { systemClock, type Clock } from '../../kernel/clock.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import { createMallory, type Mallory } from '../../testing/network/mallory.ts'
import { generateTransportKey, mailboxProtocol } from '../create-network.ts'
import { MAILBOX_PROTOCOL } from '../protocols/mailbox/constants.ts'
import { FIRST_BAN_MS } from '../sessions/conduct.ts'
import { createRelay } from './create-relay.ts'

const running: Pick<Mallory, 'stop'>[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()))
})

it('a relay cuts off who sends its mailbox garbage again and again, lets others in, and later them too', async () => {
  let ahead = 0
  const clock: Clock = { now: () => systemClock.now() + ahead, after: (ms, fn) => systemClock.after(ms, fn) }
  const mailbox = mailboxProtocol({ clock, logger: silentLogger, answer: () => ({ kind: 'later', afterMs: 1 }) })
  const options = { key: generateTransportKey(systemRandom), listen: ['/ip4/127.0.0.1/tcp/0'], privateNetwork: true, mounted: [mailbox] }
  const relay = await createRelay({ clock }, options)
  const [eve, other] = [await createMallory(relay.addresses()), await createMallory(relay.addresses())]
  running.push(relay, eve, other)

  await eve.offend(MAILBOX_PROTOCOL)
  expect(await eve.isLetIn()).toBe(false)
  expect(relay.counts().refused.connection).toBe(1)
  expect(await other.isLetIn()).toBe(true)
  ahead = FIRST_BAN_MS
  expect(await eve.isLetIn()).toBe(true)
})
