import { z } from 'zod'
import type { GroupId, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import type { GroupEngine, GroupState } from '../../crypto/mls/group-engine.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories } from '../../ports/store.ts'
import { wantedIn } from '../under/wanted.ts'
import { oweAgain } from './owe-again.ts'

/**
 * Members to whom something was owed when this device came in where the others are, and who were not there (SPEC.md D7). They may have gone by a
 * commit that it knows nothing of, and mostly did: then nobody waits for them. Or they came by one that lost, and are let in again.
 */

type Reading = Pick<Repositories, 'settings'>

const key = (groupId: GroupId): string => `set-aside/${groupId}`
const stored = z.array(z.instanceof(Uint8Array))

function read(store: Reading, groupId: GroupId): MemberId[] {
  const value = store.settings.get(key(groupId))
  return ((value && fromCbor(value, stored)) ?? []).map((id) => toHex(id) as MemberId)
}

function put(tx: Reading, groupId: GroupId, members: readonly MemberId[]): void {
  if (members.length === 0) tx.settings.delete(key(groupId))
  else tx.settings.set(key(groupId), toCbor(members.map(fromHex)))
}

export const dropSetAside = (tx: Reading, groupId: GroupId): void => tx.settings.delete(key(groupId))

/** Nothing is owed for now to who is not in the epoch that was come to. Answers the objects this changed. */
export function setAside(tx: Repositories, engine: GroupEngine, state: GroupState): ObjectId[] {
  const groupId = engine.groupId(state)
  const staying = new Set([...membersOf(engine, state), ...wantedIn(tx, groupId)])
  const others = tx.directory.members(groupId).filter(({ memberId }) => !staying.has(memberId))
  const forgiven = others.map(({ memberId }) => ({ memberId, objects: tx.deliveries.forgive(groupId, memberId) }))
  const aside = forgiven.filter(({ objects }) => objects.length > 0)
  if (aside.length > 0) put(tx, groupId, [...new Set([...read(tx, groupId), ...aside.map(({ memberId }) => memberId)])])
  return aside.flatMap(({ objects }) => objects)
}

/** Who was set aside and is in this epoch is owed again what was written with them there. */
export function takeUp(tx: Repositories, engine: GroupEngine, state: GroupState): void {
  const groupId = engine.groupId(state)
  const aside = read(tx, groupId)
  if (aside.length === 0) return
  const members = membersOf(engine, state)
  const back = new Set(aside.filter((memberId) => members.has(memberId)))
  if (back.size === 0) return
  oweAgain(tx, { engine, groupId, self: engine.self(state).memberId }, back)
  put(
    tx,
    groupId,
    aside.filter((memberId) => !back.has(memberId)),
  )
}

const membersOf = (engine: GroupEngine, state: GroupState): Set<MemberId> => new Set(engine.members(state).map(({ memberId }) => memberId))
