import * as z from 'zod'
import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories } from '../../ports/store.ts'

/** Whose safety number was compared on this device. A member's id is the hash of its identity key: with another key it is another. */

type Reading = Pick<Repositories, 'settings'>

const key = (groupId: GroupId): string => `verified/${groupId}`
const stored = z.array(z.instanceof(Uint8Array))

/** Where it cannot be read nobody counts as compared, which is the safe side. */
export function verifiedMembers(store: Reading, groupId: GroupId): Set<MemberId> {
  const value = store.settings.get(key(groupId))
  const read = value === null ? null : fromCbor(value, stored)
  return new Set((read ?? []).map((id) => toHex(id) as MemberId))
}

export function setVerified(tx: Reading, groupId: GroupId, memberId: MemberId, verified: boolean): void {
  const members = verifiedMembers(tx, groupId)
  if (verified) members.add(memberId)
  else members.delete(memberId)
  tx.settings.set(key(groupId), toCbor([...members].sort().map(fromHex)))
}

export const dropVerified = (tx: Reading, groupId: GroupId): void => tx.settings.delete(key(groupId))
