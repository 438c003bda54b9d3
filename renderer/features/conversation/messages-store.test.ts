import { expect, it } from 'vitest'
import type { MessageId } from '../../../shared/domain/ids.ts'
import type { Channel } from '../../../shared/domain/models.ts'
import { createClient } from '../../bridge/client.ts'
import { createFakeBridge } from '../../testing/fake-bridge.ts'
import { accept, refuse } from '../../testing/fake-node.ts'
import { idOf, makeMessage, makeSpace } from '../../testing/make.ts'
import { worldWith } from '../../testing/world.ts'
import type { Ready } from './conversations.ts'
import { createMessagesStore } from './messages-store.ts'

const space = makeSpace('Choir')
const channel = space.channels[0] ?? expect.unreachable('no channel')
const { channelId } = channel
const say = (seq: number, author = 'Bob') => makeMessage(channelId, seq, author, `text ${seq}`)
const many = (count: number) => Array.from({ length: count }, (_, index) => say(index + 1))
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const unreadFrom = (readSeq: number, unread: number): Channel => ({ ...channel, readSeq, unread })

function begin(count: number) {
  const fake = createFakeBridge(worldWith(structuredClone(space), ['Bob'], { messages: many(count) }))
  const later: (() => void)[] = []
  const messages = createMessagesStore(createClient(fake), (work) => void later.push(work))
  messages.start()
  const conversation = () => messages.store.getState().conversations[channelId]
  const ready = (): Ready => {
    const now = conversation()
    return now?.kind === 'ready' ? now : expect.unreachable(`not ready: ${now?.kind ?? 'absent'}`)
  }
  const loaded = () => (conversation()?.kind === 'ready' ? ready().history.messages.map(({ seq }) => seq) : conversation()?.kind)
  /** What was put off until after drawing. */
  const draw = () => later.splice(0).forEach((work) => work())
  const putOff = () => later.length
  return { fake, messages, ready, loaded, draw, putOff, pages: () => fake.calls.filter(({ method }) => method === 'messages.page') }
}

it('reads the newest page, then older ones until the beginning', async () => {
  const { messages, loaded } = begin(100)
  await messages.open(channel)
  expect(loaded()).toEqual(range(41, 100))
  await messages.loadOlder(channelId)
  expect(loaded()).toHaveLength(100)
  await messages.loadOlder(channelId)
  expect(loaded()).toHaveLength(100)
})

it('cuts a run that much is added to once, not once for each message', async () => {
  const { fake, messages, loaded, draw, putOff } = begin(100)
  await messages.open(channel)
  draw()
  messages.watch(channelId, true)
  for (let seq = 101; seq <= 1_000; seq += 1) fake.emit('message.added', say(seq))
  expect(putOff()).toBe(1)
  draw()
  expect(loaded()).toEqual(range(641, 1_000))
  for (let seq = 1_001; seq <= 1_100; seq += 1) fake.emit('message.added', say(seq))
  draw()
  expect(loaded()).toEqual(range(741, 1_100))
})

it('asks once for an older page however often it is asked to', async () => {
  const { messages, pages } = begin(100)
  await messages.open(channel)
  await Promise.all([messages.loadOlder(channelId), messages.loadOlder(channelId), messages.loadOlder(channelId)])
  expect(pages()).toHaveLength(2)
})

it('has nothing more of a channel that was deleted with its space, should that come again', async () => {
  const { fake, messages, loaded } = begin(3)
  await messages.open(channel)
  await messages.markRead(channelId, 3)
  fake.emit('spaces.changed', [space])
  expect(loaded()).toEqual([1, 2, 3])
  fake.emit('spaces.changed', [])
  expect(loaded()).toBeUndefined()
  fake.emit('message.added', say(1))
  expect(loaded()).toBeUndefined()
  // Its messages are counted anew.
  await messages.markRead(channelId, 1)
  expect(fake.calls.filter(({ method }) => method === 'messages.markRead')).toHaveLength(2)
})

it('keeps messages told of while the first page is under way', async () => {
  const { fake, messages, loaded } = begin(2)
  const opening = messages.open(channel)
  fake.emit('message.added', say(3))
  await opening
  expect(loaded()).toEqual([1, 2, 3])
})

it('says that a page failed, and can try again', async () => {
  const { fake, messages, loaded } = begin(2)
  fake.on('messages.page', () => refuse('disk'))
  await messages.open(channel)
  expect(loaded()).toBe('failed')
  fake.on('messages.page', () => accept({ messages: many(2).reverse(), nextCursor: null, previousCursor: null }))
  await messages.open(channel)
  expect(loaded()).toEqual([1, 2])
})

it('shows an own message once, though answer and event both tell of it', async () => {
  const { messages, loaded } = begin(1)
  await messages.open(channel)
  expect(await messages.send(channelId, 'hello')).toBeNull()
  expect(loaded()).toEqual([1, 2])
})

