import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MessageId } from '../../../shared/domain/ids.ts'
import type { Message, SearchHit, Space } from '../../../shared/domain/models.ts'
import type { ArgsIn } from '../../../shared/ipc/contract.ts'
import { contract } from '../../../shared/ipc/contract.ts'
import { staleMark } from '../../storage/snapshots/stale.ts'
import { channelOf, eventually, groupOf, heard, joinBy, makeTown, say } from '../../testing/fixtures/town.ts'
import type { Resident, Town } from '../../testing/fixtures/town.ts'

let town: Town
let ann: Resident
let bob: Resident
let space: Space
beforeEach(async () => {
  town = await makeTown('messages-api')
  ann = await town.arrive('Ann')
  bob = await town.arrive('Bob')
  space = await ann.api['spaces.create']({ name: 'Friends' })
})
afterEach(() => town.end())

const nobody = 'ee'.repeat(16)
const page = (resident: Resident, wish: Omit<ArgsIn<'messages.page'>, 'channelId'> = {}) =>
  resident.api['messages.page'](contract['messages.page'].args.parse({ channelId: channelOf(resident), ...wish }))
const search = (resident: Resident, text: string, wish: Partial<ArgsIn<'messages.search'>> = {}) =>
  resident.api['messages.search'](contract['messages.search'].args.parse({ text, ...wish }))
const texts = ({ messages }: { messages: Message[] }): string[] => messages.map((m) => m.text)
const marked = ({ excerpt, matches }: SearchHit): string[] => matches.map(([from, to]) => excerpt.slice(from, to))

async function sayAll(resident: Resident, ...lines: string[]): Promise<Message[]> {
  const said: Message[] = []
  for (const line of lines) said.push(await say(resident, line))
  return said
}

