import * as z from 'zod'
import type { ChannelId, GroupId, MemberId, MessageId } from '../../../shared/domain/ids.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories } from '../../ports/store.ts'
import type { HistoryRequest } from '../../ports/wire.ts'

/** How far a newcomer is with what was said before it came. Not there: it has what it may have, or was there before this was. */
export interface Asking {
  /** Who is giving it now. */
  from: MemberId | null
  /** Where the last page ended, of whoever gave it. */
  giver: MemberId | null
  after: HistoryRequest['after']
  /** How many messages were taken. */
  taken: number
}

type Reading = Pick<Repositories, 'settings'>

const key = (groupId: GroupId): string => `history-asked/${groupId}`
const bytes = z.instanceof(Uint8Array)
const stored = z.strictObject({
  from: bytes.nullable(),
  giver: bytes.nullable(),
  after: z.tuple([bytes, z.int(), bytes]).nullable(),
  taken: z.int(),
})

export function readAsking(store: Reading, groupId: GroupId): Asking | null {
  const value = store.settings.get(key(groupId))
  const read = value === null ? null : fromCbor(value, stored)
  if (read === null) return null
  const member = (id: Uint8Array | null) => id && (toHex(id) as MemberId)
  const [channel, lamport, message] = read.after ?? []
  const after =
    channel === undefined || lamport === undefined || message === undefined
      ? null
      : { channelId: toHex(channel) as ChannelId, lamport, messageId: toHex(message) as MessageId }
  return { from: member(read.from), giver: member(read.giver), after, taken: read.taken }
}

export function putAsking(tx: Reading, groupId: GroupId, { from, giver, after, taken }: Asking): void {
  const place = after && [fromHex(after.channelId), after.lamport, fromHex(after.messageId)]
  tx.settings.set(key(groupId), toCbor({ from: from && fromHex(from), giver: giver && fromHex(giver), after: place, taken }))
}

/** In the step that stores that this device joined. */
export const beginAsking = (tx: Reading, groupId: GroupId): void =>
  putAsking(tx, groupId, { from: null, giver: null, after: null, taken: 0 })

export const dropAsking = (tx: Reading, groupId: GroupId): void => tx.settings.delete(key(groupId))
