import * as z from 'zod'
import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Repositories } from '../../ports/store.ts'

/** That this device is in a group no more. What is left of one that was left goes; of one it was removed from it stays, to be read. */
export interface Ended {
  kind: 'removed' | 'left'
  at: number
  /** Who committed it; null where nobody had to. */
  by: MemberId | null
  /** What this device alone may know of the branch it was on was brought to nobody yet (`way-out.ts`). */
  unsaid?: boolean | undefined
}

type Reading = Pick<Repositories, 'settings'>

const key = (groupId: GroupId): string => `group-ended/${groupId}`
const stored = z.strictObject({
  kind: z.enum(['removed', 'left']),
  at: z.number(),
  by: z.instanceof(Uint8Array).nullable(),
  unsaid: z.boolean().optional(),
})

/** Throws `AppError('unreadable')`: the value is our own. */
export function readEnded(store: Reading, groupId: GroupId): Ended | null {
  const value = store.settings.get(key(groupId))
  if (value === null) return null
  const read = fromCbor(value, stored)
  if (read === null) throw new AppError('unreadable', 'How a space ended cannot be read from the database.')
  return { ...read, by: read.by && (toHex(read.by) as MemberId) }
}

export const putEnded = (tx: Reading, groupId: GroupId, { kind, at, by, unsaid }: Ended): void =>
  tx.settings.set(key(groupId), toCbor({ kind, at, by: by && fromHex(by), ...(unsaid === true && { unsaid }) }))

export const dropEnded = (tx: Reading, groupId: GroupId): void => tx.settings.delete(key(groupId))

/** All follow a branch on which this device is in after all. Answers whether it was removed; what was left stays so. */
export function takeBack(tx: Reading, groupId: GroupId): boolean {
  if (readEnded(tx, groupId)?.kind !== 'removed') return false
  dropEnded(tx, groupId)
  return true
}
