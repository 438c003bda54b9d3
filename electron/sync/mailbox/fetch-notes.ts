import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { GroupId, PeerId } from '../../../shared/domain/ids.ts'
import { toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories } from '../../ports/store.ts'

/** How far one tag was read in one mailbox. */
export interface TagNote {
  /** Where to go on. What lies before it was stored here, or never will be. */
  cursor: number
  /** Of what lay there (`MailboxPage`); null where nothing was read. */
  mark: Uint8Array | null
  /** The day is over and all of it was read: nothing can come any more. */
  complete: boolean
  /** What it had: the first `SEEN_BYTES` of each hash, to compare with others. Null where that was done, or is too much. */
  seen: Uint8Array | null
}

/** By `tagId`, for each mailbox. */
export type FetchNotes = ReadonlyMap<PeerId, ReadonlyMap<string, TagNote>>

export const SEEN_BYTES = 8
/** As many as one honest day has; a member who puts more is not followed further. */
const MOST_SEEN = 8_192

/** A presence key as notes name it. */
export const keyName = (presenceKey: Uint8Array): string => createHash('sha256').update(presenceKey).digest('hex').slice(0, 16)

export const tagId = (key: string, day: number): string => `${key}/${day}`
/** The name of its key. */
export const keyOfTag = (id: string): string => id.slice(0, id.indexOf('/'))
export const dayOfTag = (id: string): number => Number(id.slice(id.indexOf('/') + 1))

export const unread: TagNote = { cursor: 0, mark: null, complete: false, seen: new Uint8Array() }

export function withSeen({ seen }: TagNote, hashes: readonly Uint8Array[]): Uint8Array | null {
  if (seen === null) return null
  const known = new Set(namesIn(seen))
  for (const hash of hashes) known.add(toHex(hash.subarray(0, SEEN_BYTES)))
  return known.size > MOST_SEEN ? null : new Uint8Array(Buffer.from([...known].join(''), 'hex'))
}

export function namesIn(seen: Uint8Array): string[] {
  const names: string[] = []
  for (let at = 0; at < seen.length; at += SEEN_BYTES) names.push(toHex(seen.subarray(at, at + SEEN_BYTES)))
  return names
}

type Reading = Pick<Repositories, 'settings'>

const storeKey = (groupId: GroupId): string => `mailbox-fetched/${groupId}`
const bytes = z.instanceof(Uint8Array)
const tag = z.tuple([z.string(), z.int(), bytes.nullable(), z.boolean(), bytes.nullable()])
const stored = z.array(z.tuple([z.string(), z.array(tag)]))

/** What cannot be read is read again from the mailboxes. */
export function readFetchNotes(store: Reading, groupId: GroupId): Map<PeerId, Map<string, TagNote>> {
  const value = store.settings.get(storeKey(groupId))
  const all = (value === null ? null : fromCbor(value, stored)) ?? []
  return new Map(
    all.map(([mailbox, tags]) => [
      mailbox as PeerId,
      new Map(tags.map(([id, cursor, mark, complete, seen]) => [id, { cursor, mark, complete, seen }])),
    ]),
  )
}

export const encodeFetchNotes = (notes: FetchNotes): Uint8Array =>
  toCbor(
    [...notes].map(([mailbox, tags]) => [
      mailbox,
      [...tags].map(([id, { cursor, mark, complete, seen }]) => [id, cursor, mark, complete, seen]),
    ]),
  )

export const putFetchNotes = (tx: Reading, groupId: GroupId, encoded: Uint8Array): void => tx.settings.set(storeKey(groupId), encoded)

export const dropFetchNotes = (tx: Reading, groupId: GroupId): void => tx.settings.delete(storeKey(groupId))
