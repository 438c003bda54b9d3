import * as z from 'zod'
import type { GroupId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories } from '../../ports/store.ts'
import { DAY_MS, dayOf } from './day-keys.ts'
import { KEPT_DAYS } from './epoch-keys.ts'
import type { Kept } from './statements.ts'

/** What is in which mailbox, by the word of the mailbox; and up to where everything of ours was seen to. */

type Reading = Pick<Repositories, 'settings'>

export interface Receipt extends Kept {
  mailbox: PeerId
  signature: Uint8Array
}

const receiptsKey = (objectId: ObjectId): string => `mailbox-put/${objectId}`
const daysKey = (groupId: GroupId): string => `mailbox-days/${groupId}`
const dayKey = (groupId: GroupId, day: number): string => `mailbox-day/${groupId}/${day}`
const seenToKey = (groupId: GroupId): string => `mailbox-seen-to/${groupId}`

const bytes = z.instanceof(Uint8Array)
const receiptsSchema = z.array(z.tuple([z.string(), bytes, bytes, z.int(), z.int(), bytes]))
const daysSchema = z.array(z.int())
const daySchema = z.array(bytes)
const seenToSchema = z.array(z.tuple([z.string(), bytes]))

function read<T extends z.ZodType>(store: Reading, key: string, schema: T): z.output<T> | null {
  const value = store.settings.get(key)
  return value === null ? null : fromCbor(value, schema)
}

export const receiptsOf = (store: Reading, objectId: ObjectId): Receipt[] =>
  (read(store, receiptsKey(objectId), receiptsSchema) ?? []).map(([mailbox, tag, hash, storedAt, keptUntil, signature]) => ({
    ...{ tag, hash, storedAt, keptUntil, signature },
    mailbox: mailbox as PeerId,
  }))

const putReceipts = (tx: Reading, objectId: ObjectId, receipts: readonly Receipt[]): void =>
  tx.settings.set(
    receiptsKey(objectId),
    toCbor(receipts.map(({ mailbox, tag, hash, storedAt, keptUntil, signature }) => [mailbox, tag, hash, storedAt, keptUntil, signature])),
  )

/** One receipt for each of these objects, of one group and day. */
export function noteReceipts(tx: Reading, groupId: GroupId, day: number, receipts: readonly (readonly [ObjectId, Receipt])[]): void {
  const objects = new Set((read(tx, dayKey(groupId, day), daySchema) ?? []).map((id) => toHex(id) as ObjectId))
  for (const [objectId, receipt] of receipts) {
    putReceipts(tx, objectId, [...receiptsOf(tx, objectId).filter(({ mailbox }) => mailbox !== receipt.mailbox), receipt])
    objects.add(objectId)
  }
  const days = read(tx, daysKey(groupId), daysSchema) ?? []
  if (!days.includes(day)) tx.settings.set(daysKey(groupId), toCbor([...days, day]))
  tx.settings.set(dayKey(groupId, day), toCbor([...objects].map(fromHex)))
}

/** What has a receipt of that day's. */
export const receiptsOfDay = (store: Reading, groupId: GroupId, day: number): { objectId: ObjectId; receipts: Receipt[] }[] =>
  (read(store, dayKey(groupId, day), daySchema) ?? []).map((id) => {
    const objectId = toHex(id) as ObjectId
    return { objectId, receipts: receiptsOf(store, objectId) }
  })

/** All of a group that a mailbox said it keeps. */
export const objectsWithReceipts = (store: Reading, groupId: GroupId): ObjectId[] => {
  const all = (read(store, daysKey(groupId), daysSchema) ?? []).flatMap((day) => receiptsOfDay(store, groupId, day))
  return [...new Set(all.flatMap(({ objectId, receipts }) => (receipts.length > 0 ? objectId : [])))]
}

/** A mailbox does not keep what it said it would: its word counts no more, and the object is seen to again. */
export function breakReceipts(tx: Reading, groupId: GroupId, mailbox: PeerId, objects: readonly ObjectId[]): void {
  for (const objectId of objects) {
    putReceipts(
      tx,
      objectId,
      receiptsOf(tx, objectId).filter((receipt) => receipt.mailbox !== mailbox),
    )
  }
  putSeenTo(
    tx,
    groupId,
    readSeenTo(tx, groupId).filter(([each]) => each !== mailbox),
  )
}

const readSeenTo = (store: Reading, groupId: GroupId): [string, Uint8Array][] => read(store, seenToKey(groupId), seenToSchema) ?? []
const putSeenTo = (tx: Reading, groupId: GroupId, all: readonly (readonly [string, Uint8Array])[]): void =>
  tx.settings.set(seenToKey(groupId), toCbor(all))

/** The object up to which all of ours is in this mailbox or need not be; null at first. */
export function seenTo(store: Reading, groupId: GroupId, mailbox: PeerId): ObjectId | null {
  const found = readSeenTo(store, groupId).find(([each]) => each === mailbox)
  return found === undefined ? null : (toHex(found[1]) as ObjectId)
}

export const noteSeenTo = (tx: Reading, groupId: GroupId, mailbox: PeerId, objectId: ObjectId): void =>
  putSeenTo(tx, groupId, [...readSeenTo(tx, groupId).filter(([each]) => each !== mailbox), [mailbox, fromHex(objectId)]])

/** Nobody looks longer than that for what was put, whatever was said. */
const isOver = ({ storedAt, keptUntil }: Receipt, now: number): boolean => Math.min(keptUntil, storedAt + KEPT_DAYS * DAY_MS) <= now

/** Up to which day some receipts may be over: what was put on it may have been there since the day before. */
const someOver = (now: number): number => dayOf(now) - KEPT_DAYS + 1
/** Up to which day all are, also by a clock that is ahead of ours. */
const allOver = (now: number): number => dayOf(now) - KEPT_DAYS - 2

/** What has a receipt that counts no longer. */
export function receiptsOver(store: Reading, groupId: GroupId, now: number): ObjectId[] {
  const days = (read(store, daysKey(groupId), daysSchema) ?? []).filter((each) => each <= someOver(now))
  const over = days.flatMap((day) =>
    receiptsOfDay(store, groupId, day).filter(({ receipts }) => day <= allOver(now) || receipts.some((each) => isOver(each, now))),
  )
  return [...new Set(over.map(({ objectId }) => objectId))]
}

/** Forgets those receipts of these objects. */
export function dropReceiptsOver(tx: Reading, groupId: GroupId, objects: readonly ObjectId[], now: number): void {
  for (const objectId of objects) {
    const left = receiptsOf(tx, objectId).filter((each) => !isOver(each, now))
    if (left.length > 0) putReceipts(tx, objectId, left)
    else tx.settings.delete(receiptsKey(objectId))
  }
  const days = read(tx, daysKey(groupId), daysSchema) ?? []
  for (const day of days) if (day <= allOver(now)) tx.settings.delete(dayKey(groupId, day))
  tx.settings.set(daysKey(groupId), toCbor(days.filter((day) => day > allOver(now))))
}

export function dropPutNotes(tx: Reading, groupId: GroupId): void {
  for (const day of read(tx, daysKey(groupId), daysSchema) ?? []) {
    for (const { objectId } of receiptsOfDay(tx, groupId, day)) tx.settings.delete(receiptsKey(objectId))
    tx.settings.delete(dayKey(groupId, day))
  }
  tx.settings.delete(daysKey(groupId))
  tx.settings.delete(seenToKey(groupId))
}
