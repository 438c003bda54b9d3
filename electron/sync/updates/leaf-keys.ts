import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { GroupId } from '../../../shared/domain/ids.ts'
import type { GroupEngine, GroupState } from '../../crypto/mls/group-engine.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { invariant } from '../../kernel/errors.ts'
import type { Repositories } from '../../ports/store.ts'
import type { Tip } from '../group/next-tip.ts'

/**
 * Since when this device's leaf has had its HPKE key in a group. Every commit of ours renews the key, and so does a fresh leaf; if
 * that commit loses, the key from before is there again, as old as it is: so the last few are remembered, by their hashes.
 */

type Reading = Pick<Repositories, 'settings'>

/** Nobody loses more commits in a row before it keeps one. */
const KEPT = 16
const NAME_BYTES = 16

const nameOf = (groupId: GroupId): string => `leaf-keys/${groupId}`
const stored = z.array(z.tuple([z.instanceof(Uint8Array).refine((value) => value.length === NAME_BYTES), z.number()]))
type Known = readonly (readonly [hash: Uint8Array, since: number])[]

const hashOf = (key: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(key).digest().subarray(0, NAME_BYTES))

/** Newest first. */
function read({ settings }: Reading, groupId: GroupId): Known {
  const value = settings.get(nameOf(groupId))
  return (value === null ? null : fromCbor(value, stored)) ?? []
}

/** The HPKE key of our own leaf. */
export function ownKey(engine: GroupEngine, state: GroupState): Uint8Array {
  const key = engine.encryptionKey(state, engine.self(state).leafIndex)
  invariant(key !== null, 'our leaf is in the tree')
  return key
}

/** The group begins here, with a key that was made for it. */
export function noteFirstKey(tx: Reading, engine: GroupEngine, groupId: GroupId, state: GroupState, now: number): void {
  tx.settings.set(nameOf(groupId), toCbor([[hashOf(ownKey(engine, state)), now]]))
}

/** Writes only where our leaf has another key than before. */
export function noteLeafKey(tx: Reading, engine: GroupEngine, { was, is, now }: { was: Tip; is: Tip; now: number }): void {
  // An epoch's keys stay; most steps are messages.
  if (was.row.tip === is.row.tip) return
  const [before, after] = [ownKey(engine, was.state), ownKey(engine, is.state)]
  if (equalBytes(before, after)) return
  const { groupId, createdAt } = is.row
  const known = read(tx, groupId)
  if (sinceOf(known, after) !== null) return
  const older: Known = sinceOf(known, before) === null ? [[hashOf(before), createdAt], ...known] : known
  const keys: Known = [[hashOf(after), now], ...older]
  tx.settings.set(nameOf(groupId), toCbor(keys.slice(0, KEPT)))
}

/** Since when our leaf has the key it has. One that is not known is of a time before that was noted: as old as the group is here. */
export function keySince(store: Reading, engine: GroupEngine, { row, state }: Tip): number {
  return sinceOf(read(store, row.groupId), ownKey(engine, state)) ?? row.createdAt
}

function sinceOf(known: Known, key: Uint8Array): number | null {
  const hash = hashOf(key)
  return known.find(([name]) => equalBytes(name, hash))?.[1] ?? null
}

export const dropLeafKeys = (tx: Reading, groupId: GroupId): void => tx.settings.delete(nameOf(groupId))
