import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemRandom } from '../../kernel/random.ts'
import { DAY_MS } from '../../sync/mailbox/day-keys.ts'
import { sealedHash } from '../../sync/mailbox/seal.ts'
import { receiptStatement } from '../../sync/mailbox/statements.ts'
import { MARK_BYTES } from '../../ports/mailbox.ts'
import type { MailboxAnswer } from '../../ports/mailbox.ts'
import { createMemoryMailboxStore } from '../fakes/memory-mailbox-store.ts'
import { away, back, heard, inTime, say, stateOf } from '../fixtures/town.ts'
import type { Resident } from '../fixtures/town.ts'
import { leave, makeTownWithoutBob, tipOf } from './mailbox-town.ts'
import type { MailboxTown, TestMailbox } from './mailbox-town.ts'

const HOUR = 3_600_000
/** Rounds are minutes apart. */
const STEP = 10_000
/** Of one that makes up what it gives. */
const marks = { mark: new Uint8Array(MARK_BYTES), nextMark: new Uint8Array(MARK_BYTES) }

/** Two mailboxes, of which one is not what it should be. */
describe('of two mailboxes one that', () => {
  let town: MailboxTown
  let good: TestMailbox
  let bad: TestMailbox
  let alice: Resident
  let bob: Resident

  beforeEach(async () => {
    ;({ town, first: good, last: bad, alice, bob } = await makeTownWithoutBob('two mailboxes', 2))
  })
  afterEach(() => town.end())
  const statusIn = (resident: Resident, mailbox: TestMailbox) =>
    resident.messenger.connection().mailboxes.find(({ peerId }) => peerId === mailbox.peerId)
  const withheld = (resident: Resident, mailbox: TestMailbox) => statusIn(resident, mailbox)?.withheld
  const fetched = (resident: Resident) =>
    inTime(town, () => [good, bad].every((each) => statusIn(resident, each)?.lastFetchedAt != null), true)
  const nothing = (after: number): MailboxAnswer => ({ kind: 'page', objects: [], next: after, more: false, mark: null, nextMark: null })
  const nextRound = async (resident: Resident, ...mailboxes: TestMailbox[]) => {
    const last = town.clock.now()
    await inTime(town, () => mailboxes.every((each) => (statusIn(resident, each)?.lastFetchedAt ?? 0) > last), true, STEP)
  }
  const bobHas = async (...texts: string[]) => {
    await away(town, alice)
    await back(town, bob)
    await inTime(town, () => heard(bob), texts)
    expect(tipOf(bob)).toBe(tipOf(alice))
  }

  it('is given all that the other is given', async () => {
    await leave(town, alice, 'hello')
    await inTime(town, () => bad.store.usage(), good.store.usage())
    await bobHas('hello')
    await fetched(bob)
    expect([withheld(bob, good), withheld(bob, bad)]).toEqual([0, 0])
  })

  it('withholds is noticed, by who reads and by who wrote, and keeps nobody from anything', async () => {
    await leave(town, alice, 'hello')
    await inTime(town, () => bad.store.usage(), good.store.usage())
    bad.twist = (request, honest) => (request.kind === 'get' ? nothing(request.after) : honest())
    const kept = good.store.usage().objects
    await inTime(town, () => withheld(alice, bad), kept, STEP)
    await bobHas('hello')
    await inTime(town, () => withheld(bob, bad), kept, STEP)
    expect([withheld(bob, good), withheld(alice, good)]).toEqual([0, 0])
    // It is remembered when the day is over, and counted once.
    town.clock.advance(DAY_MS + HOUR)
    await fetched(bob)
    await inTime(town, () => withheld(bob, bad), kept, STEP)
  })

  it('makes up objects makes nobody say that the other withholds them', async () => {
    await leave(town, alice, 'hello')
    await inTime(town, () => bad.store.usage(), good.store.usage())
    const madeUp = Array.from({ length: 8 }, () => systemRandom.bytes(1_052))
    bad.twist = (request, honest) => {
      const answer = honest()
      if (answer.kind !== 'page' || request.kind !== 'get' || answer.more || request.after >= 1_000) return answer
      return { kind: 'page', objects: [...answer.objects, ...madeUp], next: 1_000 + answer.objects.length, more: false, ...marks }
    }
    await bobHas('hello')
    for (let rounds = 0; rounds < 3; rounds += 1) await nextRound(bob, good, bad)
    expect(withheld(bob, good)).toBe(0)
  })

  it('answers slowly, and always has more, keeps nobody from what lies in the other', async () => {
    await back(town, bob)
    const { network } = bob.messenger
    const quickly = network.mailbox.bind(network)
    network.mailbox = async (peer, request, signal) => {
      if (peer.peerId !== bad.peerId || request.kind !== 'get') return quickly(peer, request, signal)
      const slowly = Promise.withResolvers<null>()
      town.clock.after(29_000, () => slowly.resolve(null))
      signal.addEventListener('abort', () => slowly.resolve(null))
      await slowly.promise
      return { kind: 'page', objects: [], next: request.after + 1, more: true, ...marks }
    }
    await nextRound(bob, good)
    town.hub.partition(alice.peerId, bob.peerId)
    const message = await say(alice, 'by the honest one')
    await inTime(town, () => stateOf(alice, message), 'held')
    for (let rounds = 0; rounds < 2; rounds += 1) await nextRound(bob, good)
    expect(heard(bob)).toEqual(['by the honest one'])
  })

  it('falls silent between two pages lacks nothing of the first', async () => {
    for (const text of ['a', 'b', 'c']) await leave(town, alice, text)
    await inTime(town, () => bad.store.usage(), good.store.usage())
    let isSilent = false
    bad.twist = (request, honest) => {
      if (request.kind !== 'get') return honest()
      // Once.
      if (request.after > 0 && !isSilent) {
        isSilent = true
        return null
      }
      return { kind: 'page', ...bad.store.page(request.tag, request.after, { objects: 1, bytes: 1_000_000 }) }
    }
    await bobHas('a', 'b', 'c')
    for (let rounds = 0; rounds < 3; rounds += 1) await nextRound(bob, good, bad)
    expect([isSilent, withheld(bob, good), withheld(bob, bad)]).toEqual([true, 0, 0])
  })

  it('lost its disk is given everything again, and holds nothing until then', async () => {
    town.hub.setMailbox(good.peerId, null)
    const message = await say(alice, 'before')
    await inTime(town, () => stateOf(alice, message), 'held')
    await nextRound(alice, bad)
    const { objects } = bad.store.usage()
    expect(objects).toBeGreaterThan(0)
    bad.restart(createMemoryMailboxStore())
    const kept = bad.twist
    bad.twist = (request, honest) => (request.kind === 'put' ? null : honest())
    await inTime(town, () => stateOf(alice, message), 'stored', STEP)
    bad.twist = kept
    await inTime(town, () => stateOf(alice, message), 'held', STEP)
    expect(bad.store.usage().objects).toBe(objects)
  })

  it('lost its disk holds nothing any more of days that were over', async () => {
    town.hub.setMailbox(good.peerId, null)
    const message = await say(alice, 'yesterday')
    await inTime(town, () => stateOf(alice, message), 'held')
    town.clock.advance(DAY_MS + HOUR)
    await nextRound(alice, bad)
    const today = await say(alice, 'today')
    await inTime(town, () => stateOf(alice, today), 'held')
    await nextRound(alice, bad)
    bad.restart(createMemoryMailboxStore())
    bad.twist = (request, honest) => (request.kind === 'put' ? null : honest())
    await inTime(town, async () => [await stateOf(alice, message), await stateOf(alice, today)], ['stored', 'stored'], STEP)
  })

  it.each(['lost its disk', 'has an older copy of it'])('%s gives what was put since to those who had read it before', async (what) => {
    town.hub.setMailbox(good.peerId, null)
    const texts = ['a', 'b', 'c', 'd', 'e']
    await leave(town, alice, 'a')
    const older = what === 'lost its disk' ? createMemoryMailboxStore() : bad.store.copy()
    for (const text of texts.slice(1)) await leave(town, alice, text)
    await bobHas(...texts)
    await nextRound(bob, bad)
    await away(town, bob)
    bad.restart(older)
    await back(town, alice)
    // On the same day, and they never meet.
    const message = await say(alice, 'after')
    await inTime(town, () => stateOf(alice, message), 'held')
    await away(town, alice)
    await back(town, bob)
    await inTime(town, () => heard(bob), [...texts, 'after'], STEP)
  })

  it('says each time that it lost its disk is not read anew for ever, and is relied on no more', async () => {
    await leave(town, alice, 'hello')
    await inTime(town, () => bad.store.usage(), good.store.usage())
    bad.twist = (_, honest) => {
      const answer = honest()
      return answer.kind === 'page' ? { ...answer, ...(answer.mark && { mark: systemRandom.bytes(MARK_BYTES) }) } : answer
    }
    await inTime(town, () => statusIn(alice, bad)?.state, 'untrusted', STEP)
    const anew = () => bad.asked.filter((request) => request.kind === 'get' && request.after === 0).length
    const before = anew()
    town.clock.advance(HOUR)
    await nextRound(alice, good)
    town.clock.advance(HOUR)
    await nextRound(alice, good)
    expect([anew() - before, statusIn(alice, bad)?.state, statusIn(alice, good)?.state]).toEqual([0, 'untrusted', 'reachable'])
  })

  it('lost its disk three times on one day is believed', async () => {
    for (const text of ['a', 'b', 'c']) {
      await leave(town, alice, text)
      await inTime(town, () => bad.store.usage().objects > 0, true, STEP)
      await nextRound(alice, bad)
      bad.restart(createMemoryMailboxStore())
      await nextRound(alice, bad)
    }
    await inTime(town, () => bad.store.usage().objects, good.store.usage().objects, STEP)
    expect(statusIn(alice, bad)?.state).toBe('reachable')
  })

  it.each([900, -2])('says of what it took that it has it since %s years from now is not believed', async (years) => {
    town.hub.setMailbox(good.peerId, null)
    bad.twist = (request, honest) => {
      if (request.kind !== 'put') return honest()
      const storedAt = town.clock.now() + years * 365 * DAY_MS
      const keptUntil = storedAt + 5_000 * DAY_MS
      const receipts = request.objects.map((object) => ({
        ...{ storedAt, keptUntil },
        signature: bad.sign(receiptStatement({ tag: request.tag, hash: sealedHash(object), storedAt, keptUntil })),
      }))
      return { kind: 'stored', receipts }
    }
    const message = await say(alice, 'hello')
    await inTime(town, () => statusIn(alice, bad)?.state, 'untrusted', STEP)
    expect(await stateOf(alice, message)).toBe('stored')
  })

  it('breaks its word is noticed where it is the only one, and its word counts no more', async () => {
    town.hub.setMailbox(good.peerId, null)
    const message = await say(alice, 'hello')
    await inTime(town, () => stateOf(alice, message), 'held')
    const kept = bad.store.usage().objects
    bad.twist = () => null
    bad.store.sweep(Number.MAX_SAFE_INTEGER, { objects: 1_000, bytes: 1_000_000 })
    await inTime(town, () => statusIn(alice, bad)?.state, 'unreachable')
    bad.twist = (request) => (request.kind === 'get' ? nothing(request.after) : null)
    await inTime(town, () => withheld(alice, bad), kept, STEP)
    await inTime(town, () => stateOf(alice, message), 'stored', STEP)
    // Should it have lost them honestly, it is given them again.
    bad.twist = (_, honest) => honest()
    await inTime(town, () => stateOf(alice, message), 'held', STEP)
    expect(bad.store.usage().objects).toBe(kept)
  })

  it('forges objects, and says the same over and over, is read past', async () => {
    await leave(town, alice, 'hello')
    await inTime(town, () => bad.store.usage(), good.store.usage())
    const whole = tipOf(alice)
    bad.twist = (_, honest) => {
      const answer = honest()
      if (answer.kind !== 'page' || answer.objects.length === 0) return answer
      const [first = new Uint8Array()] = answer.objects
      return { ...answer, objects: [first.map((byte, i) => (i === 700 ? byte ^ 1 : byte)), first.toReversed()], next: answer.next + 2 }
    }
    await bobHas('hello')
    expect(tipOf(bob)).toBe(whole)
    await inTime(town, () => (withheld(bob, bad) ?? 0) > 0, true, STEP)
    expect(bob.messenger.connection().missing).toEqual([])
  })

  it('gives what was put under one tag under others, too, changes nothing by it', async () => {
    await leave(town, alice, 'hello')
    await inTime(town, () => bad.store.usage(), good.store.usage())
    const all = bad.asked.flatMap((request) => (request.kind === 'put' ? request.objects : []))
    bad.twist = (request, honest) =>
      request.kind === 'get'
        ? { kind: 'page', objects: all, next: request.after + all.length, more: request.after < 500, ...marks }
        : honest()
    town.clock.advance(DAY_MS)
    await bobHas('hello')
    expect(heard(bob)).toEqual(['hello'])
  })

  it('gives everything in the wrong order is read all the same', async () => {
    town.hub.setMailbox(good.peerId, null)
    const [space] = await alice.api['spaces.list']({})
    if (space === undefined) throw new Error('there is a space')
    for (const name of ['one', 'two', 'three']) {
      await alice.api['channels.create']({ spaceId: space.spaceId, name, kind: 'open' })
      await leave(town, alice, name)
    }
    bad.twist = (_, honest) => {
      const answer = honest()
      return answer.kind === 'page' ? { ...answer, objects: answer.objects.toReversed() } : answer
    }
    await bobHas('one', 'two', 'three')
  })

  it('gives receipts that do not hold is not believed', async () => {
    town.hub.setMailbox(good.peerId, null)
    bad.twist = (_, honest) => {
      const answer = honest()
      if (answer.kind !== 'stored') return answer
      return { ...answer, receipts: answer.receipts.map((receipt) => ({ ...receipt, keptUntil: receipt.keptUntil + 1 })) }
    }
    const message = await say(alice, 'hello')
    await inTime(town, () => statusIn(alice, bad)?.state, 'untrusted')
    expect(await stateOf(alice, message)).toBe('stored')
  })

  it.each([
    ['tag-full', 'full'],
    ['mailbox-full', 'full'],
    ['clock', 'clock'],
    ['signature', 'untrusted'],
  ] as const)('refuses with %s is shown as %s, and the other has it', async (code, state) => {
    bad.twist = (request, honest) => (request.kind === 'put' ? { kind: 'refused', code } : honest())
    const message = await say(alice, 'hello')
    await inTime(town, () => stateOf(alice, message), 'held')
    await inTime(town, () => statusIn(alice, bad)?.state, state)
    expect(statusIn(alice, good)?.state).toBe('reachable')
    await bobHas('hello')
  })

  it('is not used any more is given nothing, though it could not be reached before and now could', async () => {
    bad.twist = () => null
    await leave(town, alice, 'hello')
    await inTime(town, () => statusIn(alice, bad)?.state, 'unreachable')
    town.used.splice(1, 1)
    bad.twist = (_, honest) => honest()
    const asked = bad.asked.length
    for (let n = 0; n < 40; n++) {
      town.clock.advance(30_000)
      await Promise.resolve()
    }
    await leave(town, alice, 'again')
    expect([bad.asked.length, statusIn(alice, bad)]).toEqual([asked, undefined])
  })

  it('asks to come later is left alone for so long', async () => {
    bad.twist = () => ({ kind: 'later', afterMs: 300_000 })
    await leave(town, alice, 'hello')
    const asked = bad.asked.length
    await leave(town, alice, 'again')
    expect(bad.asked.length).toBe(asked)
  })

  it('never ends its pages is left after so many', async () => {
    town.hub.setMailbox(good.peerId, null)
    await leave(town, alice, 'hello')
    const [sealed] = bad.asked.flatMap((request) => (request.kind === 'put' ? request.objects : []))
    if (sealed === undefined) throw new Error('something was put')
    bad.twist = (request, honest) =>
      request.kind === 'get' ? { kind: 'page', objects: [sealed], next: request.after + 1, more: true, ...marks } : honest()
    await away(town, alice)
    await back(town, bob)
    await inTime(town, () => statusIn(bob, bad)?.state, 'untrusted')
    const asked = bad.asked.length
    town.clock.advance(30 * 60_000)
    await away(town, bob)
    expect(bad.asked.length).toBe(asked)
  }, 30_000)
})
