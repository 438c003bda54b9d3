import type { ChannelId, GroupId } from '../../shared/domain/ids.ts'
import type { StoredDraft } from '../../shared/domain/models.ts'
import { fromUtf8, utf8 } from '../kernel/bytes.ts'
import type { Repositories } from '../ports/store.ts'

/** What a person began to write in each channel. In the encrypted database only: a window that closes, or is locked, forgets all it knew. */
type Keeping = Pick<Repositories, 'settings'>

const key = (channelId: ChannelId): string => `draft/${channelId}`

export function readDrafts({ settings, directory }: Pick<Repositories, 'settings' | 'directory'>): StoredDraft[] {
  const channels = directory.spaces().flatMap(({ groupId }) => directory.channels(groupId))
  return channels.flatMap(({ channelId }) => {
    const text = settings.get(key(channelId))
    return text === null ? [] : [{ channelId, text: fromUtf8(text) }]
  })
}

/** An empty one is none. */
export function putDraft({ settings }: Keeping, { channelId, text }: StoredDraft): void {
  if (text === '') settings.delete(key(channelId))
  else settings.set(key(channelId), utf8(text))
}

export function dropDrafts(tx: Pick<Repositories, 'settings' | 'directory'>, groupId: GroupId): void {
  for (const { channelId } of tx.directory.channels(groupId)) tx.settings.delete(key(channelId))
}