it('marks each newest message read once, and again only if the node did not take it', async () => {
  const { fake, messages } = begin(1)
  const marks = () => fake.calls.filter(({ method }) => method === 'messages.markRead').length
  await Promise.all([messages.markRead(channelId, 5), messages.markRead(channelId, 5), messages.markRead(channelId, 4)])
  expect(marks()).toBe(1)
  fake.on('messages.markRead', () => refuse('disk'))
  await messages.markRead(channelId, 6)
  await messages.markRead(channelId, 6)
  expect(marks()).toBe(3)
})

it('opens at the first unread message, with what came before it', async () => {
  const { fake, messages, ready, loaded } = begin(500)
  const [known] = fake.world.spaces[0]?.channels ?? []
  if (known !== undefined) known.readSeq = 300
  await messages.open(unreadFrom(300, 200))
  expect(ready().unreadFrom).toBe(say(301).messageId)
  expect(ready().place).toEqual({ kind: 'unread', messageId: say(301).messageId })
  expect(loaded()).toEqual(range(241, 360))
})

it('jumps to a message far back, and pages both ways from there to the end', async () => {
  const { messages, ready, loaded } = begin(500)
  await messages.open(channel)
  await messages.jump(channelId, { kind: 'message', messageId: say(200).messageId })
  expect(ready().place).toEqual({ kind: 'message', messageId: say(200).messageId })
  expect(loaded()).toEqual(range(140, 259))
  await messages.loadOlder(channelId)
  await messages.loadNewer(channelId)
  expect(loaded()).toEqual(range(80, 319))
  for (let page = 0; page < 4; page += 1) await messages.loadNewer(channelId)
  expect(loaded()).toEqual(range(80, 500))
  expect(ready().history.newer.kind).toBe('none')
})

it('stays in the run that is loaded when that holds the message', async () => {
  const { messages, ready, pages } = begin(60)
  await messages.open(channel)
  const { run, place } = ready()
  await messages.jump(channelId, { kind: 'message', messageId: say(3).messageId })
  expect(pages()).toHaveLength(1)
  expect(ready().run).toBe(run)
  expect(ready().place).not.toBe(place)
})

it('jumps to a day: the first message of it, or the last there is', async () => {
  const { messages, ready } = begin(300)
  await messages.jump(channelId, { kind: 'date', at: say(100).sentAt - 1 })
  expect(ready().place).toEqual({ kind: 'message', messageId: say(100).messageId })
  await messages.jump(channelId, { kind: 'date', at: say(300).sentAt + 86_400_000 })
  expect(ready().place).toEqual({ kind: 'message', messageId: say(300).messageId })
})

it('says that a message is gone, and shows what there is', async () => {
  const { messages, ready, loaded } = begin(3)
  const gone = { kind: 'message' as const, messageId: idOf<MessageId>('gone') }
  await messages.jump(channelId, gone)
  expect(loaded()).toEqual([1, 2, 3])
  expect(ready().problem?.code).toBe('not-found')
  messages.dismissProblem(channelId)
  await messages.jump(channelId, gone)
  expect(ready().problem?.code).toBe('not-found')
  expect(loaded()).toEqual([1, 2, 3])
})

it('drops the answer to a jump that a later one overtook', async () => {
  const { fake, messages, ready } = begin(500)
  await messages.open(channel)
  let answer: () => void = () => expect.unreachable('not asked')
  fake.on('messages.page', async () => {
    await new Promise<void>((resolve) => (answer = resolve))
    return accept({ messages: [say(7)], nextCursor: null, previousCursor: 'x' })
  })
  const slow = messages.jump(channelId, { kind: 'message', messageId: say(7).messageId })
  const first = answer
  fake.on('messages.page', () => accept({ messages: [say(9)], nextCursor: null, previousCursor: 'x' }))
  await messages.jump(channelId, { kind: 'message', messageId: say(9).messageId })
  first()
  await slow
  expect(ready().place).toEqual({ kind: 'message', messageId: say(9).messageId })
})

it('keeps what is loaded bounded, and finds again what it let go of', async () => {
  const { messages, ready, loaded, draw } = begin(1_000)
  await messages.open(channel)
  for (let page = 0; page < 8; page += 1) {
    await messages.loadOlder(channelId)
    messages.settle(channelId)
    draw()
    expect(ready().history.messages.length).toBeLessThanOrEqual(360)
  }
  expect(loaded()).toEqual(range(461, 820))
  for (let page = 0; page < 4; page += 1) {
    await messages.loadNewer(channelId)
    messages.settle(channelId)
    draw()
  }
  expect(loaded()).toEqual(range(641, 1_000))
  expect(ready().history.newer.kind).toBe('none')
})

it('stays bounded though scrolling never rests', async () => {
  const { messages, ready, draw } = begin(2_000)
  await messages.open(channel)
  for (let page = 0; page < 25; page += 1) {
    await messages.loadOlder(channelId)
    draw()
    expect(ready().history.messages.length).toBeLessThanOrEqual(780)
  }
})

