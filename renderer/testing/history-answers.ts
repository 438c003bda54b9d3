import type { ChannelId } from '../../shared/domain/ids.ts'
import type { Channel, Message, SearchHit } from '../../shared/domain/models.ts'
import { accept, refuse } from './fake-node.ts'
import type { Answers, FakeBridge } from './fake-node.ts'
import { makeMessage } from './make.ts'

type Of =
  | 'drafts.list'
  | 'drafts.put'
  | 'messages.send'
  | 'messages.get'
  | 'messages.page'
  | 'messages.search'
  | 'messages.deleteForMe'
  | 'messages.markRead'

export const channelOf = ({ world }: FakeBridge, channelId: string): Channel | undefined =>
  world.spaces.flatMap((space) => space.channels).find((known) => known.channelId === channelId)

/** Where a landing is in a channel's messages, oldest first; -1 when there is nothing to land on. */
function landingIndex(
  all: readonly Message[],
  channel: Channel | undefined,
  around: Parameters<Answers['messages.page']>[1]['around'],
): number {
  switch (around?.kind) {
    case 'message':
      return all.findIndex((message) => message.messageId === around.messageId)
    case 'date': {
      const index = all.findIndex((message) => message.sentAt >= around.at)
      return index < 0 ? all.length - 1 : index
    }
    case 'unread':
      return all.findIndex((message) => !message.author.self && message.seq > (channel?.readSeq ?? 0))
    case undefined:
      return -1
  }
}

/** A part of the text around the first of `words`, and where they are in it. */
function excerptOf(text: string, words: readonly string[]): Pick<SearchHit, 'excerpt' | 'matches'> {
  const lower = text.toLowerCase()
  const matches = words.map((word): [number, number] => [lower.indexOf(word), lower.indexOf(word) + word.length])
  return { excerpt: text, matches: matches.sort((a, b) => a[0] - b[0]) }
}

/** Cursors of the fake node are positions: `seq` of the message they stand at. */
export const historyAnswers: Pick<Answers, Of> = {
  'drafts.list': (fake) => accept(fake.world.drafts),
  'drafts.put': ({ world }, { channelId: id, text }) => {
    const draft = { channelId: id as ChannelId, text }
    const others = world.drafts.filter(({ channelId }) => channelId !== draft.channelId)
    world.drafts = draft.text === '' ? others : [...others, draft]
    return accept(null)
  },

  'messages.send': (fake, { channelId, text }) => {
    const channel = channelOf(fake, channelId)
    if (channel === undefined) return refuse('not-found')
    const seq = Math.max(0, ...fake.world.messages.map((message) => message.seq)) + 1
    const delivery = { state: 'stored' as const, delivered: 0, read: 0, recipients: 1, reason: null }
    const message = makeMessage(channel.channelId, seq, 'Alice', text, { delivery })
    fake.world.messages.push(message)
    fake.emit('message.added', message)
    return accept(message)
  },
  'messages.get': ({ world }, { messageId }) => {
    const found = world.messages.find((message) => message.messageId === messageId)
    return found === undefined ? refuse('not-found') : accept(found)
  },
  'messages.page': (fake, { channelId, limit = 50, before, after, around }) => {
    const all = fake.world.messages.filter((message) => message.channelId === channelId).sort((a, b) => a.seq - b.seq)
    const landing = landingIndex(all, channelOf(fake, channelId), around)
    if (around?.kind === 'message' && landing < 0) return refuse('not-found')
    const end =
      before != null
        ? all.filter((message) => message.seq < Number(before)).length
        : after != null
          ? Math.min(all.length, all.filter((message) => message.seq <= Number(after)).length + limit)
          : landing < 0
            ? all.length
            : Math.min(all.length, Math.max(0, landing - Math.floor(limit / 2)) + limit)
    const start = after != null ? all.filter((message) => message.seq <= Number(after)).length : Math.max(0, end - limit)
    const page = all.slice(start, end)
    return accept({
      messages: page.toReversed(),
      nextCursor: start === 0 ? null : String(page[0]?.seq ?? before ?? 0),
      previousCursor: end === all.length ? null : String(page.at(-1)?.seq ?? after ?? 0),
    })
  },
  'messages.search': ({ world }, { text, channelId, spaceId, limit = 30, before }) => {
    const words = text.toLowerCase().replaceAll('"', '').split(/\s+/u).filter(Boolean)
    const from = before == null ? 0 : Number(before)
    const found = world.messages
      .filter((message) => words.every((word) => message.text.toLowerCase().includes(word)))
      .flatMap((message): SearchHit[] => {
        const space = world.spaces.find((known) => known.channels.some((channel) => channel.channelId === message.channelId))
        if (space === undefined || (spaceId != null && space.spaceId !== spaceId)) return []
        if (channelId != null && message.channelId !== channelId) return []
        return [{ message, spaceId: space.spaceId, ...excerptOf(message.text, words) }]
      })
      .sort((a, b) => b.message.seq - a.message.seq)
    const next = from + limit
    return accept({ hits: found.slice(from, next), nextCursor: next < found.length ? String(next) : null })
  },
  'messages.deleteForMe': (fake, { messageId }) => {
    const found = fake.world.messages.find((message) => message.messageId === messageId)
    if (found === undefined) return refuse('not-found')
    fake.world.messages = fake.world.messages.filter((message) => message !== found)
    fake.emit('messages.removed', { channelId: found.channelId, messageIds: [found.messageId] })
    return accept(null)
  },
  'messages.markRead': (fake, { channelId, seq }) => {
    const channel = channelOf(fake, channelId)
    if (channel === undefined) return refuse('not-found')
    channel.readSeq = Math.max(channel.readSeq, seq)
    channel.unread = fake.world.messages.filter(
      (message) => message.channelId === channelId && !message.author.self && message.seq > channel.readSeq,
    ).length
    fake.emit('channel.read', { channelId: channel.channelId, unread: channel.unread, readSeq: channel.readSeq })
    return accept(null)
  },
}
