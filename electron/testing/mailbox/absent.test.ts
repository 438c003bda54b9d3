import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MemberId } from '../../../shared/domain/ids.ts'
import { DAY_MS } from '../../sync/mailbox/day-keys.ts'
import { channelOf, eventually, groupOf, heard, say, stateOf } from '../fixtures/town.ts'
import type { Resident } from '../fixtures/town.ts'
import { away, back, inTime, makeMailboxTown, settle } from './mailbox-town.ts'
import type { MailboxTown, TestMailbox } from './mailbox-town.ts'

/** Whole messengers with real MLS, and a mailbox for those who are away. */
let town: MailboxTown
let mailbox: TestMailbox
let [alice, bob, carol]: Resident[] = []

beforeEach(async () => {
  town = await makeMailboxTown('mailbox', 1)
  ;[mailbox] = town.mailboxes
  ;[alice, bob, carol] = [await town.arrive('Alice'), await town.arrive('Bob'), await town.arrive('Carol')]
})
afterEach(() => town.end())
const memberId = (resident: Resident): MemberId => {
  const row = resident.store.groups.get(groupOf(resident))
  if (row === null) throw new Error('a member has a group')
  return row.selfMemberId
}
const tip = (resident: Resident) => resident.store.groups.get(groupOf(resident))?.tip

describe('a message to somebody who is away', () => {
  it('is there when they come back, although nobody else is', async () => {
    await settle(town, alice, bob)
    await away(town, bob)
    const message = await say(alice, 'for when you are back')
    expect(await stateOf(alice, message)).toBe('stored')
    await inTime(town, () => stateOf(alice, message), 'held')
    await away(town, alice)
    await back(town, bob)
    await inTime(town, () => heard(bob), ['for when you are back'])
  })
})
