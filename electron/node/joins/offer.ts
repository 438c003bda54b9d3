import type { GroupId } from '../../../shared/domain/ids.ts'
import type { GroupEngine, OfferedKeyPackage } from '../../crypto/mls/group-engine.ts'
import { createLocalIdentity, decodeLocalIdentity, encodeLocalIdentity, readLocalIdentity } from '../../identity/index.ts'
import type { LocalIdentity } from '../../identity/local-identity.ts'
import { equalBytes, toHex } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Random } from '../../kernel/random.ts'
import type { KeyPackageRow } from '../../ports/mls-storage.ts'
import type { JoinRow, Repositories } from '../../ports/store.ts'
import { keepJoin } from '../../sync/returning/join-again.ts'
import { dropOffer } from '../../sync/returning/offer.ts'
import { dropGivenUp, noteGivenUp } from './given-up.ts'
import { takePlace } from './outdone.ts'

/** What a join offers to the group: who will be added, and the key packages with their private halves. */
export interface Offer {
  identity: LocalIdentity
  encodedIdentity: Uint8Array
  pairs: KeyPackageRow[]
}

export interface NewOffer {
  encodedIdentity: Uint8Array
  keyPackages: readonly OfferedKeyPackage[]
}

/** A fresh identity for the space and two key packages made with it: the commit that uses the first may lose against another one. */
export const makeOffer = (engine: GroupEngine, groupId: GroupId, name: string, random: Random): Promise<NewOffer> =>
  offerOf(engine, groupId, createLocalIdentity(groupId, name, random))

export async function offerOf(engine: GroupEngine, groupId: GroupId, identity: LocalIdentity): Promise<NewOffer> {
  const keyPackages = [await engine.keyPackage(groupId, identity), await engine.keyPackage(groupId, identity)]
  return { encodedIdentity: encodeLocalIdentity(identity), keyPackages }
}

/**
 * What a join offers that is under way for the same space: who asks by two links is one member, whichever lets them in, and both may. Null for one
 * that cannot be read.
 */
export function offerOfOther(store: Pick<Repositories, 'mls'>, other: JoinRow): NewOffer | null {
  try {
    return { encodedIdentity: readOffer(store, other).encodedIdentity, keyPackages: [] }
  } catch (thrown) {
    if (thrown instanceof AppError) return null
    throw thrown
  }
}

/** The join with what it offers, whose identity goes into its row. */
export function putOffer(tx: Repositories, row: JoinRow, { keyPackages }: NewOffer): void {
  tx.joins.put(row)
  takePlace(tx, row)
  for (const keyPackage of keyPackages) tx.mls.putKeyPackage({ ...keyPackage, groupId: row.groupId })
}

/** Throws `AppError('unreadable')`: the rows are our own. */
export function readOffer({ mls }: Pick<Repositories, 'mls'>, row: JoinRow): Offer {
  const identity = decodeLocalIdentity(row.identity)
  const own = toHex(identity.leafPublicKey)
  const pairs = mls.keyPackagesOf(row.groupId).filter((pair) => toHex(pair.signatureKey) === own)
  if (pairs.length === 0) throw new AppError('unreadable', 'A join in progress cannot be read from the database.')
  return { identity, encodedIdentity: row.identity, pairs }
}

/** Ends a join that led into the group. What it offered stays: see `sync/returning/join-again.ts`. */
export function closeOffer(tx: Repositories, row: JoinRow): void {
  tx.joins.put({ ...row, identity: new Uint8Array() })
  takePlace(tx, row)
  dropOffer(tx, row.joinId)
  dropGivenUp(tx, row.groupId)
  keepJoin(tx, row)
}

/**
 * Ends a join: without the keys it offered. What another join, or a member of the group, offers to the same group stays, and so does as whom it asked,
 * if that may be a member by now (`given-up.ts`).
 */
export function endOffer(tx: Repositories, row: JoinRow, now: number): JoinRow {
  const ended = { ...row, identity: new Uint8Array() }
  const leaf = leafOf(row)
  if (leaf !== null && tx.groups.get(row.groupId) === null) noteGivenUp(tx, row, now)
  if (leaf !== null && !isOfAnother(tx, row, leaf)) tx.mls.deleteKeyPackagesOf(row.groupId, leaf)
  // Whose keys they are cannot be told: then none of that group are kept, unless it is a group of ours.
  if (leaf === null && tx.groups.get(row.groupId) === null) tx.mls.deleteKeyPackagesOf(row.groupId)
  dropOffer(tx, row.joinId)
  tx.joins.put(ended)
  takePlace(tx, row)
  return ended
}

/** Whether this leaf is also offered by a join that goes on, or let this device in: then its keys may be needed yet. */
function isOfAnother(tx: Repositories, { joinId, groupId }: JoinRow, leaf: Uint8Array): boolean {
  const own = tx.identities.get(groupId)
  const others = tx.joins.list().filter((row) => row.groupId === groupId && row.joinId !== joinId)
  const leaves = [...others.map(leafOf), own && decodeLocalIdentity(own).leafPublicKey]
  return leaves.some((one) => one !== null && equalBytes(one, leaf))
}

/** Null for an identity that is damaged or gone. */
const leafOf = ({ identity }: JoinRow): Uint8Array | null => readLocalIdentity(identity)?.leafPublicKey ?? null
