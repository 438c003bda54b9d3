import type { GroupId, MessageId } from '../../shared/domain/ids.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import type { GroupEvents } from '../sync/group/group-deps.ts'
import type { Correspondence } from './meeting/correspondence.ts'
import type { Departures } from './leaving/departures.ts'
import type { ForkWatch } from './fork-watch.ts'
import type { Mailboxes } from './mailbox/mailboxes.ts'
import type { MessengerDeps } from './messenger.ts'
import type { News } from './views/news.ts'
import type { Store, StoredMessage } from '../ports/store.ts'
import { messageView, messageViews } from './views/views.ts'

interface Parts extends Pick<MessengerDeps, 'store' | 'emit'> {
  groups: ReadonlyMap<GroupId, LiveGroup>
  news: News
  correspondence: Correspondence
  mailboxes: Mailboxes
  forks: ForkWatch
  departures: Departures
  epochChanged: (groupId: GroupId) => void
  outdated: () => void
}

/** What follows from what a group reports: whom it is told to, and who has to do something now. */
export function groupEvents({ store, emit, groups, news, correspondence, mailboxes, forks, departures, ...rest }: Parts): GroupEvents {
  return {
    messageAdded: (row) => {
      emit({ event: 'message.added', data: messageView(store, row) })
      if (groups.get(row.groupId)?.tip.settings.kind === 'direct' && isFirst(store, row)) news.spaces()
      // One of ours waits for somebody from now on.
      if (row.author === groups.get(row.groupId)?.self) news.connection()
    },
    deliveryChanged: (_groupId: GroupId, ids: readonly MessageId[]) => {
      for (const message of messageViews(store, ids)) emit({ event: 'message.changed', data: message })
      news.connection()
    },
    epochChanged: rest.epochChanged,
    objectStored: (groupId, object) => {
      const group = groups.get(groupId)
      if (group === undefined) return
      correspondence.objectStored(group, object)
      mailboxes.changed(groupId)
    },
    contested: (groupId) => forks.contested(groupId),
    intentFailed: () => news.connection(),
    ended: (groupId) => departures.ended(groupId),
    back: (groupId) => departures.back(groupId),
    outdated: rest.outdated,
  }
}

/** A conversation in which nothing was said may be one that is not shown beside another with the same person: now it is. */
const isFirst = ({ messages }: Store, { channelId }: StoredMessage): boolean => messages.page(channelId, 2, null).messages.length === 1
