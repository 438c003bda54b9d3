import * as z from 'zod'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { decodeLocalIdentity } from '../../identity/index.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError, invariant } from '../../kernel/errors.ts'
import type { Repositories } from '../../ports/store.ts'
import type { LeaveRequest } from '../../ports/wire.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { readEnded } from './ended.ts'
import { signLeave } from './leave-claim.ts'
import { standingOf } from './standing.ts'
import { leavingOf } from './removal.ts'

/** What a device that left asks others with, until one of them has seen to it. */
export interface LeaveOffer {
  request: LeaveRequest
  since: number
}

type Reading = Pick<Repositories, 'settings'>

const key = (groupId: GroupId): string => `leave-offer/${groupId}`
const heardKey = (groupId: GroupId): string => `leave-heard/${groupId}`
const bytes = z.instanceof(Uint8Array)
const stored = z.tuple([z.number(), bytes, bytes])

export const hasLeaveOffer = (store: Reading, groupId: GroupId): boolean => store.settings.get(key(groupId)) !== null

/** Whether this device goes from it, or is gone, by its own will. */
export const isLeft = (store: Reading, groupId: GroupId): boolean =>
  hasLeaveOffer(store, groupId) || readEnded(store, groupId)?.kind === 'left'

export function dropLeaveOffer(tx: Reading, groupId: GroupId): void {
  tx.settings.delete(key(groupId))
  tx.settings.delete(heardKey(groupId))
}

/** Somebody made a commit of it: whoever comes to know that knows by it that this device wants to be gone, should it lose. */
export function noteLeaveHeard(tx: Reading, groupId: GroupId): void {
  if (hasLeaveOffer(tx, groupId)) tx.settings.set(heardKey(groupId), new Uint8Array(1))
}

export const isLeaveHeard = (store: Reading, groupId: GroupId): boolean => store.settings.get(heardKey(groupId)) !== null

/** Since when this device wants to leave; null if it does not. Throws `AppError('unreadable')`: the value is our own. */
export const leavingSince = (store: Reading, groupId: GroupId): number | null => read(store, groupId)?.[0] ?? null

function read(store: Reading, groupId: GroupId): z.output<typeof stored> | null {
  const value = store.settings.get(key(groupId))
  if (value === null) return null
  const fields = fromCbor(value, stored)
  if (fields === null) throw new AppError('unreadable', 'That a space was left cannot be read from the database.')
  return fields
}

export function readLeaveOffer(store: Reading, group: LiveGroup): LeaveOffer | null {
  const { groupId, self } = group
  const fields = read(store, groupId)
  if (fields === null) return null
  const [since, leafKey, signature] = fields
  return { request: { groupId, memberId: self, leafKey, signature }, since }
}

/**
 * Wants to leave from now on, also after a restart; durable when this resolves. Throws `AppError('last-owner')` for the last
 * owner while others are there, and `AppError('returning')` where this device's leaf may be another by now.
 */
export function makeLeaveOffer(group: LiveGroup): Promise<void> {
  return group.exclusive(async () => {
    const { groupId } = group
    const { engine, store, clock } = group.deps
    if (hasLeaveOffer(store, groupId)) return
    const { state } = group.forSending()
    leavingOf(standingOf(group), group.self)
    const encoded = store.identities.get(groupId)
    invariant(encoded !== null, 'a group has an identity')
    const { leafSecret, leafPublicKey: leafKey } = decodeLocalIdentity(encoded)
    const inTree = engine.leafKey(state, engine.self(state).leafIndex)
    invariant(inTree !== null && equalBytes(inTree, leafKey), 'our identity is that of our leaf')
    const signature = signLeave(leafSecret.reveal(), { groupId, leafKey })
    store.transaction((tx) => tx.settings.set(key(groupId), toCbor([clock.now(), leafKey, signature])))
  })
}

/** This device has another leaf from now on: what it says is signed by that one. */
export function renewLeaveOffer(tx: Reading, groupId: GroupId, encoded: Uint8Array): void {
  const fields = read(tx, groupId)
  if (fields === null) return
  const { leafSecret, leafPublicKey: leafKey } = decodeLocalIdentity(encoded)
  tx.settings.set(key(groupId), toCbor([fields[0], leafKey, signLeave(leafSecret.reveal(), { groupId, leafKey })]))
  tx.settings.delete(heardKey(groupId))
}
