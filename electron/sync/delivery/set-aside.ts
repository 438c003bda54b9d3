import * as z from 'zod'
import type { GroupId, MemberId, MessageId, ObjectId } from '../../../shared/domain/ids.ts'
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

/** By their names: they may hang on other objects by then. Null where an older version did not write down which. */
interface Aside {
  memberId: MemberId
  messages: readonly MessageId[] | null
}

const key = (groupId: GroupId): string => `set-aside/${groupId}`
const bytes = z.instanceof(Uint8Array)
const stored = z.array(z.union([bytes, z.tuple([bytes, z.array(bytes)])]))

function read(store: Reading, groupId: GroupId): Aside[] {
  const value = store.settings.get(key(groupId))
  return ((value && fromCbor(value, stored)) ?? []).map((row) => {
    const [id, messages] = row instanceof Uint8Array ? [row, null] : row
    return { memberId: toHex(id) as MemberId, messages: messages && messages.map((each) => toHex(each) as MessageId) }
  })
}

function put(tx: Reading, groupId: GroupId, aside: readonly Aside[]): void {
  const rows = aside.map(({ memberId, messages }) => (messages === null ? fromHex(memberId) : [fromHex(memberId), messages.map(fromHex)]))
  if (rows.length === 0) tx.settings.delete(key(groupId))
  else tx.settings.set(key(groupId), toCbor(rows))
}

export const dropSetAside = (tx: Reading, groupId: GroupId): void => tx.settings.delete(key(groupId))

/** Nothing is owed for now to who is not in the epoch that was come to. Answers the objects this changed. */
export function setAside(tx: Repositories, engine: GroupEngine, state: GroupState): ObjectId[] {
  const groupId = engine.groupId(state)
  const staying = new Set([...membersOf(engine, state), ...wantedIn(tx, groupId)])
  const others = tx.directory.members(groupId).filter(({ memberId }) => !staying.has(memberId))
  const forgiven = others.map(({ memberId }) => ({ memberId, objects: tx.deliveries.forgive(groupId, memberId) }))
  const aside = forgiven.filter(({ objects }) => objects.length > 0)
  if (aside.length > 0)
    put(tx, groupId, [...read(tx, groupId), ...aside.map(({ memberId, objects }) => ({ memberId, messages: namesOf(tx, objects) }))])
  return aside.flatMap(({ objects }) => objects)
}

const namesOf = (tx: Pick<Repositories, 'messages'>, objects: readonly ObjectId[]): MessageId[] =>
  objects.flatMap((objectId) => tx.messages.ofObject(objectId)?.messageId ?? [])

/** Who was set aside and is in this epoch is owed again what was owed to them. */
export function takeUp(tx: Repositories, engine: GroupEngine, state: GroupState): void {
  const groupId = engine.groupId(state)
  const aside = read(tx, groupId)
  if (aside.length === 0) return
  const members = membersOf(engine, state)
  const back = aside.filter(({ memberId }) => members.has(memberId))
  if (back.length === 0) return
  for (const { memberId, messages } of back)
    for (const messageId of messages ?? []) {
      const message = tx.messages.get(messageId)
      if (message !== null) tx.deliveries.owe(message.objectId, groupId, [memberId])
    }
  const unnamed = new Set(back.flatMap(({ memberId, messages }) => (messages === null ? memberId : [])))
  oweAgain(tx, { engine, groupId, self: engine.self(state).memberId }, unnamed)
  put(
    tx,
    groupId,
    aside.filter((one) => !back.includes(one)),
  )
}

const membersOf = (engine: GroupEngine, state: GroupState): Set<MemberId> => new Set(engine.members(state).map(({ memberId }) => memberId))
