import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ObjectId } from '../../../shared/domain/ids.ts'
import type { Space } from '../../../shared/domain/models.ts'
import { toHex, utf8 } from '../../kernel/bytes.ts'
import { mailboxRpc } from '../../network/protocols/mailbox/mailbox-rpc.ts'
import { DAY_MS, dayKeys, dayOf } from '../../sync/mailbox/day-keys.ts'
import { objectIdOf } from '../../sync/group/object-id.ts'
import { seal, unseal } from '../../sync/mailbox/seal.ts'
import { makePut } from '../../sync/mailbox/statements.ts'
import { MemoryNetwork } from '../fakes/memory-network.ts'
import { away, back, channelOf, eventually, groupOf, heard, inTime, say, selfOf, stateOf } from '../fixtures/town.ts'
import type { Resident } from '../fixtures/town.ts'
import { leave, makeMailboxTown, settle, tipOf } from './mailbox-town.ts'
import type { MailboxTown, TestMailbox } from './mailbox-town.ts'

/** Whole messengers with real MLS, and a mailbox for those who are away. */
describe('a mailbox', () => {
  let town: MailboxTown
  let mailbox: TestMailbox
  let alice: Resident
  let bob: Resident
  let carol: Resident
  let space: Space

  beforeEach(async () => {
    town = await makeMailboxTown('mailbox', 1)
    const [first] = town.mailboxes
    if (first === undefined) throw new Error('a town has a mailbox')
    mailbox = first
    ;[alice, bob, carol] = [await town.arrive('Alice'), await town.arrive('Bob'), await town.arrive('Carol')]
  })
  afterEach(() => town.end())
  const stateIn = (resident: Resident) => resident.messenger.connection().mailboxes[0]?.state
  const statusOf = async (resident: Resident) =>
    (await resident.api['spaces.list']({})).find((s) => s.spaceId === space.spaceId)?.status.kind
  const remove = (by: Resident, whom: Resident) => by.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(whom) })

  /** So many puts, and what is there was named by them all. */
  const expectNothingTwice = (puts: number) => {
    const asked = mailbox.asked.flatMap((request) => (request.kind === 'put' ? [request.objects.map(toHex)] : []))
    expect(asked).toHaveLength(puts)
    expect(new Set(asked.flat()).size).toBeLessThan(asked.flat().length)
    expect(mailbox.store.usage().objects).toBe(new Set(asked.flat()).size)
  }

  it('has a message for who was away, although nobody else is there when they come back', async () => {
    space = await settle(town, alice, bob)
    await away(town, bob)
    const message = await say(alice, 'for when you are back')
    expect(await stateOf(alice, message)).toBe('stored')
    await inTime(town, () => stateOf(alice, message), 'held')
    await away(town, alice)
    await back(town, bob)
    await inTime(town, () => heard(bob), ['for when you are back'])
    expect(bob.messenger.connection()).toMatchObject({ missing: [], mailboxes: [{ state: 'reachable', withheld: 0 }] })
  })

  it('never makes a message delivered: that only its reader can', async () => {
    space = await settle(town, alice, bob)
    await away(town, bob)
    const message = await say(alice, 'hello')
    await inTime(town, () => stateOf(alice, message), 'held')
    await inTime(town, () => stateOf(alice, message), 'held')
    await back(town, bob)
    await inTime(town, () => stateOf(alice, message), 'delivered')
  })

  it('is not asked to keep a message that everybody has', async () => {
    space = await settle(town, alice, bob)
    const message = await say(alice, 'hello')
    await inTime(town, () => stateOf(alice, message), 'delivered')
    town.clock.advance(70_000)
    await inTime(town, () => mailbox.asked.some((request) => request.kind === 'get'), true)
    const { presenceKey } = alice.messenger.group(groupOf(alice)).tip.settings
    const keys = dayKeys(groupOf(alice), presenceKey, dayOf(town.clock.now()))
    const put = mailbox.asked.flatMap((request) => (request.kind === 'put' ? request.objects.map((each) => unseal(keys, each)) : []))
    // Of the commit that let Bob in nobody said that they have it.
    const kinds = put.map((object) => object && alice.store.objects.get(objectIdOf(object.bytes))?.kind)
    expect(kinds.filter((kind) => kind !== 'commit')).toEqual([])
  })

  it('brings somebody through a week of twenty changes, two removals among them, that everybody else made and left', async () => {
    const [dave, eve] = [await town.arrive('Dave'), await town.arrive('Eve')]
    space = await settle(town, alice, bob, carol, dave, eve)
    await away(town, bob)
    for (let day = 0; day < 7; day += 1) {
      await alice.api['channels.create']({ spaceId: space.spaceId, name: `channel ${day}`, kind: 'open' })
      await alice.api['spaces.rename']({ spaceId: space.spaceId, name: `Friends ${day}` })
      if (day === 2) await remove(alice, dave)
      if (day === 5) await remove(alice, eve)
      await inTime(town, () => tipOf(carol) === tipOf(alice), true)
      await leave(town, carol, `Carol on day ${day}`)
      await leave(town, alice, `Alice on day ${day}`)
      town.clock.advance(DAY_MS)
    }
    // Carol's key is a week old. Were she there, she could renew it beside what Alice changes, and Bob choose by less than they know.
    await inTime(town, () => tipOf(carol) === tipOf(alice), true)
    await away(town, carol)
    for (let i = 0; i < 4; i += 1) await alice.api['spaces.rename']({ spaceId: space.spaceId, name: `Friends, ${i}` })
    await leave(town, alice, 'the last word')
    await away(town, alice, dave, eve)
    await back(town, bob)
    await inTime(town, () => tipOf(bob) === tipOf(alice), true)
    await inTime(town, () => heard(bob).length, 15)
    expect(heard(bob)).toEqual([...[0, 1, 2, 3, 4, 5, 6].flatMap((day) => [`Carol on day ${day}`, `Alice on day ${day}`]), 'the last word'])
    expect(bob.messenger.connection().missing).toEqual([])
    expect((await bob.api['spaces.list']({}))[0]?.name).toBe('Friends, 3')
    for (const one of [alice, carol]) await back(town, one)
    await inTime(town, () => new Set([alice, bob, carol].map(tipOf)).size, 1)
    await inTime(town, async () => (await carol.api['spaces.list']({}))[0]?.name, 'Friends, 3')
    await inTime(town, () => heard(carol).length, 15)
  }, 60_000)

  const namesOf = async (resident: Resident) => (await resident.api['spaces.list']({})).map(({ name }) => name)
  /** What was put today, in order. */
  const put = (): ObjectId[] =>
    mailbox.asked
      .flatMap((request) => (request.kind === 'put' ? request.objects : []))
      .flatMap((sealed) => {
        const { presenceKey } = carol.messenger.group(groupOf(carol)).tip.settings
        const object = unseal(dayKeys(groupOf(carol), presenceKey, dayOf(town.clock.now())), sealed)
        return object === null ? [] : [objectIdOf(object.bytes)]
      })
  const newestCommit = (resident: Resident): ObjectId => {
    const commits = resident.store.objects.commitsSince(groupOf(resident), 0).toSorted((a, b) => a.epoch - b.epoch)
    const last = commits.at(-1)
    if (last === undefined) throw new Error('there is a commit')
    return last.objectId
  }

  /** Bob is away, and Alice goes with what she changed: Carol has it, and no mailbox. */
  const takeAway = async () => {
    space = await settle(town, alice, bob, carol)
    await away(town, bob)
    mailbox.twist = () => null
    await alice.api['spaces.rename']({ spaceId: space.spaceId, name: 'Changed' })
    await inTime(town, () => namesOf(carol), ['Changed'])
    await away(town, alice)
  }

  it('is given what somebody changed and took away with them, before what was written on top of it', async () => {
    await takeAway()
    mailbox.twist = (_, honest) => honest()
    const before = put().length
    await leave(town, carol, 'on top of it')
    const [message] = carol.store.messages.page(channelOf(carol), 1, null).messages
    const order = put().slice(before)
    expect(order.indexOf(newestCommit(carol))).toBeGreaterThanOrEqual(0)
    expect(order.indexOf(newestCommit(carol))).toBeLessThan(order.findIndex((each) => each === message?.objectId))
    await away(town, carol)
    await back(town, bob)
    await inTime(town, () => heard(bob), ['on top of it'])
    expect(await namesOf(bob)).toEqual(['Changed'])
  })

  it('is given nobody else its changes where nobody says anything, nor where everybody is there', async () => {
    space = await settle(town, alice, bob, carol)
    await alice.api['spaces.rename']({ spaceId: space.spaceId, name: 'Changed' })
    await inTime(town, async () => (await namesOf(bob)).concat(await namesOf(carol)), ['Changed', 'Changed'])
    await say(alice, 'hello')
    await inTime(town, () => heard(bob).concat(heard(carol)), ['hello', 'hello'])
    await inTime(town, () => stateIn(carol), 'reachable')
    for (let minutes = 0; minutes < 30; minutes += 1) await inTime(town, () => true, true, 60_000)
    expect(put().filter((each) => each === newestCommit(carol)).length).toBeLessThanOrEqual(1)
  })

  it('is not given again what another put there and was read', async () => {
    space = await settle(town, alice, bob, carol)
    await away(town, bob)
    await alice.api['spaces.rename']({ spaceId: space.spaceId, name: 'Changed' })
    await inTime(town, () => namesOf(carol), ['Changed'])
    await inTime(town, () => put().includes(newestCommit(carol)), true)
    await away(town, alice)
    const fetchedAt = () => carol.messenger.connection().mailboxes[0]?.lastFetchedAt ?? 0
    // The first round may have begun before.
    for (let rounds = 0; rounds < 2; rounds += 1) {
      const last = Math.max(fetchedAt(), town.clock.now())
      await inTime(town, () => fetchedAt() > last, true, 5_000)
    }
    await leave(town, carol, 'on top of it')
    expect(put().filter((each) => each === newestCommit(carol))).toHaveLength(1)
  })

  it('is given a commit also where somebody put it there under a false name', async () => {
    await takeAway()
    const commit = carol.store.objects.get(newestCommit(carol))
    if (commit === null) throw new Error('it is stored')
    const { presenceKey } = carol.messenger.group(groupOf(carol)).tip.settings
    const keys = dayKeys(groupOf(carol), presenceKey, dayOf(town.clock.now()))
    const falsely = seal(keys, { bytes: commit.bytes, eid: carol.messenger.group(groupOf(carol)).tip.row.tip })
    const request = makePut(keys, mailbox.peerId, [falsely], town.clock.now())
    expect(mailbox.service.answer({ peerId: alice.peerId, host: alice.peerId }, request).kind).toBe('stored')
    mailbox.twist = (_, honest) => honest()
    const fetchedAt = () => carol.messenger.connection().mailboxes[0]?.lastFetchedAt ?? 0
    const now = town.clock.now()
    await inTime(town, () => fetchedAt() > now, true, 5_000)
    await leave(town, carol, 'on top of it')
    await away(town, carol)
    await back(town, bob)
    await inTime(town, () => heard(bob), ['on top of it'])
  })

  it('tells somebody who was removed that it is, and lets it read nothing that was put afterwards', async () => {
    space = await settle(town, alice, bob, carol)
    const oldKey = alice.messenger.group(groupOf(alice)).tip.settings.presenceKey
    await away(town, bob, carol)
    await leave(town, alice, 'before')
    await remove(alice, carol)
    await leave(town, alice, 'after')
    const kept = mailbox.asked.flatMap((request) => (request.kind === 'put' ? [request] : []))
    const old = dayKeys(groupOf(alice), oldKey, dayOf(town.clock.now()))
    const readable = kept.flatMap(({ objects }) => objects).filter((sealed) => unseal(old, sealed) !== null)
    const under = kept.filter(({ tag }) => toHex(tag) === toHex(old.tag)).flatMap(({ objects }) => objects)
    // The message from before and the removal itself; all else lies under another tag, and does not open.
    expect(readable.length).toBe(under.length)
    expect(kept.flatMap(({ objects }) => objects).length).toBeGreaterThan(readable.length)
    await away(town, alice)
    await back(town, carol)
    await inTime(town, () => statusOf(carol), 'removed')
    expect(heard(carol)).toEqual(['before'])
    await back(town, bob)
    await inTime(town, () => heard(bob), ['before', 'after'])
    expect(tipOf(bob)).toBe(tipOf(alice))
  })

  it('is shown neither group nor epoch nor member, and sizes in steps only', async () => {
    space = await settle(town, alice, bob)
    await away(town, bob)
    for (const text of ['a', 'much longer than the other one, and not only by a little'.repeat(4)]) await leave(town, alice, text)
    await away(town, alice)
    await back(town, bob)
    await inTime(town, () => heard(bob).length, 2)
    const shown = mailbox.asked.map((request) => toHex(mailboxRpc.encodeRequest(request))).join(' ')
    const { presenceKey } = bob.messenger.group(groupOf(bob)).tip.settings
    const secrets = [groupOf(bob), tipOf(bob) ?? '', selfOf(alice), selfOf(bob), toHex(presenceKey), toHex(utf8('much longer'))]
    for (const secret of secrets) expect(secret.length > 0 && shown.includes(secret)).toBe(false)
    const put = mailbox.asked.flatMap((request) => (request.kind === 'put' ? request.objects : []))
    const messages = put.filter(({ length }) => length === 1_052)
    expect(messages.length).toBeGreaterThanOrEqual(2)
    expect(put.every(({ length }) => (length - 28) % 1_024 === 0)).toBe(true)
  })

  it('gives to a tag nothing that is of another day, and each day has another tag', async () => {
    space = await settle(town, alice, bob)
    await away(town, bob)
    await leave(town, alice, 'one')
    town.clock.advance(DAY_MS)
    await leave(town, alice, 'two')
    const tags = mailbox.asked.flatMap((request) => (request.kind === 'put' ? toHex(request.tag) : []))
    expect(new Set(tags).size).toBe(2)
    await away(town, alice)
    await back(town, bob)
    await inTime(town, () => heard(bob), ['one', 'two'])
  })

  it('is told nothing twice, by nobody, whatever restarts', async () => {
    space = await settle(town, alice, bob)
    await away(town, bob)
    await leave(town, alice, 'once')
    mailbox.restart()
    await back(town, alice)
    await leave(town, alice, 'and once')
    const put = mailbox.asked.flatMap((request) => (request.kind === 'put' ? request.objects.map(toHex) : []))
    expect(new Set(put).size).toBe(put.length)
    const asked = mailbox.asked.length
    await back(town, bob)
    await inTime(town, () => heard(bob), ['once', 'and once'])
    await away(town, bob)
    await back(town, bob)
    await inTime(town, () => bob.messenger.connection().mailboxes[0]?.lastFetchedAt !== null, true)
    const again = mailbox.asked.slice(asked).flatMap((request) => (request.kind === 'get' ? request.after : []))
    // The second time it goes on where it was.
    expect(again.at(-1)).toBeGreaterThan(0)
  })

  it('that could not be reached is tried again until it has all, with one put for many', async () => {
    space = await settle(town, alice, bob)
    await away(town, bob)
    mailbox.twist = () => null
    const messages = await Promise.all(['a', 'b', 'c', 'd'].map((text) => say(alice, text)))
    await inTime(town, () => stateIn(alice), 'unreachable')
    for (const message of messages) expect(await stateOf(alice, message)).toBe('stored')
    const failed = mailbox.asked.length
    mailbox.twist = (_, honest) => honest()
    for (const message of messages) await inTime(town, () => stateOf(alice, message), 'held')
    const puts = mailbox.asked.slice(failed).filter((request) => request.kind === 'put')
    expect(puts).toHaveLength(1)
    expect(puts[0]?.kind === 'put' ? puts[0].objects.length : 0).toBeGreaterThanOrEqual(4)
    expect(stateIn(alice)).toBe('reachable')
  })

  it('that dies over a put which it had stored is given it again, and has it once', async () => {
    space = await settle(town, alice, bob)
    await away(town, bob)
    let deaths = 0
    mailbox.twist = (request, honest) => {
      const answer = honest()
      if (request.kind === 'get' || deaths > 0) return answer
      deaths += 1
      mailbox.restart()
      return null
    }
    await leave(town, alice, 'through the crash')
    expect(deaths).toBe(1)
    expectNothingTwice(2)
    await away(town, alice)
    await back(town, bob)
    await inTime(town, () => heard(bob), ['through the crash'])
  })

  it('is put to again by a client that died before it noted the receipt, which changes nothing', async () => {
    space = await settle(town, alice, bob)
    await away(town, bob)
    const isPut = Promise.withResolvers<undefined>()
    mailbox.twist = (request, honest) => {
      const answer = honest()
      if (request.kind === 'put') {
        isPut.resolve(undefined)
        // Alice's machine goes off before the answer is there.
        return null
      }
      return answer
    }
    const message = await say(alice, 'hello')
    const running = setInterval(() => town.clock.advance(500), 1)
    await isPut.promise
    clearInterval(running)
    mailbox.twist = (_, honest) => honest()
    await back(town, alice)
    await inTime(town, () => alice.messenger.connection().mailboxes[0]?.state, 'reachable')
    await inTime(town, () => stateOf(alice, message), 'held')
    expectNothingTwice(2)
  })

  it('that goes down while it is read is read on, through a restart of the reader, and nothing comes twice', async () => {
    space = await settle(town, alice, bob)
    await away(town, bob)
    const texts = Array.from({ length: 100 }, (_, i) => `message ${i}`)
    for (const text of texts.slice(1)) await say(alice, text)
    await leave(town, alice, 'message 0')
    await away(town, alice)
    let pages = 0
    mailbox.twist = (_, honest) => {
      const answer = honest()
      if (answer.kind !== 'page' || answer.objects.length === 0) return answer
      pages += 1
      return pages === 1 ? answer : null
    }
    await back(town, bob)
    await inTime(town, () => stateIn(bob), 'unreachable')
    await eventually(() => heard(bob).length > 0 && heard(bob).length < 100, true)
    mailbox.twist = (_, honest) => honest()
    await back(town, bob)
    await inTime(town, () => heard(bob).length, 100)
    expect(new Set(heard(bob))).toEqual(new Set(texts))
    expect(bob.messenger.connection().missing).toEqual([])
  })

  it('is asked when the network is another, without waiting for the next time', async () => {
    space = await settle(town, alice, bob)
    town.clock.advance(10_000)
    await eventually(() => mailbox.asked.length > 0, true)
    const before = mailbox.asked.length
    const { network } = bob.messenger
    if (!(network instanceof MemoryNetwork)) throw new Error('a memory network')
    network.move()
    await eventually(() => mailbox.asked.length > before, true)
  })
})
