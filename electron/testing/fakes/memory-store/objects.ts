import type { ChannelId, Eid, GroupId, MemberId, ObjectId } from '../../../../shared/domain/ids.ts'
import { InvariantError, invariant } from '../../../kernel/errors.ts'
import type {
  AwaitedRow,
  DeliveryRepository,
  DeliveryRow,
  GroupRepository,
  MessageRepository,
  ObjectRepository,
  ObjectRow,
  SizedHead,
} from '../../../ports/store.ts'
import { type Journal, Table, by } from './table.ts'

/** An object once stored; `bytes` is null once pruned. */
export type MemoryObject = Omit<ObjectRow, 'bytes'> & { bytes: Uint8Array | null; position: number }
export type MemoryDelivery = DeliveryRow & { position: number }

export interface ObjectTables {
  objects: Table<MemoryObject>
  deliveries: Table<MemoryDelivery>
}

export const objectTables = (journal: Journal): ObjectTables => ({ objects: new Table(journal), deliveries: new Table(journal) })

const inOrder = by<{ position: number }>((r) => r.position)

const present = (row: MemoryObject | null | undefined): ObjectRow | null => {
  if (row?.bytes == null) return null
  const { position: _position, bytes, ...rest } = row
  return { ...rest, bytes }
}

/** Objects that never existed outside, on which messages hang that nobody is brought. */
export const namelessObjects = ({ objects }: ObjectTables) => ({
  has: (objectId: ObjectId): boolean => objects.has(objectId),
  putNameless: (objectId: ObjectId, groupId: GroupId, sender: MemberId): void => {
    if (objects.has(objectId)) return
    const nowhere = { eid: '' as Eid, epoch: -1, senderSeq: null, bytes: null, storedAt: 0, position: -1 }
    objects.set({ objectId, groupId, kind: 'message', sender, ...nowhere }, objectId)
  },
  namelessSender: (objectId: ObjectId): MemberId | null => {
    const row = objects.get(objectId)
    return row !== null && row.epoch < 0 ? row.sender : null
  },
})

export function memoryObjects({ objects, deliveries }: ObjectTables, groups: GroupRepository): ObjectRepository {
  let next = 0
  const isOurs = (row: Readonly<MemoryObject>): boolean => groups.get(row.groupId)?.selfMemberId === row.sender
  const isHeldByAll = (row: Readonly<MemoryObject>): boolean =>
    isOurs(row) && deliveries.count((d) => d.objectId === row.objectId && d.ackedAt === null) === 0
  const isHeldByNone = ({ objectId }: Readonly<MemoryObject>): boolean =>
    deliveries.count((d) => d.objectId === objectId) > 0 && deliveries.count((d) => d.objectId === objectId && d.ackedAt !== null) === 0
  const since: ObjectRepository['since'] = (groupId, fromEpoch, after, limit) => {
    const last = after === null ? -1 : objects.get(after)?.position
    if (last === undefined) throw new InvariantError('continued after an object that was never stored')
    return objects
      .where((r) => r.groupId === groupId && r.epoch >= fromEpoch && r.position > last)
      .sort(inOrder)
      .flatMap((r) => present(r) ?? [])
      .slice(0, limit)
  }

  return {
    has: (groupId, objectId) => objects.get(objectId)?.groupId === groupId,
    get: (objectId) => present(objects.get(objectId)),
    commitAfter: (groupId, eid) =>
      present(objects.where((r) => r.groupId === groupId && r.eid === eid && r.kind === 'commit' && r.bytes !== null).sort(inOrder)[0]),
    put: (row) => {
      if (objects.has(row.objectId)) return false
      objects.set({ ...row, position: next++ }, row.objectId)
      return true
    },
    since,
    headsSince: (...what) => since(...what).map(sized),
    commitsSince: (groupId, fromEpoch) =>
      since(groupId, fromEpoch, null, Number.MAX_SAFE_INTEGER)
        .filter(({ kind }) => kind === 'commit')
        .map(sized),
    prune: (before, atLatest, limit) => {
      const old = objects
        .where((r) => r.bytes !== null && r.kind === 'message' && (r.storedAt < atLatest || (r.storedAt < before && isHeldByAll(r))))
        .sort(
          by(
            (r) => r.storedAt,
            (r) => r.position,
          ),
        )
        .slice(0, limit)
      for (const row of old) objects.set({ ...row, bytes: null }, row.objectId)
      return old.length
    },
    atNobodyBefore: (before, limit) =>
      objects
        .where((r) => r.bytes !== null && r.kind === 'message' && r.storedAt < before && isOurs(r) && isHeldByNone(r))
        .sort(by((r) => r.storedAt))
        .map(({ objectId }) => objectId)
        .slice(0, limit),
  }
}

