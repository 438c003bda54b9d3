import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../sync/mailbox/day-keys.ts'
import { away, back, heard, inTime, say, stateOf } from '../fixtures/town.ts'
import type { Resident } from '../fixtures/town.ts'
import { leave, makeMailboxTown, settle } from './mailbox-town.ts'
import type { MailboxTown, TestMailbox } from './mailbox-town.ts'

const STEP = 10_000

describe('once a clock that was three days ahead was put right', () => {
  let town: MailboxTown
  let mailbox: TestMailbox
  let alice: Resident
  let bob: Resident

  beforeEach(async () => {
    town = await makeMailboxTown('clock', 1)
    const [only] = town.mailboxes
    if (only === undefined) throw new Error('a town has a mailbox')
    mailbox = only
    ;[alice, bob] = [await town.arrive('Alice'), await town.arrive('Bob')]
    await settle(town, alice, bob)
    await away(town, bob)
  })
  afterEach(() => town.end())

  it('a mailbox that put somebody off before is asked again after as long as it said', async () => {
    mailbox.twist = (request, honest) => (request.kind === 'put' ? { kind: 'later', afterMs: 60_000 } : honest())
    const message = await say(alice, 'hello')
    await inTime(town, () => mailbox.asked.some(({ kind }) => kind === 'put'), true)
    town.clock.putBack(3 * DAY_MS)
    mailbox.twist = (_, honest) => honest()
    await inTime(town, () => stateOf(alice, message), 'held', STEP)
  })

  it('one that could not be reached is asked again soon', async () => {
    mailbox.twist = (request, honest) => (request.kind === 'put' ? null : honest())
    const message = await say(alice, 'hello')
    await inTime(town, () => mailbox.asked.filter(({ kind }) => kind === 'put').length > 1, true)
    town.clock.putBack(3 * DAY_MS)
    mailbox.twist = (_, honest) => honest()
    await inTime(town, () => stateOf(alice, message), 'held', STEP)
  })

  it('who came in before that reads what was left since', async () => {
    town.clock.putBack(3 * DAY_MS)
    await leave(town, alice, 'hello')
    await away(town, alice)
    await back(town, bob)
    await inTime(town, () => heard(bob), ['hello'], STEP)
    expect(mailbox.asked.some(({ kind }) => kind === 'get')).toBe(true)
  })
})
