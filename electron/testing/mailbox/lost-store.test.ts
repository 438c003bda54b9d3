import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS, dayKeys, dayOf } from '../../sync/mailbox/day-keys.ts'
import { sealedHash } from '../../sync/mailbox/seal.ts'
import { DEFAULT_ROOM } from '../../relay/mailbox/limits.ts'
import { createMemoryMailboxStore } from '../fakes/memory-mailbox-store.ts'
import { away, back, groupOf, heard, inTime, say, stateOf } from '../fixtures/town.ts'
import type { Resident } from '../fixtures/town.ts'
import { leave, makeTownWithoutBob } from './mailbox-town.ts'
import type { MailboxTown, TestMailbox } from './mailbox-town.ts'

const HOUR = 3_600_000
/** Rounds are minutes apart. */
const STEP = 10_000

/** The key of a mailbox is where it was, and its disk is not. */
describe('a mailbox that lost what it kept', () => {
  let town: MailboxTown
  let mailbox: TestMailbox
  let alice: Resident
  let bob: Resident

  beforeEach(async () => {
    ;({ town, first: mailbox, alice, bob } = await makeTownWithoutBob('lost store', 1))
  })
  afterEach(() => town.end())
  const status = (resident: Resident) => resident.messenger.connection().mailboxes[0]
  const nextRound = async (resident: Resident) => {
    const last = town.clock.now()
    await inTime(town, () => (status(resident)?.lastFetchedAt ?? 0) > last, true, STEP)
  }
  const held = async (text: string) => {
    const message = await say(alice, text)
    await inTime(town, () => stateOf(alice, message), 'held')
    return message
  }

  it.each(['its disk', 'what came since its last backup'])('%s is given again what is of days that are over', async (what) => {
    await held('before')
    const copy = what === 'its disk' ? createMemoryMailboxStore() : mailbox.store.copy()
    const message = await held('since')
    town.clock.advance(DAY_MS + HOUR)
    await nextRound(alice)
    await nextRound(alice)
    mailbox.twist = (request, honest) => (request.kind === 'put' ? null : honest())
    mailbox.restart(copy)
    await inTime(town, () => stateOf(alice, message), 'stored', STEP)
    mailbox.twist = (_, honest) => honest()
    await inTime(town, () => stateOf(alice, message), 'held', STEP)
    await away(town, alice)
    await back(town, bob)
    await inTime(town, () => heard(bob), ['before', 'since'], STEP)
  })

  it('gives what it took since to who had read it to a place where the same lies again', async () => {
    await leave(town, alice, 'before')
    await away(town, alice)
    await back(town, bob)
    await nextRound(bob)
    expect(heard(bob)).toEqual(['before'])
    await away(town, bob)
    const group = alice.messenger.group(groupOf(alice))
    const { tag } = dayKeys(group.groupId, group.tip.settings.presenceKey, dayOf(town.clock.now()))
    const objectsOf = ({ store }: TestMailbox) => store.page(tag, 0, { objects: 64, bytes: 1_000_000 }).objects
    const before = objectsOf(mailbox)
    mailbox.restart(createMemoryMailboxStore())
    await back(town, alice)
    await held('since')
    await away(town, alice)
    const known = new Set(before.map((each) => sealedHash(each).join()))
    const fresh = objectsOf(mailbox).filter((each) => !known.has(sealedHash(each).join()))
    expect(fresh).toHaveLength(1)
    // In the order in which who put them came.
    const [, ...others] = before
    mailbox.restart(createMemoryMailboxStore())
    for (const bytes of [...fresh, ...others]) mailbox.store.put(tag, [{ bytes, hash: sealedHash(bytes) }], town.clock.now(), DEFAULT_ROOM)
    await back(town, bob)
    await inTime(town, () => heard(bob), ['before', 'since'], STEP)
  })
})
