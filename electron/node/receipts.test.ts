import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Message, Space } from '../../shared/domain/models.ts'
import { channelOf, eventually, groupOf, heard, joinBy, makeTown, say, stateOf } from '../testing/fixtures/town.ts'
import type { Resident, Town } from '../testing/fixtures/town.ts'
import { usualSettings } from '../../shared/domain/usual-settings.ts'

let town: Town
let alice: Resident
let bob: Resident
let space: Space
beforeEach(async () => {
  town = await makeTown('receipts')
  ;[alice, bob] = [await town.arrive('Alice'), await town.arrive('Bob')]
  space = await alice.api['spaces.create']({ name: 'Friends' })
  await joinBy(alice, space, bob)
})
afterEach(() => town.end())

const reads = (who: Resident) => who.api['messages.markRead']({ channelId: channelOf(who), seq: 1_000_000 })
const collected = () => town.clock.advance(3_000)
const objects = (who: Resident): number => who.store.objects.since(groupOf(who), 0, null, 1_000).filter((o) => o.kind === 'message').length
const arrived = (text: string) => eventually(() => heard(bob).includes(text), true)
const setReceipts = (who: Resident, readReceipts: boolean) => who.api['settings.set']({ ...usualSettings, readReceipts })
const sayTo = async (text: string): Promise<Message> => {
  const message = await say(alice, text)
  await arrived(text)
  await eventually(() => stateOf(alice, message), 'delivered')
  return message
}

describe('what is read in one window', () => {
  it('is told to the others a moment later, and drawn in theirs', async () => {
    const message = await sayTo('hello')
    await reads(bob)
    expect(await stateOf(alice, message)).toBe('delivered')
    collected()
    await eventually(() => stateOf(alice, message), 'read')
    const told = alice.events.filter((e) => e.event === 'message.changed' && e.data.messageId === message.messageId)
    expect(told.at(-1)).toMatchObject({ data: { delivery: { state: 'read', delivered: 1, read: 1, recipients: 1 } } })
  })

  it('within a few seconds is one telling, of all that was read', async () => {
    // Bob says once that he follows the epoch: that is no telling.
    town.clock.advance(30_000)
    const self = bob.messenger.group(groupOf(bob)).self
    await eventually(() => bob.store.witnesses.of(groupOf(bob)).some(({ memberId }) => memberId === self), true)
    const before = bob.messenger.group(groupOf(bob)).tip.row.sentSeq
    const all: Message[] = []
    for (const text of ['one', 'two', 'three']) {
      all.push(await sayTo(text))
      await reads(bob)
    }
    collected()
    for (const message of all) await eventually(() => stateOf(alice, message), 'read')
    expect(bob.messenger.group(groupOf(bob)).tip.row.sentSeq).toBe(before + 1)
  })

  it('last before the profile closes is told, too', async () => {
    const message = await sayTo('good night')
    await reads(bob)
    await bob.restart()
    town.hub.retryAll()
    await eventually(() => stateOf(alice, message), 'read')
  })

  it('is not told where its person does not want that, nor later what was read meanwhile; and they do not see what others read', async () => {
    const theirs = await say(bob, 'from Bob')
    await eventually(() => heard(alice).includes('from Bob'), true)
    await reads(alice)
    collected()
    await eventually(() => stateOf(bob, theirs), 'read')
    await setReceipts(bob, false)
    expect(await stateOf(bob, theirs)).toBe('delivered')
    const [first, before] = [await sayTo('one'), objects(bob)]
    await reads(bob)
    collected()
    await setReceipts(bob, true)
    await reads(bob)
    collected()
    const second = await sayTo('two')
    expect([await stateOf(alice, first), objects(bob)]).toEqual(['delivered', before + 1])
    await reads(bob)
    collected()
    await eventually(() => stateOf(alice, second), 'read')
  })
})
