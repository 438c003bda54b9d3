import { z } from 'zod'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { decodeLocalIdentity } from '../../identity/index.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { JoinRow, Repositories } from '../../ports/store.ts'

/**
 * Who somebody asked to be in a space, and gave it up: an answer may have been lost, and then they are a member there. Whoever asks again under the
 * same name asks as that one, and nobody is in the space twice, once as one whom nobody will ever be.
 */
interface GivenUp {
  groupId: GroupId
  name: string
  /** Secret; its key packages are where those of joins are. */
  encodedIdentity: Uint8Array
  at: number
}

type Reading = Pick<Repositories, 'settings' | 'mls'>
type Writing = Reading & Pick<Repositories, 'joins'>

const GIVEN_UP = 'joins-given-up'
/** The members know by then whom they never saw. Key packages last for longer. */
const KEPT_MS = 30 * 24 * 3_600_000
const MOST = 20

const bytes = z.instanceof(Uint8Array)
const stored = z.array(z.tuple([z.string(), z.string(), bytes, z.int().min(0)]))

function all({ settings }: Pick<Reading, 'settings'>): GivenUp[] {
  const value = settings.get(GIVEN_UP)
  const read = (value && fromCbor(value, stored)) ?? []
  return read.map(([groupId, name, encodedIdentity, at]) => ({ groupId: groupId as GroupId, name, encodedIdentity, at }))
}

function put({ settings }: Pick<Writing, 'settings'>, rows: readonly GivenUp[]): void {
  if (rows.length === 0) settings.delete(GIVEN_UP)
  else settings.set(GIVEN_UP, toCbor(rows.map(({ groupId, name, encodedIdentity, at }) => [groupId, name, encodedIdentity, at])))
}

/** Null for an identity that is damaged or gone. */
export function leafOf(encoded: Uint8Array): Uint8Array | null {
  try {
    return decodeLocalIdentity(encoded).leafPublicKey
  } catch (thrown) {
    if (thrown instanceof AppError) return null
    throw thrown
  }
}

/** The leaves whose keys are kept of that group. */
export const givenUpLeaves = (store: Reading, groupId: GroupId): Uint8Array[] =>
  all(store).flatMap((row) => (row.groupId === groupId ? (leafOf(row.encodedIdentity) ?? []) : []))

/** In the step that ends `row`, before its keys would go. */
export function noteGivenUp(tx: Writing, { groupId, memberName, identity }: JoinRow, at: number): void {
  dropGivenUp(tx, groupId, leafOf(identity))
  const others = all(tx)
  for (const { groupId: oldest } of others.slice(MOST - 1)) dropGivenUp(tx, oldest)
  put(tx, [{ groupId, name: memberName, encodedIdentity: identity, at }, ...others.slice(0, MOST - 1)])
}

/** The identity as whom to ask for this space under that name; null where there is none, or its keys are gone. */
export function givenUp(store: Reading, groupId: GroupId, name: string): Uint8Array | null {
  const found = all(store).find((row) => row.groupId === groupId && row.name === name)
  const leaf = found && leafOf(found.encodedIdentity)
  if (found === undefined || leaf == null) return null
  return store.mls.keyPackagesOf(groupId).some(({ signatureKey }) => equalBytes(signatureKey, leaf)) ? found.encodedIdentity : null
}

/** It is asked with again, or never will be. The keys stay of the leaf that goes on (`keep`), and of one with which another join asks. */
export function dropGivenUp(tx: Writing, groupId: GroupId, keep: Uint8Array | null = null): void {
  const rows = all(tx)
  const asking = tx.joins.list().flatMap((row) => (row.groupId === groupId ? (leafOf(row.identity) ?? []) : []))
  const kept = keep === null ? asking : [...asking, keep]
  for (const leaf of givenUpLeaves(tx, groupId)) if (!kept.some((one) => equalBytes(one, leaf))) tx.mls.deleteKeyPackagesOf(groupId, leaf)
  if (rows.some((row) => row.groupId === groupId))
    put(
      tx,
      rows.filter((row) => row.groupId !== groupId),
    )
}

/** Those that were given up long ago go, with their keys. */
export function dropStaleGivenUp(tx: Writing, now: number): void {
  for (const { groupId, at } of all(tx)) if (at < now - KEPT_MS) dropGivenUp(tx, groupId)
}
