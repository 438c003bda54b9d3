import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { part } from '../../node/part.ts'
import { away, back, eventually, heard, inTime, say, stateOf } from '../fixtures/town.ts'
import type { Resident } from '../fixtures/town.ts'
import { makeMailboxTown, settle } from './mailbox-town.ts'
import type { MailboxTown, TestMailbox } from './mailbox-town.ts'

/** No second goes by between what somebody writes and their going off. */
describe('who goes off the moment they have written', () => {
  let town: MailboxTown
  let mailbox: TestMailbox
  let alice: Resident
  let bob: Resident

  beforeEach(async () => {
    town = await makeMailboxTown('part', 1)
    const [first] = town.mailboxes
    if (first === undefined) throw new Error('a town has a mailbox')
    mailbox = first
    ;[alice, bob] = [await town.arrive('Alice'), await town.arrive('Bob')]
    await settle(town, alice, bob)
  })
  afterEach(() => town.end())

  const puts = () => mailbox.asked.filter(({ kind }) => kind === 'put').length
  /** As a profile is closed. */
  const leave = async (resident: Resident) => {
    await part(resident.messenger, town.clock)
    await away(town, resident)
  }
  const comesBackAlone = async (resident: Resident, words: string) => {
    await back(town, resident)
    await inTime(town, () => heard(resident), [words])
  }

  it('leaves it in the mailbox for who is away', async () => {
    await away(town, bob)
    await say(alice, 'and now off')
    await leave(alice)
    await comesBackAlone(bob, 'and now off')
  })

  it('leaves it there for who is connected, and takes nothing', async () => {
    bob.handlers.onPush = () => new Promise(() => undefined)
    const message = await say(alice, 'are you there?')
    const at = town.clock.now()
    const parting = part(alice.messenger, town.clock)
    await inTime(town, () => stateOf(alice, message), 'held', 100)
    await parting
    expect(town.clock.now() - at).toBeLessThan(3_000)
    await away(town, alice, bob)
    await comesBackAlone(bob, 'are you there?')
  })

  it('puts nothing where all have it', async () => {
    // Of the commit that let Bob in nobody said that they have it.
    await inTime(town, puts, 1, 5_000)
    const message = await say(alice, 'you have it')
    await eventually(() => stateOf(alice, message), 'delivered')
    await leave(alice)
    expect(puts()).toBe(1)
  })

  it('waits for no mailbox that does not answer, and puts it with the next start', async () => {
    await away(town, bob)
    mailbox.twist = () => null
    const message = await say(alice, 'later, then')
    await leave(alice)
    expect(puts()).toBeGreaterThan(0)
    mailbox.twist = (_, honest) => honest()
    await back(town, alice)
    await inTime(town, () => stateOf(alice, message), 'held')
  })

  it('and only sleeps, goes on afterwards as if nothing had been', async () => {
    await away(town, bob)
    await say(alice, 'a lid is closed')
    await part(alice.messenger, town.clock)
    await comesBackAlone(bob, 'a lid is closed')
    await inTime(town, () => heard(bob), ['a lid is closed'])
    const before = puts()
    const message = await say(alice, 'and opened')
    await eventually(() => stateOf(alice, message), 'delivered')
    // Who is connected, and has it, is nobody to put it for.
    town.clock.advance(10_000)
    expect(puts()).toBe(before)
  })
})
