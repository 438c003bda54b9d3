import type { Connection, Join, Member, Message, ProfileStatus, Settings, Space } from '../domain/models.ts'
import type { Task } from '../domain/tasks.ts'
import type { ChannelId, MessageId, SpaceId } from '../domain/ids.ts'

/** What the node tells its listeners. Each event carries the whole new value, so a listener never has to ask again. */
export interface NodeEvents {
  'profile.changed': ProfileStatus
  'settings.changed': Settings
  'spaces.changed': Space[]
  'members.changed': { spaceId: SpaceId; members: Member[] }
  /** A message that is new in this device's history, its own included. */
  'message.added': Message
  /** The same message with another delivery state. */
  'message.changed': Message
  /** Messages were deleted from this device; `messageIds` is null when they are too many to name: read the channel again. */
  'messages.removed': { channelId: ChannelId; messageIds: MessageId[] | null }
  'channel.read': { channelId: ChannelId; unread: number; readSeq: number }
  'task.changed': Task
  'join.changed': Join
  'connection.changed': Connection
  /** A `spacepanda:` link was opened from outside; the window asks before it joins. */
  'link.opened': { link: string }
  /** The notice of a message was clicked: the window goes there. Without a message to where reading stopped. */
  'notice.opened': { spaceId: SpaceId; channelId: ChannelId; messageId: MessageId | null }
}

export type NodeEventName = keyof NodeEvents
export type NodeEvent = { [N in NodeEventName]: { event: N; data: NodeEvents[N] } }[NodeEventName]