const sized = ({ bytes, storedAt: _, ...head }: ObjectRow): SizedHead => ({ ...head, size: bytes.length })

export function memoryDeliveries({ objects, deliveries }: ObjectTables, messages: MessageRepository): DeliveryRepository {
  const owed = (groupId: GroupId, memberId: MemberId): MemoryDelivery[] =>
    deliveries
      .where((d) => d.groupId === groupId && d.memberId === memberId && d.ackedAt === null && objects.get(d.objectId)?.bytes != null)
      .sort(inOrder)
  const ack = (objectId: ObjectId, memberId: MemberId, at: number): boolean => {
    const row = deliveries.get(objectId, memberId)
    if (row === null || row.ackedAt !== null) return false
    deliveries.set({ ...row, ackedAt: at }, objectId, memberId)
    return true
  }
  return {
    owe: (objectId, groupId, recipients) => {
      const position = objects.get(objectId)?.position
      for (const memberId of recipients) {
        invariant(position !== undefined, 'owed an object that is not stored')
        if (!deliveries.has(objectId, memberId))
          deliveries.set({ objectId, groupId, memberId, ackedAt: null, position }, objectId, memberId)
      }
    },
    ack,
    move: (from, to) => {
      const position = objects.get(to)?.position
      invariant(position !== undefined && objects.has(from), 'moved between objects that are not stored')
      for (const row of deliveries.where((d) => d.objectId === from)) {
        deliveries.delete(from, row.memberId)
        deliveries.set({ ...row, objectId: to, position }, to, row.memberId)
      }
    },
    ackThrough: (groupId, self, memberId, senderSeq, at) => {
      const ours = owed(groupId, memberId).filter((d) => isOursUpTo(objects.get(d.objectId), self, senderSeq))
      for (const d of ours) ack(d.objectId, memberId, at)
      return ours.map((d) => d.objectId)
    },
    owedTo: (groupId, memberId, limit) =>
      owed(groupId, memberId)
        .map((d) => d.objectId)
        .slice(0, limit),
    of: (objectId) =>
      deliveries
        .where((d) => d.objectId === objectId)
        .sort(by((d) => d.memberId))
        .map(({ position: _position, ...row }) => row),
    forgive: (groupId, memberId) => {
      const forgiven = owed(groupId, memberId).map((d) => d.objectId)
      for (const objectId of forgiven) deliveries.delete(objectId, memberId)
      return forgiven
    },
    queued: () => countQueued(deliveries, messages, (id) => objects.get(id)?.bytes != null),
    awaited: (each, limit) => listAwaited(deliveries, messages, (id) => objects.get(id)?.bytes != null, each).slice(0, limit),
  }
}

const isOursUpTo = (object: MemoryObject | null, self: MemberId, senderSeq: number): boolean =>
  object?.kind === 'message' && object.sender === self && object.senderSeq !== null && object.senderSeq <= senderSeq

function countQueued(
  deliveries: Table<MemoryDelivery>,
  messages: MessageRepository,
  isHere: (objectId: ObjectId) => boolean,
): ReturnType<DeliveryRepository['queued']> {
  const counts = new Map<ReturnType<DeliveryRepository['queued']>[number]['channelId'], number>()
  for (const objectId of new Set(deliveries.where((d) => d.ackedAt === null && isHere(d.objectId)).map((d) => d.objectId))) {
    const message = messages.ofObject(objectId)
    if (message !== null) counts.set(message.channelId, (counts.get(message.channelId) ?? 0) + 1)
  }
  return [...counts].map(([channelId, count]) => ({ channelId, messages: count })).sort(by((r) => r.channelId))
}

function listAwaited(
  deliveries: Table<MemoryDelivery>,
  messages: MessageRepository,
  isHere: (objectId: ObjectId) => boolean,
  each: number,
): AwaitedRow[] {
  const owed = deliveries.where((d) => d.ackedAt === null && isHere(d.objectId)).sort((a, b) => b.position - a.position)
  const seen = new Map<ChannelId, ObjectId[]>()
  const rows = owed.flatMap(({ objectId, memberId }) => {
    const channelId = messages.ofObject(objectId)?.channelId
    if (channelId === undefined) return []
    const known = seen.get(channelId) ?? []
    seen.set(channelId, known)
    if (!known.includes(objectId)) known.push(objectId)
    return { channelId, objectId, memberId, age: known.indexOf(objectId) }
  })
  const inTurn = rows
    .filter(({ age }) => age < each)
    .sort(
      by(
        (r) => r.age,
        (r) => r.channelId,
        (r) => r.memberId,
      ),
    )
  return inTurn.map(({ age: _age, ...row }) => row)
}
