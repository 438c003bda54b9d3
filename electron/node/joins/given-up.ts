import * as z from 'zod'
import type { GroupId } from '../../../shared/domain/ids.ts'
import type { ErrorCode } from '../../../shared/ipc/error-codes.ts'
import { readLocalIdentity } from '../../identity/index.ts'
import type { LocalIdentity } from '../../identity/local-identity.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { JoinRow, Repositories } from '../../ports/store.ts'
import { GIVEN_UP } from '../../storage/profile-settings.ts'

/**
 * As whom somebody asked to be in a space without getting in (SPEC.md R6): an answer may have been lost, and then the others have them for a member.
 * Whoever asks again under the same name asks as that one, and nobody is in the space twice, once as one whom nobody will ever be.
 */
interface GivenUp {
  groupId: GroupId
  /** Secret. Its key packages went with the join: who asks again makes others. */
  identity: Uint8Array
  /** When it was given up first, in milliseconds. */
  at: number
}

type Reading = Pick<Repositories, 'settings'>

/** The members know by then whom they never saw. */
const KEPT_MS = 30 * 24 * 3_600_000
const MOST = 20

/** Refusals after which nobody is let in as that one any more. */
const FOR_GOOD: ReadonlySet<ErrorCode> = new Set(['removed', 'invitation-malformed', 'already-member'])

const bytes = z.instanceof(Uint8Array)
const stored = z.array(z.tuple([z.string(), bytes, z.int().min(0)]))

function all({ settings }: Reading): GivenUp[] {
  const value = settings.get(GIVEN_UP)
  const read = (value && fromCbor(value, stored)) ?? []
  return read.map(([groupId, identity, at]) => ({ groupId: groupId as GroupId, identity, at }))
}

function put({ settings }: Reading, rows: readonly GivenUp[]): void {
  if (rows.length === 0) settings.delete(GIVEN_UP)
  else settings.set(GIVEN_UP, toCbor(rows.map(({ groupId, identity, at }) => [groupId, identity, at])))
}

/** In the step that ends `row`, which has its identity still: notes as whom it asked, or that this leads nowhere any more. */
export function noteGivenUp(tx: Reading, { groupId, identity, state }: JoinRow, now: number): void {
  const mayBeIn = state.kind === 'cancelled' || (state.kind === 'refused' && !FOR_GOOD.has(state.code))
  const rows = all(tx)
  const before = rows.find((row) => row.groupId === groupId && equalBytes(row.identity, identity))
  if (!mayBeIn && before === undefined) return
  const others = rows.filter((row) => row.groupId !== groupId)
  put(tx, mayBeIn ? [{ groupId, identity, at: before?.at ?? now }, ...others].slice(0, MOST) : others)
}

/** As whom to ask for this space under that name; null where that is somebody new. */
export function givenUp(store: Reading, groupId: GroupId, name: string, now: number): LocalIdentity | null {
  const found = all(store).find((row) => row.groupId === groupId && row.at >= now - KEPT_MS)
  const identity = found === undefined ? null : readLocalIdentity(found.identity)
  return identity?.name === name ? identity : null
}

/** Whether a join asks as one who was given up. */
export const asksAsBefore = (store: Reading, { groupId, identity }: Pick<JoinRow, 'groupId' | 'identity'>): boolean =>
  all(store).some((row) => row.groupId === groupId && equalBytes(row.identity, identity))

/** This device is in that space, or is somebody else from now on. */
export function dropGivenUp(tx: Reading, groupId: GroupId): void {
  const rows = all(tx)
  const others = rows.filter((row) => row.groupId !== groupId)
  if (others.length < rows.length) put(tx, others)
}

/** Those that were given up long ago go. */
export function dropStaleGivenUp(tx: Reading, now: number): void {
  const rows = all(tx)
  const left = rows.filter(({ at }) => at >= now - KEPT_MS)
  if (left.length < rows.length) put(tx, left)
}
