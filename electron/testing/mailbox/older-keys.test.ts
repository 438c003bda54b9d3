import { afterEach, describe, expect, it } from 'vitest'
import type { Space } from '../../../shared/domain/models.ts'
import { ed25519Sign } from '../../identity/index.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { MailboxRoom } from '../../ports/mailbox.ts'
import { DEFAULT_ROOM, KEPT_MS } from '../../relay/mailbox/limits.ts'
import { MailboxService } from '../../relay/mailbox/mailbox-service.ts'
import { DAY_MS, dayKeys, dayOf } from '../../sync/mailbox/day-keys.ts'
import { seal, unseal } from '../../sync/mailbox/seal.ts'
import { makePut } from '../../sync/mailbox/statements.ts'
import { createMemoryMailboxStore } from '../fakes/memory-mailbox-store.ts'
import type { MemoryMailboxStore } from '../fakes/memory-mailbox-store.ts'
import { away, back, groupOf, heard, inTime, say, selfOf, stateOf } from '../fixtures/town.ts'
import type { Resident } from '../fixtures/town.ts'
import { leave, makeMailboxTown, settle, tipOf } from './mailbox-town.ts'
import type { MailboxTown, TestMailbox } from './mailbox-town.ts'

const HOUR = 3_600_000

/** SPEC.md M1, M7: under which keys, and of which days, there may be something. */
describe('a mailbox', () => {
  let town: MailboxTown
  let mailbox: TestMailbox
  afterEach(() => town.end())

  async function begin(...names: string[]): Promise<Resident[]> {
    town = await makeMailboxTown('older keys', 1)
    const [first] = town.mailboxes
    if (first === undefined) throw new Error('a town has a mailbox')
    mailbox = first
    const residents: Resident[] = []
    for (const name of names) residents.push(await town.arrive(name))
    return residents
  }

  const serve = (store: MemoryMailboxStore, room: MailboxRoom) => {
    mailbox.store = store
    mailbox.service = new MailboxService({
      ...{ store, localPeer: mailbox.peerId, clock: town.clock, logger: silentLogger, room },
      sign: (bytes) => ed25519Sign(new Uint8Array(32).fill(200), bytes),
    })
  }
  const keyOf = (resident: Resident) => resident.messenger.group(groupOf(resident)).tip.settings.presenceKey
  const remove = (by: Resident, space: Space, whom: Resident) =>
    by.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(whom) })

  it('is used on by those who removed somebody who filled the tag that they knew', async () => {
    const [alice, bob, carol] = (await begin('Alice', 'Bob', 'Carol')) as [Resident, Resident, Resident]
    serve(mailbox.store, { ...DEFAULT_ROOM, tagBytes: 64 * 1024 })
    const space = await settle(town, alice, bob, carol)
    await away(town, bob, carol)
    const keys = dayKeys(groupOf(alice), keyOf(alice), dayOf(town.clock.now()))
    const fill = () => {
      const put = makePut(keys, mailbox.peerId, [systemRandom.bytes(1_052)], town.clock.now())
      return mailbox.service.answer({ peerId: systemRandom.id(), host: '' }, put)
    }
    while (fill().kind === 'stored');
    expect(fill()).toEqual({ kind: 'refused', code: 'tag-full' })
    await remove(alice, space, carol)
    const message = await say(alice, 'without Carol')
    await inTime(town, () => stateOf(alice, message), 'held')
  })

  it('gives what somebody wrote without a network, and put after so many had been removed that its key is an old one', async () => {
    const others = Array.from({ length: 10 }, (_, i) => `Other ${i}`)
    const [alice, bob, dave, ...gone] = (await begin('Alice', 'Bob', 'Dave', ...others)) as [Resident, Resident, Resident, ...Resident[]]
    const space = await settle(town, alice, bob, dave, ...gone)
    await away(town, bob, ...gone)
    for (const peer of [alice.peerId, bob.peerId, mailbox.peerId]) town.hub.partition(dave.peerId, peer)
    const message = await say(dave, 'written on the way')
    for (const one of gone) await remove(alice, space, one)
    await leave(town, alice, 'meanwhile')
    await away(town, alice)
    await back(town, bob)
    await inTime(town, () => tipOf(bob) === tipOf(alice), true)
    // Bob looked under all keys when he came back: he has to do so again.
    await inTime(town, () => heard(bob), ['meanwhile'])
    town.hub.heal(dave.peerId, mailbox.peerId)
    await inTime(town, () => stateOf(dave, message), 'held')
    await away(town, dave)
    await inTime(town, () => heard(bob).toSorted(), ['meanwhile', 'written on the way'], 10_000)
  }, 60_000)

  it('is said to hold for thirty days what it said it would, also where it was given up since', async () => {
    const [alice, bob] = (await begin('Alice', 'Bob')) as [Resident, Resident]
    await settle(town, alice, bob)
    await away(town, bob)
    const message = await say(alice, 'hello')
    await inTime(town, () => stateOf(alice, message), 'held')
    town.used.splice(0, 1)
    town.clock.advance(KEPT_MS - HOUR)
    expect(await stateOf(alice, message)).toBe('held')
    const over = town.clock.now() + HOUR
    await inTime(town, () => stateOf(alice, message), 'stored', 10_000)
    expect(town.clock.now() - over).toBeLessThan(HOUR)
  })

  it('that kept for thirty days what nobody looked for meanwhile is not said to withhold it', async () => {
    const [alice, bob] = (await begin('Alice', 'Bob')) as [Resident, Resident]
    await settle(town, alice, bob)
    await away(town, bob)
    // Of the day that is still looked under when the thirty days are over.
    town.clock.advance(DAY_MS - (town.clock.now() % DAY_MS) + HOUR)
    await leave(town, alice, 'hello')
    await away(town, alice)
    town.clock.advance(KEPT_MS + HOUR)
    mailbox.store.sweep(town.clock.now() - KEPT_MS, { objects: 1_000, bytes: 1_000_000 })
    expect(mailbox.store.usage().objects).toBe(0)
    await back(town, alice)
    const status = () => alice.messenger.connection().mailboxes[0]
    for (let rounds = 0, last = 0; rounds < 3; rounds += 1, last = town.clock.now())
      await inTime(town, () => (status()?.lastFetchedAt ?? 0) > last, true, 10_000)
    expect(status()?.withheld).toBe(0)
  })

  it('has for a newcomer what was put just after midnight by a clock that was behind', async () => {
    const [alice, bob] = (await begin('Alice', 'Bob')) as [Resident, Resident]
    const day = dayOf(town.clock.now()) + 1
    town.clock.advance(day * DAY_MS + 60_000 - town.clock.now())
    await settle(town, alice, bob)
    await away(town, bob)
    await leave(town, alice, 'welcome')
    await away(town, alice)
    // As if she had put it nine minutes ago: the mailbox takes it.
    const [here, there] = [day, day - 1].map((each) => dayKeys(groupOf(alice), keyOf(alice), each))
    if (here === undefined || there === undefined) throw new Error('each day has keys')
    const { objects } = mailbox.store.page(here.tag, 0, { objects: 64, bytes: 1_000_000 })
    const moved = objects.flatMap((sealed) => unseal(here, sealed) ?? []).map((object) => seal(there, object))
    serve(createMemoryMailboxStore(), DEFAULT_ROOM)
    const put = makePut(there, mailbox.peerId, moved, town.clock.now() - 9 * 60_000)
    expect(mailbox.service.answer({ peerId: alice.peerId, host: '' }, put).kind).toBe('stored')
    await back(town, bob)
    await inTime(town, () => heard(bob), ['welcome'], 10_000)
  })
})
