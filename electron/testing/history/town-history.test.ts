import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MemberId, MessageId } from '../../../shared/domain/ids.ts'
import type { HistoryPolicy, Space } from '../../../shared/domain/models.ts'
import { encodeContent } from '../../sync/content/mimi-content.ts'
import { takeHistory } from '../../sync/history/take-history.ts'
import { fromHex } from '../../kernel/bytes.ts'
import { channelOf, eventually, groupOf, heard, joinBy, makeTown, say } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/** Whole messengers with real MLS: what a newcomer is given of what was said before. */
let town: Town
let alice: Resident
let bob: Resident
let carol: Resident
let space: Space
beforeEach(async () => {
  town = await makeTown('town history')
  ;[alice, bob, carol] = [await town.arrive('Alice'), await town.arrive('Bob'), await town.arrive('Carol')]
  space = await alice.api['spaces.create']({ name: 'Friends' })
  await joinBy(alice, space, bob)
})
afterEach(() => town.end())

const inTime = (what: () => unknown, expected: unknown) =>
  eventually(() => {
    town.clock.advance(50)
    return what()
  }, expected)
const allow = (history: HistoryPolicy) => alice.api['spaces.setHistory']({ spaceId: space.spaceId, history })
const sayAll = async (...texts: string[]) => {
  for (const text of texts) {
    town.clock.advance(1_000)
    await say(alice, text)
    await inTime(() => heard(bob).includes(text), true)
  }
}
const page = async (who: Resident) =>
  (await who.api['messages.page']({ channelId: channelOf(who), limit: 50, before: null, after: null, around: null })).messages
/** Whoever is connected first gives it. */
const anyOfThem: unknown = expect.stringMatching(/^(Alice|Bob)$/)
const settled = async (who: Resident) => (await who.api['spaces.list']({}))[0]?.gettingHistoryFrom

describe('who comes into a space that gives newcomers everything', () => {
  it('gets it from a member, told who gave it, unread by none and delivered by none', async () => {
    await allow({ kind: 'all' })
    await sayAll('one', 'two', 'three')
    await joinBy(alice, space, carol)
    await inTime(() => heard(carol), ['one', 'two', 'three'])
    for (const message of await page(carol))
      expect(message).toMatchObject({
        author: { name: 'Alice', self: false },
        sharedBy: { name: anyOfThem },
        delivery: { state: 'delivered' },
      })
    expect((await carol.api['spaces.list']({}))[0]?.channels[0]).toMatchObject({ unread: 0 })
    await inTime(() => settled(carol), null)
    await say(alice, 'four')
    await inTime(() => heard(carol), ['one', 'two', 'three', 'four'])
    expect((await page(carol)).map(({ sharedBy }) => sharedBy?.name ?? null)).toEqual([null, anyOfThem, anyOfThem, anyOfThem])
    expect((await carol.api['spaces.list']({}))[0]?.channels[0]).toMatchObject({ unread: 1 })
  })

  it('finds it, deletes it, and goes on after a restart without having it twice', async () => {
    await allow({ kind: 'all' })
    await sayAll('apples', 'pears')
    await joinBy(alice, space, carol)
    await inTime(() => heard(carol), ['apples', 'pears'])
    const find = (text: string) =>
      carol.api['messages.search']({ text, spaceId: null, channelId: null, order: 'newest', limit: 9, before: null })
    expect((await find('apples')).hits.map((hit) => hit.message.sharedBy?.name)).toEqual([anyOfThem])
    const [, apples] = await page(carol)
    if (apples === undefined) throw new Error('there are two')
    await carol.api['messages.deleteForMe']({ messageId: apples.messageId })
    await carol.restart()
    town.hub.retryAll()
    await say(alice, 'plums')
    await inTime(() => heard(carol), ['pears', 'plums'])
  })

  it('gets it from whoever is there, of members who are gone, too', async () => {
    await allow({ kind: 'all' })
    await say(bob, 'bye')
    await inTime(() => heard(alice).includes('bye'), true)
    const self = bob.messenger.group(groupOf(bob)).self
    await alice.api['members.remove']({ spaceId: space.spaceId, memberId: self })
    await joinBy(alice, space, carol)
    await inTime(() => heard(carol), ['bye'])
    expect((await page(carol))[0]).toMatchObject({ author: { name: 'Bob' }, sharedBy: { name: 'Alice' } })
    expect((await carol.api['members.list']({ spaceId: space.spaceId })).map((m) => m.name)).toEqual(['Alice', 'Carol'])
  })
})

describe('who comes into a space that gives newcomers', () => {
  it('the last few of each channel gets no more', async () => {
    await allow({ kind: 'last', count: 2 })
    await sayAll('one', 'two', 'three')
    await joinBy(alice, space, carol)
    await inTime(() => heard(carol), ['two', 'three'])
    await inTime(() => settled(carol), null)
    await say(alice, 'four')
    await inTime(() => heard(carol), ['two', 'three', 'four'])
  })

  it('nothing asks for nothing', async () => {
    await sayAll('one')
    let asked = 0
    const { onHistory } = alice.handlers
    alice.handlers.onHistory = (...question) => {
      asked++
      return onHistory(...question)
    }
    await joinBy(alice, space, carol)
    await say(alice, 'two')
    await inTime(() => heard(carol), ['two'])
    expect(asked).toBe(0)
  })
})