describe('a page', () => {
  it('leads both ways, and lands on a message, a date, and what is unread', async () => {
    const [, , three] = await sayAll(ann, 'one', 'two', 'three', 'four', 'five')
    const first = await page(ann, { limit: 2 })
    expect([texts(first), first.previousCursor]).toEqual([['five', 'four'], null])
    const second = await page(ann, { limit: 2, before: first.nextCursor })
    expect(texts(second)).toEqual(['three', 'two'])
    expect(texts(await page(ann, { limit: 2, after: second.previousCursor }))).toEqual(['five', 'four'])
    expect(texts(await page(ann, { limit: 3, around: { kind: 'message', messageId: three?.messageId ?? nobody } }))).toEqual([
      'four',
      'three',
      'two',
    ])
    expect(texts(await page(ann, { limit: 1, around: { kind: 'date', at: 0 } }))).toEqual(['one'])
    expect(texts(await page(ann, { limit: 1, around: { kind: 'unread' } }))).toEqual(['five'])
  })

  it('has one place, in a channel that is there', async () => {
    await say(ann, 'one')
    await expect(page(ann, { before: '1.1.aa', around: { kind: 'unread' } })).rejects.toMatchObject({ code: 'invalid' })
    await expect(page(ann, { after: 'nonsense' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(page(ann, { around: { kind: 'message', messageId: nobody } })).rejects.toMatchObject({ code: 'not-found' })
    await expect(
      ann.api['messages.page']({ channelId: nobody as never, limit: 1, before: null, after: null, around: null }),
    ).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})

describe('a search', () => {
  it('gives the messages of others and our own with where they are and what was found', async () => {
    await joinBy(ann, space, bob)
    await sayAll(bob, 'Der Garten ist grün', 'gärtnern macht Freude')
    await eventually(() => heard(ann).length, 2)
    await say(ann, 'Garten? Ja!')
    const { hits, nextCursor } = await search(ann, 'gart')
    expect(hits.map((hit) => [hit.message.author.name, marked(hit)])).toEqual([
      ['Ann', ['Garten']],
      ['Bob', ['gärtnern']],
      ['Bob', ['Garten']],
    ])
    expect([hits.every((hit) => hit.spaceId === space.spaceId), nextCursor]).toEqual([true, null])
  })

  it('stays where it is told to, goes on from its cursor, and knows no channel that is not there', async () => {
    await sayAll(ann, 'jam one', 'jam two', 'jam three')
    const other = await ann.api['channels.create']({ spaceId: space.spaceId, name: 'other', kind: 'open' })
    await ann.api['messages.send']({ channelId: other.channelId, text: 'jam elsewhere', replyTo: null })
    const first = await search(ann, 'jam', { channelId: channelOf(ann), limit: 2 })
    const rest = await search(ann, 'jam', { channelId: channelOf(ann), limit: 2, before: first.nextCursor })
    expect([...first.hits, ...rest.hits].map((hit) => hit.message.text)).toEqual(['jam three', 'jam two', 'jam one'])
    expect((await search(ann, 'jam', { spaceId: space.spaceId })).hits).toHaveLength(4)
    expect((await search(ann, 'jam', { spaceId: nobody })).hits).toEqual([])
    expect((await search(ann, 'jam', { order: 'relevance' })).hits).toHaveLength(4)
    await expect(search(ann, 'jam', { channelId: nobody })).rejects.toMatchObject({ code: 'not-found' })
    await expect(search(ann, 'jam', { before: 'nonsense' })).rejects.toMatchObject({ code: 'invalid' })
  })

  it.each(['', '   ', '"', '***', '?!'])('for %j finds nothing', async (text) => {
    await say(ann, 'something')
    expect(await search(ann, text)).toEqual({ hits: [], nextCursor: null })
  })
})

describe('deleting for oneself', () => {
  const remove = (resident: Resident, messageId: MessageId) => resident.api['messages.deleteForMe']({ messageId })

  it('removes it here, says so, and leaves it with the others', async () => {
    await joinBy(ann, space, bob)
    const [message] = await sayAll(bob, 'secret plans', 'more')
    await eventually(() => heard(ann), ['secret plans', 'more'])
    const messageId = message?.messageId as MessageId
    const reply = await ann.api['messages.send']({ channelId: channelOf(ann), text: 'I see', replyTo: messageId })
    expect(await remove(ann, messageId)).toBeNull()
    expect([heard(ann), (await search(ann, 'secret')).hits]).toEqual([['more', 'I see'], []])
    expect(ann.events.slice(-2)).toEqual([
      { event: 'messages.removed', data: { channelId: channelOf(ann), messageIds: [messageId] } },
      { event: 'channel.read', data: { channelId: channelOf(ann), unread: 1, readSeq: 0 } },
    ])
    expect(staleMark(ann.store.settings)).not.toBeNull()
    await expect(ann.api['messages.get']({ messageId })).rejects.toMatchObject({ code: 'not-found' })
    expect((await ann.api['messages.get'](reply)).replyTo).toBe(messageId)
    await eventually(() => heard(bob), ['secret plans', 'more', 'I see'])
  })

  it('twice is once, and what never was is not there', async () => {
    const { messageId } = await say(ann, 'mine')
    await remove(ann, messageId)
    const told = ann.events.length
    expect(await remove(ann, messageId)).toBeNull()
    expect(ann.events).toHaveLength(told)
    await expect(remove(ann, nobody as MessageId)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('holds when others bring it again, and after restarts', async () => {
    await joinBy(ann, space, bob)
    const message = await say(bob, 'gone')
    await eventually(() => heard(ann), ['gone'])
    const object = bob.store.objects.get(bob.store.messages.get(message.messageId)?.objectId ?? ('' as never))
    await remove(ann, message.messageId)
    await bob.restart()
    await ann.restart()
    await say(bob, 'next')
    await eventually(() => heard(ann), ['next'])
    if (object === null) throw new Error('Bob has what he sent')
    const from = { groupId: groupOf(ann), memberId: bob.messenger.group(groupOf(bob)).self }
    const acks = await ann.handlers.onPush(from, {
      groupId: groupOf(ann),
      objects: [{ eid: object.eid, bytes: object.bytes }],
    })
    expect(acks).toEqual(['stored'])
    expect(heard(ann)).toEqual(['next'])
  })

  it('of one that others still lack brings it to them all the same', async () => {
    await joinBy(ann, space, bob)
    await bob.stop()
    town.hub.gone(bob.peerId)
    const { messageId } = await say(ann, 'for you')
    await remove(ann, messageId)
    await ann.restart()
    await bob.restart()
    await eventually(() => heard(bob), ['for you'])
    expect([heard(ann), ann.messenger.connection().queued]).toEqual([[], []])
  })
})

describe('how long a channel keeps its messages', () => {
  it('is chosen for each, and told with it', async () => {
    const set = await ann.api['channels.setKeepDays']({ channelId: channelOf(ann), keepDays: 30 })
    expect(set).toMatchObject({ channelId: channelOf(ann), keepDays: 30 })
    expect((await ann.api['spaces.list']({}))[0]?.channels[0]?.keepDays).toBe(30)
    expect(ann.events.at(-1)).toMatchObject({ event: 'spaces.changed', data: [{ channels: [{ keepDays: 30 }] }] })
    expect((await ann.api['channels.setKeepDays']({ channelId: channelOf(ann), keepDays: null })).keepDays).toBeNull()
    await expect(ann.api['channels.setKeepDays']({ channelId: nobody as never, keepDays: 1 })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('reading', () => {
  it('up to a message is told with the mark as it stands', async () => {
    await joinBy(ann, space, bob)
    await sayAll(bob, 'one', 'two')
    await eventually(() => heard(ann).length, 2)
    await ann.api['messages.markRead']({ channelId: channelOf(ann), seq: 99 })
    expect(ann.events.at(-1)).toEqual({ event: 'channel.read', data: { channelId: channelOf(ann), unread: 0, readSeq: 2 } })
    await ann.api['messages.markRead']({ channelId: channelOf(ann), seq: 1 })
    expect(ann.events.at(-1)).toMatchObject({ data: { readSeq: 2 } })
    expect((await ann.api['spaces.list']({}))[0]?.channels[0]).toMatchObject({ unread: 0, readSeq: 2 })
  })
})
