import { afterEach, beforeEach, expect, it } from 'vitest'
import { MARK_BYTES } from '../../ports/mailbox.ts'
import { DAY_MS } from '../../sync/mailbox/day-keys.ts'
import { away, back, inTime } from '../fixtures/town.ts'
import type { Resident } from '../fixtures/town.ts'
import { leave, makeTownWithoutBob } from './mailbox-town.ts'
import type { MailboxTown, TestMailbox } from './mailbox-town.ts'

const HOUR = 3_600_000
const STEP = 10_000
const MIB = 1024 * 1024
const marks = { mark: new Uint8Array(MARK_BYTES), nextMark: new Uint8Array(MARK_BYTES) }

let town: MailboxTown
let good: TestMailbox
let bad: TestMailbox
let alice: Resident
let bob: Resident

beforeEach(async () => {
  ;({ town, first: good, last: bad, alice, bob } = await makeTownWithoutBob('hostile', 2))
  await leave(town, alice, 'hello')
  await inTime(town, () => bad.store.usage(), good.store.usage())
  await away(town, alice)
})
afterEach(() => town.end())
const statusOf = (mailbox: TestMailbox) => bob.messenger.connection().mailboxes.find(({ peerId }) => peerId === mailbox.peerId)

it('one that gives more under a tag than it may keep there is left', async () => {
  const junk = new Uint8Array(2 * MIB)
  let given = 0
  bad.twist = (request) => {
    if (request.kind === 'put') return null
    given += junk.length
    return { kind: 'page', objects: [junk], next: request.after + 1, more: true, ...marks }
  }
  await back(town, bob)
  await inTime(town, () => statusOf(bad)?.state, 'untrusted')
  expect(given).toBeLessThanOrEqual(132 * MIB)
}, 60_000)

it('one that withholds on a day that is over, and is slower than the others after that, is noticed all the same', async () => {
  const kept = good.store.usage().objects
  bad.twist = (request, honest) =>
    request.kind === 'get' ? { kind: 'page', objects: [], next: request.after, more: false, mark: null, nextMark: null } : honest()
  town.clock.advance(DAY_MS + HOUR)
  await back(town, bob)
  const { network } = bob.messenger
  const quickly = network.mailbox.bind(network)
  const tags = new Set<string>()
  network.mailbox = async (peer, request, signal) => {
    if (peer.peerId === bad.peerId) tags.add(request.tag.join())
    // The day before that, that day, and the one that is not over.
    if (tags.size === 3) while (statusOf(good)?.lastFetchedAt == null) await new Promise((resolve) => setTimeout(resolve, 5))
    return quickly(peer, request, signal)
  }
  await inTime(town, () => statusOf(bad)?.lastFetchedAt != null, true)
  await inTime(town, () => statusOf(bad)?.withheld, kept, STEP)
})