describe('a member who asks for more than it may have', () => {
  const ask = (who: Resident, after: Parameters<Resident['handlers']['onHistory']>[1]['after'] = null) =>
    alice.handlers.onHistory(
      { groupId: groupOf(alice), memberId: who.messenger.group(groupOf(who)).self },
      { groupId: groupOf(alice), after },
    )

  it('gets nothing of what was said since it came, and not more than the last few, wherever it says to begin', async () => {
    await sayAll('before Carol', 'just before Carol')
    await joinBy(alice, space, carol)
    expect(await ask(carol)).toEqual({ kind: 'none' })
    await allow({ kind: 'last', count: 1 })
    await sayAll('after Carol')
    const first = await ask(carol)
    expect(first).toMatchObject({ kind: 'page', next: null, messages: [{ name: 'Alice' }] })
    const [oldest] = alice.store.messages.page(channelOf(alice), 9, null).messages.slice(-2)
    if (oldest === undefined) throw new Error('there are three')
    expect(await ask(carol, { channelId: channelOf(alice), lamport: oldest.lamport, messageId: oldest.messageId })).toMatchObject({
      messages: [],
    })
    expect(await ask(carol, { channelId: channelOf(alice), lamport: Number.MAX_SAFE_INTEGER, messageId: oldest.messageId })).toEqual(first)
  })

  it('and was there before who answers, or is in no more, gets nothing', async () => {
    await allow({ kind: 'all' })
    await sayAll('one')
    const answer = await bob.handlers.onHistory(
      { groupId: groupOf(bob), memberId: alice.messenger.group(groupOf(alice)).self },
      { groupId: groupOf(bob), after: null },
    )
    expect(answer).toEqual({ kind: 'none' })
    const stranger = { groupId: groupOf(alice), memberId: 'ee'.repeat(16) as MemberId }
    expect(await alice.handlers.onHistory(stranger, { groupId: groupOf(alice), after: null })).toEqual({ kind: 'none' })
  })
})

describe('a member who gives what was never said', () => {
  const forged = (author: MemberId, messageId: MessageId, lamport: number, text: string) => ({
    author,
    name: 'Mallory',
    content: encodeContent({
      salt: fromHex(messageId),
      inReplyTo: null,
      topicId: fromHex(channelOf(carol)),
      extensions: { seq: 1, prev: null, lamport, sentAt: lamport },
      text,
    }),
  })
  const give = (messages: ReturnType<typeof forged>[]) => {
    const { tip } = carol.messenger.group(groupOf(carol))
    const sharer = bob.messenger.group(groupOf(bob)).self
    return carol.store.transaction((tx) => takeHistory(tx, tip, sharer, messages))
  }

  it('puts no words into the mouth of this device, nothing after its coming, and takes the place of nothing that is here', async () => {
    await joinBy(alice, space, carol)
    const said = await say(carol, 'mine')
    const { self, tip } = carol.messenger.group(groupOf(carol))
    const other = alice.messenger.group(groupOf(alice)).self
    const theirs = await say(alice, 'theirs')
    await inTime(() => heard(carol), ['mine', 'theirs'])
    const later = tip.row.createdAt + 3_600_000
    const ids = ['01', '02'].map((byte) => byte.repeat(16) as MessageId)
    const [one, two] = [ids[0] ?? said.messageId, ids[1] ?? said.messageId]
    expect(
      give([forged(self, one, 5, 'I agree'), forged(other, two, later, 'later'), forged(other, theirs.messageId, 5, 'other words')]),
    ).toEqual([])
    expect(give([forged(other, said.messageId, 5, 'in its place')])).toHaveLength(1)
    expect((await carol.api['messages.get']({ messageId: said.messageId })).text).toBe('mine')
  })

  it('before its author sends it: what its author sends is what stays', async () => {
    await joinBy(alice, space, carol)
    await inTime(() => carol.messenger.network.sessions().filter((s) => s.state === 'ready').length > 0, true)
    const group = carol.messenger.group(groupOf(carol))
    const real = await bob.api['messages.send']({ channelId: channelOf(bob), text: 'the truth', replyTo: null })
    const author = bob.messenger.group(groupOf(bob)).self
    const forgedFirst = give([forged(author, real.messageId, 5, 'a lie')])
    await inTime(() => heard(carol).includes('the truth'), true)
    await group.idle()
    expect(forgedFirst.length).toBeLessThanOrEqual(1)
    expect((await page(carol)).map(({ text, sharedBy }) => [text, sharedBy])).toEqual([['the truth', null]])
  })
})