it('takes no page for a run that was replaced while it was under way', async () => {
  const { fake, messages, loaded } = begin(500)
  await messages.jump(channelId, { kind: 'message', messageId: say(250).messageId })
  let answer: () => void = () => expect.unreachable('not asked')
  fake.on('messages.page', async () => {
    await new Promise<void>((resolve) => (answer = resolve))
    return accept({ messages: [say(189)], nextCursor: null, previousCursor: null })
  })
  const older = messages.loadOlder(channelId)
  const first = answer
  fake.on('messages.page', () => accept({ messages: [say(500)], nextCursor: 'x', previousCursor: null }))
  await messages.toNewest(channelId)
  first()
  await older
  expect(loaded()).toEqual([500])
})

it('counts what comes while nobody sees the end, and forgets the count when somebody does', async () => {
  const { fake, messages, ready } = begin(3)
  await messages.open(channel)
  messages.watch(channelId, true)
  fake.emit('message.added', say(4))
  expect(ready().arrived).toBe(0)
  messages.watch(channelId, false)
  for (const next of [say(5), say(5), say(6), say(7, 'Alice')]) fake.emit('message.added', next)
  expect(ready().arrived).toBe(2)
  expect(ready().unreadFrom).toBe(say(5).messageId)
  messages.watch(channelId, true)
  expect(ready().arrived).toBe(0)
})

it('counts what comes beyond the end of an older run, and goes there when asked', async () => {
  const { fake, messages, ready, loaded } = begin(500)
  await messages.jump(channelId, { kind: 'message', messageId: say(100).messageId })
  fake.world.messages.push(say(501))
  fake.emit('message.added', say(501))
  expect(ready().arrived).toBe(1)
  expect(loaded()).toEqual(range(40, 159))
  await messages.toNewest(channelId)
  expect(loaded()).toEqual(range(442, 501))
  expect(ready().arrived).toBe(0)
  expect(ready().place).toEqual({ kind: 'end' })
})

it('comes back to the end after sending from far back', async () => {
  const { messages, ready, loaded } = begin(500)
  await messages.jump(channelId, { kind: 'message', messageId: say(100).messageId })
  await messages.send(channelId, 'here I am')
  await expect.poll(loaded).toEqual(range(442, 501))
  expect(ready().place.kind).toBe('end')
})

it('takes away what was deleted, its unread line too, and reads on when nothing is left', async () => {
  const { fake, messages, ready, loaded } = begin(70)
  await messages.open(unreadFrom(69, 1))
  fake.emit('messages.removed', { channelId, messageIds: [say(70).messageId, idOf<MessageId>('unknown')] })
  expect(loaded()).toEqual(range(1, 69))
  expect(ready().unreadFrom).toBeNull()
  fake.world.messages = many(5)
  await messages.toNewest(channelId)
  fake.emit('messages.removed', { channelId, messageIds: null })
  await expect.poll(loaded).toEqual([1, 2, 3, 4, 5])
})

it('reads around where the reader is when too many were deleted to name', async () => {
  const { fake, messages, loaded } = begin(500)
  await messages.jump(channelId, { kind: 'message', messageId: say(300).messageId })
  fake.world.messages = many(500).slice(290)
  fake.emit('messages.removed', { channelId, messageIds: null })
  await expect.poll(loaded).toEqual(range(291, 410))
})

it('deletes for oneself, also what was gone already, and says when it could not', async () => {
  const { fake, messages, loaded } = begin(3)
  await messages.open(channel)
  expect(await messages.deleteForMe(say(2))).toBeNull()
  expect(loaded()).toEqual([1, 3])
  fake.on('messages.deleteForMe', () => refuse('not-found'))
  expect(await messages.deleteForMe(say(3))).toBeNull()
  expect(loaded()).toEqual([1])
  fake.on('messages.deleteForMe', () => refuse('disk'))
  expect((await messages.deleteForMe(say(1)))?.code).toBe('disk')
  expect(loaded()).toEqual([1])
})

it('opens a channel again where its end is, whatever was looked at last', async () => {
  const { messages, ready, loaded, pages } = begin(500)
  await messages.jump(channelId, { kind: 'message', messageId: say(100).messageId })
  await messages.open(channel)
  expect(loaded()).toEqual(range(441, 500))
  await messages.open(unreadFrom(498, 2))
  expect(pages()).toHaveLength(2)
  expect(ready().place).toEqual({ kind: 'unread', messageId: say(499).messageId })
})

it('keeps few channels loaded', async () => {
  const { messages } = begin(1)
  for (let index = 0; index < 20; index += 1) await messages.open({ ...channel, channelId: idOf(`channel ${index}`) })
  expect(Object.keys(messages.store.getState().conversations)).toHaveLength(8)
})

it('does not grow without bound at an end that is open for days', async () => {
  const { fake, messages, ready, draw } = begin(10)
  await messages.open(channel)
  messages.watch(channelId, true)
  for (const seq of range(11, 900)) {
    fake.emit('message.added', say(seq))
    draw()
  }
  expect(ready().history.messages.length).toBeLessThanOrEqual(420)
  messages.watch(channelId, false)
  for (const seq of range(901, 2_000)) fake.emit('message.added', say(seq))
  expect(ready().history.messages.length).toBeLessThanOrEqual(720)
  expect(ready().arrived).toBe(1_100)
})
