import { expect, it } from 'vitest'
import { createClient } from '../../bridge/client.ts'
import { createFakeBridge } from '../../testing/fake-bridge.ts'
import { accept, refuse } from '../../testing/fake-node.ts'
import { makeMessage, makeSpace } from '../../testing/make.ts'
import { worldWith } from '../../testing/world.ts'
import { createMessagesStore } from './messages-store.ts'

const space = makeSpace('Choir')
const channelId = space.channels[0]?.channelId ?? ('' as never)
const many = (count: number) => Array.from({ length: count }, (_, index) => makeMessage(channelId, index + 1, 'Bob', `text ${index + 1}`))

function begin(count: number) {
  const fake = createFakeBridge(worldWith(space, ['Bob'], { messages: many(count) }))
  const messages = createMessagesStore(createClient(fake))
  messages.start()
  const loaded = () => {
    const conversation = messages.store.getState().conversations[channelId]
    return conversation?.kind === 'ready' ? conversation.history.messages.map(({ seq }) => seq) : conversation?.kind
  }
  return { fake, messages, loaded }
}

it('reads the newest page, then older ones until the beginning', async () => {
  const { messages, loaded } = begin(100)
  await messages.open(channelId, 0)
  expect(loaded()).toEqual(
    many(100)
      .slice(40)
      .map(({ seq }) => seq),
  )
  await messages.loadOlder(channelId)
  expect(loaded()).toHaveLength(100)
  await messages.loadOlder(channelId)
  expect(loaded()).toHaveLength(100)
})

it('asks once for an older page however often it is asked to', async () => {
  const { fake, messages } = begin(100)
  await messages.open(channelId, 0)
  await Promise.all([messages.loadOlder(channelId), messages.loadOlder(channelId), messages.loadOlder(channelId)])
  expect(fake.calls.filter(({ method }) => method === 'messages.page')).toHaveLength(2)
})

it('keeps messages told of while the first page is under way', async () => {
  const { fake, messages, loaded } = begin(2)
  const opening = messages.open(channelId, 0)
  fake.emit('message.added', makeMessage(channelId, 3, 'Bob', 'during'))
  await opening
  expect(loaded()).toEqual([1, 2, 3])
})

it('says that a page failed, and can try again', async () => {
  const { fake, messages, loaded } = begin(2)
  fake.on('messages.page', () => refuse('disk'))
  await messages.open(channelId, 0)
  expect(loaded()).toBe('failed')
  fake.on('messages.page', () => accept({ messages: many(2), nextCursor: null, previousCursor: null }))
  await messages.open(channelId, 0)
  expect(loaded()).toEqual([1, 2])
})

it('shows an own message once, though answer and event both tell of it', async () => {
  const { messages, loaded } = begin(1)
  await messages.open(channelId, 0)
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
