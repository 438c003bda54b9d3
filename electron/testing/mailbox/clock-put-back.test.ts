import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../sync/mailbox/day-keys.ts'
import { away, back, heard, inTime, say, stateOf } from '../fixtures/town.ts'
import type { Resident } from '../fixtures/town.ts'
import { leave, makeTownWithoutBob } from './mailbox-town.ts'
import type { MailboxTown, TestMailbox } from './mailbox-town.ts'

const STEP = 10_000

describe('once a clock that was three days ahead was put right', () => {
  let town: MailboxTown
  let mailbox: TestMailbox
  let alice: Resident
  let bob: Resident

  beforeEach(async () => {
    ;({ town, first: mailbox, alice, bob } = await makeTownWithoutBob('clock', 1))
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
