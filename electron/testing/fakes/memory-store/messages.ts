import type { GroupId, MemberId, ObjectId } from '../../../../shared/domain/ids.ts'
import { invariant } from '../../../kernel/errors.ts'
import type { GroupRepository, MessageRepository, StoredMessage } from '../../../ports/store.ts'
import { handedObjectId, sharedObjectId } from '../../../storage/repositories/shared-object.ts'
import { memoryPages } from './pages.ts'
import { type Journal, Table, by } from './table.ts'

export type MemoryMessage = StoredMessage & { order: number }

export interface MessageTables {
  rows: Table<MemoryMessage>
  marks: Table<{ channelId: string; last: number; read: number }>
  deleted: Table<{ messageId: string }>
  keeping: Table<{ channelId: StoredMessage['channelId']; days: number; sweptBefore: number }>
  arrivals: Table<{ count: number }>
}

export const messageTables = (journal: Journal): MessageTables => ({
  rows: new Table(journal),
  marks: new Table(journal),
  deleted: new Table(journal),
  keeping: new Table(journal),
  arrivals: new Table(journal),
})

/** What messages hang on. `putNameless` puts one of no epoch that is not here, so that it is never brought to anyone. */
interface Objects {
  has(objectId: ObjectId): boolean
  putNameless(objectId: ObjectId, groupId: GroupId, sender: MemberId): void
  namelessSender(objectId: ObjectId): MemberId | null
}

/** What was shared comes after whatever its author sent. */
const AFTER_ALL = 2 ** 40

const arrival = by<MemoryMessage>((r) => r.order)

export const plain = (row: MemoryMessage | undefined): StoredMessage | null => {
  if (row === undefined) return null
  const { order: _order, ...message } = row
  return message
}

export function memoryMessages(tables: MessageTables, groups: GroupRepository, objects: Objects): MessageRepository {
  const { rows, marks, deleted, keeping, arrivals } = tables
  const markOf = (channelId: string) => marks.get(channelId) ?? { channelId, last: 0, read: 0 }
  const isOwn = (r: Pick<StoredMessage, 'groupId' | 'author'>): boolean => r.author === groups.get(r.groupId)?.selfMemberId
  const isUnread = (r: StoredMessage): boolean => r.seq > markOf(r.channelId).read && !isOwn(r)
  const add: MessageRepository['add'] = (row) => {
    if ((rows.get(row.messageId, row.author)?.seq ?? 0) < 0) rows.delete(row.messageId, row.author)
    if (rows.has(row.messageId, row.author) || deleted.has(row.messageId, row.author)) return null
    if (!isOwn(row) && row.lamport < (keeping.get(row.channelId)?.sweptBefore ?? 0)) return null
    invariant(objects.has(row.objectId), 'a message of an object that is not stored')
    const mark = markOf(row.channelId)
    const message = { ...row, seq: mark.last + 1 }
    marks.set({ ...mark, last: message.seq }, row.channelId)
    const order = (arrivals.get('')?.count ?? 0) + 1
    arrivals.set({ count: order }, '')
    rows.set({ ...message, order }, row.messageId, row.author)
    return structuredClone(message)
  }
  return {
    add,
    addShared: (row, sharedBy) => {
      if (rows.has(row.messageId, row.author) || deleted.has(row.messageId, row.author)) return null
      if (!isOwn(row) && row.lamport < (keeping.get(row.channelId)?.sweptBefore ?? 0)) return null
      const objectId = sharedObjectId(row.groupId, sharedBy)
      objects.putNameless(objectId, row.groupId, sharedBy)
      const seq = rows.where((r) => r.channelId === row.channelId).reduce((least, r) => Math.min(least, r.seq), 0) - 1
      const message = { ...row, objectId, failure: null, seq }
      const order = (arrivals.get('')?.count ?? 0) + 1
      arrivals.set({ count: order }, '')
      rows.set({ ...message, order: order + AFTER_ALL }, row.messageId, row.author)
      return structuredClone(message)
    },
    addHanded: (row) => {
      const { groupId, author } = row
      const objectId = handedObjectId(groupId, author, row.messageId)
      objects.putNameless(objectId, groupId, author)
      return add({ ...row, objectId, failure: null })
    },
    sharerOf: (objectId) => objects.namelessSender(objectId),
    get: (messageId) => plain(rows.where((r) => r.messageId === messageId).sort(arrival)[0]),
    move: (from, to) => {
      invariant(objects.has(to), 'a message of an object that is not stored')
      for (const row of rows.where((r) => r.objectId === from)) rows.set({ ...row, objectId: to }, row.messageId, row.author)
    },
    setFailure: (objectId, failure) => {
      for (const row of rows.where((r) => r.objectId === objectId)) rows.set({ ...row, failure }, row.messageId, row.author)
    },
    ofObject: (objectId) => plain(rows.where((r) => r.objectId === objectId).sort(arrival)[0]),
    ...memoryPages(rows, isUnread),
    newestLamport: (groupId) => rows.where((r) => r.groupId === groupId).reduce((newest, r) => Math.max(newest, r.lamport), 0),
    markRead: (channelId, seq) => {
      const mark = markOf(channelId)
      marks.set({ ...mark, read: Math.max(mark.read, Math.min(seq, mark.last)) }, channelId)
    },
    readSeq: (channelId) => markOf(channelId).read,
    unread: (channelId) => rows.where((r) => r.channelId === channelId).filter(isUnread).length,
    deleteForMe: (messageId) => {
      const found = plain(rows.where((r) => r.messageId === messageId).sort(arrival)[0])
      if (found === null) return null
      deleted.set({ messageId }, messageId, found.author)
      rows.delete(messageId, found.author)
      return found
    },
    wasDeleted: (messageId) => deleted.count((d) => d.messageId === messageId) > 0,
    keepDays: (channelId) => keeping.get(channelId)?.days ?? null,
    setKeepDays: (channelId, days) => {
      if (days === null) keeping.delete(channelId)
      else keeping.set({ channelId, days, sweptBefore: keeping.get(channelId)?.sweptBefore ?? 0 }, channelId)
    },
    channelsWithKeepDays: () =>
      keeping
        .where(() => true)
        .sort(by((k) => k.channelId))
        .map(({ channelId, days }) => ({ channelId, keepDays: days })),
    sweep: (channelId, before, limit) => {
      const kept = keeping.get(channelId)
      if (kept !== null) keeping.set({ ...kept, sweptBefore: Math.max(kept.sweptBefore, before) }, channelId)
      const gone = rows
        .where((r) => r.channelId === channelId && r.lamport < before)
        .sort(
          by(
            (r) => r.lamport,
            (r) => r.messageId,
            (r) => r.seq,
          ),
        )
        .slice(0, limit)
      for (const row of gone) rows.delete(row.messageId, row.author)
      return gone.map((row) => row.messageId)
    },
  }
}
