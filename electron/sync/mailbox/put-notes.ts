import { z } from 'zod'
import type { GroupId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories } from '../../ports/store.ts'
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

/** Whether a mailbox said that it keeps this object. */
export const isInMailbox = (store: Reading, objectId: ObjectId): boolean => receiptsOf(store, objectId).length > 0

/** One receipt for each of these objects, of one group and day. */
export function noteReceipts(tx: Reading, groupId: GroupId, day: number, receipts: readonly (readonly [ObjectId, Receipt])[]): void {
  const fresh: Uint8Array[] = []
  for (const [objectId, receipt] of receipts) {
    const known = receiptsOf(tx, objectId)
    putReceipts(tx, objectId, [...known.filter(({ mailbox }) => mailbox !== receipt.mailbox), receipt])
    if (known.length === 0) fresh.push(fromHex(objectId))
  }
  const days = read(tx, daysKey(groupId), daysSchema) ?? []
  if (!days.includes(day)) tx.settings.set(daysKey(groupId), toCbor([...days, day]))
  tx.settings.set(dayKey(groupId, day), toCbor([...(read(tx, dayKey(groupId, day), daySchema) ?? []), ...fresh]))
}

/** What has a receipt of that day's. */
export const receiptsOfDay = (store: Reading, groupId: GroupId, day: number): { objectId: ObjectId; receipts: Receipt[] }[] =>
  (read(store, dayKey(groupId, day), daySchema) ?? []).map((id) => {
    const objectId = toHex(id) as ObjectId
    return { objectId, receipts: receiptsOf(store, objectId) }
  })

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

/** What has receipts of before `day`. */
export const receiptsBefore = (store: Reading, groupId: GroupId, day: number): ObjectId[] =>
  (read(store, daysKey(groupId), daysSchema) ?? [])
    .filter((each) => each < day)
    .flatMap((each) => receiptsOfDay(store, groupId, each).map(({ objectId }) => objectId))

/** Forgets receipts of before `day`: nobody keeps what they are for. */
export function dropReceiptsBefore(tx: Reading, groupId: GroupId, day: number): void {
  const days = read(tx, daysKey(groupId), daysSchema) ?? []
  const old = days.filter((each) => each < day)
  if (old.length === 0) return
  for (const each of old) {
    for (const { objectId } of receiptsOfDay(tx, groupId, each)) tx.settings.delete(receiptsKey(objectId))
    tx.settings.delete(dayKey(groupId, each))
  }
  tx.settings.set(daysKey(groupId), toCbor(days.filter((each) => each >= day)))
}

export function dropPutNotes(tx: Reading, groupId: GroupId): void {
  dropReceiptsBefore(tx, groupId, Number.MAX_SAFE_INTEGER)
  tx.settings.delete(daysKey(groupId))
  tx.settings.delete(seenToKey(groupId))
}
