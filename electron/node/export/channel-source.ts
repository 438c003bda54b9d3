import type { ChannelId, MessageId } from '../../../shared/domain/ids.ts'
import { spaceOfGroup } from '../../../shared/domain/ids.ts'
import type { Channel, Message, Space } from '../../../shared/domain/models.ts'
import { AppError } from '../../kernel/errors.ts'
import { type Work, stopIfCancelled } from '../../kernel/work.ts'
import type { Repositories } from '../../ports/store.ts'
import { channelView, spaceOver } from '../views/channel-views.ts'
import { messageView } from '../views/views.ts'

/** Read and written at once: some 100 KB of text. */
const PAGE = 200

/** What an export is made of. */
export interface ChannelSource {
  space: Pick<Space, 'spaceId' | 'name'>
  channel: Pick<Channel, 'channelId' | 'name' | 'kind'>
  /** The oldest first, a page at a time; those that come meanwhile are the last. Throws `AppError('cancelled' | 'stopping')`. */
  pages(work: Work): AsyncGenerator<Message[]>
  /** A message that another one answers; null where it is not in this channel here. */
  message(messageId: MessageId): Message | null
}

/** Throws `AppError('not-found')`. */
export function channelSource(store: Repositories, channelId: ChannelId): ChannelSource {
  const channel = store.directory.channel(channelId)
  const space = channel === null ? null : store.directory.space(spaceOver(store, channel.groupId))
  if (channel === null || space === null) throw new AppError('not-found', 'There is no such channel.')
  const { name, kind } = channelView(store, channel)
  return {
    space: { spaceId: spaceOfGroup(space.groupId), name: space.name },
    channel: { channelId, name, kind },
    pages: (work) => pages(store, channelId, work),
    message: (messageId) => {
      const row = store.messages.get(messageId)
      return row?.channelId === channelId ? messageView(store, row) : null
    },
  }
}

async function* pages(store: Repositories, channelId: ChannelId, work: Work): AsyncGenerator<Message[]> {
  const { messages } = store
  // Numbers are given in the order of arrival and never again, so there are at most so many.
  const [newest] = messages.page(channelId, 1, null).messages
  let done = 0
  let slice = messages.around(channelId, PAGE, { kind: 'date', at: 0 })
  while (slice !== null && slice.messages.length > 0) {
    stopIfCancelled(work)
    yield slice.messages.map((row) => messageView(store, row)).reverse()
    done += slice.messages.length
    work.progress(done, Math.max(done, newest?.seq ?? 0))
    const { previousCursor } = slice
    slice = previousCursor === null ? null : messages.newer(channelId, PAGE, previousCursor)
  }
  work.progress(done, done)
}
