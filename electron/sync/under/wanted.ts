import * as z from 'zod'
import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Repositories } from '../../ports/store.ts'

/** Whom this device was asked to add to a group under a space and could not yet: no key package of theirs has come by. */

type Reading = Pick<Repositories, 'settings'>

const key = (groupId: GroupId): string => `wanted/${groupId}`
const stored = z.array(z.instanceof(Uint8Array))

/** Throws `AppError('unreadable')`: the value is our own. */
export function wantedIn(store: Reading, groupId: GroupId): MemberId[] {
  const value = store.settings.get(key(groupId))
  if (value === null) return []
  const read = fromCbor(value, stored)
  if (read === null) throw new AppError('unreadable', 'Who was to be added to a channel cannot be read from the database.')
  return read.map((id) => toHex(id) as MemberId)
}

export function putWanted(tx: Reading, groupId: GroupId, members: readonly MemberId[]): void {
  if (members.length === 0) tx.settings.delete(key(groupId))
  else tx.settings.set(key(groupId), toCbor([...new Set(members)].map(fromHex)))
}

export const dropWanted = (tx: Reading, groupId: GroupId): void => tx.settings.delete(key(groupId))
