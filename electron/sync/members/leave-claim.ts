import * as z from 'zod'
import type { Eid, GroupId } from '../../../shared/domain/ids.ts'
import type { ProposedChange } from '../../crypto/mls/group-engine.ts'
import { ed25519Sign, ed25519Verify } from '../../identity/index.ts'
import { equalBytes, fromHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { LeaveRequest } from '../../ports/wire.ts'

/**
 * What somebody who leaves says, since nobody can commit its own removal (RFC 9420 §12.2). It names the leaf that signed it,
 * which is gone once it was used: so it can be used once only, by whoever comes to hold it.
 */
export interface LeaveClaim {
  groupId: GroupId
  /** The signature key of the leaf, 32 bytes, raw Ed25519. */
  leafKey: Uint8Array
}

const claimBytes = ({ groupId, leafKey }: LeaveClaim): Uint8Array => toCbor(['spacepanda/leave/1', fromHex(groupId), leafKey])

/** `seed`: the leaf's own. */
export const signLeave = (seed: Uint8Array, claim: LeaveClaim): Uint8Array => ed25519Sign(seed, claimBytes(claim))

/** False for anything that does not hold, malformed keys and signatures included. */
export const verifyLeave = (claim: LeaveClaim, signature: Uint8Array): boolean => ed25519Verify(claim.leafKey, claimBytes(claim), signature)

/** 1 is what other commits carry, 2 a return (`returning/claim.ts`). */
const FORMAT = 3
const bytes = (length: number) => z.instanceof(Uint8Array).refine((value) => value.length === length)
const wire = z.tuple([z.literal(FORMAT), bytes(16), bytes(32), bytes(64)])

/** The claim travels in the commit's authenticated data, so that every member can check it. */
export const encodeLeaveData = (parent: Eid, leafKey: Uint8Array, signature: Uint8Array): Uint8Array =>
  toCbor([FORMAT, fromHex(parent), leafKey, signature])

/** A commit that says it removes somebody who wants to leave. */
export const isLeave = ({ authenticatedData }: Pick<ProposedChange, 'authenticatedData'>): boolean =>
  fromCbor(authenticatedData, wire) !== null

/** What somebody asked whom such a commit, which was authorised, sees off; null for any other. */
export function leaveRequestOf({ removed, authenticatedData }: ProposedChange): Omit<LeaveRequest, 'groupId'> | null {
  const [first] = removed
  const claim = fromCbor(authenticatedData, wire)
  if (first === undefined || claim === null) return null
  const [, , leafKey, signature] = claim
  return { memberId: first.memberId, leafKey, signature }
}

/** Null if the claim in it holds, and speaks of the one member that goes, whichever of its devices it was made on. */
export function leaveProblem(groupId: GroupId, { added, removed, authenticatedData }: ProposedChange): string | null {
  const [first] = removed
  const claim = fromCbor(authenticatedData, wire)
  if (first === undefined || claim === null) return 'leave-of-nobody'
  if (added.length > 0 || removed.some((leaf) => leaf.memberId !== first.memberId)) return 'leave-with-other-changes'
  const [, , leafKey, signature] = claim
  if (!removed.some((leaf) => equalBytes(leaf.signatureKey, leafKey))) return 'leave-of-another'
  return verifyLeave({ groupId, leafKey }, signature) ? null : 'leave-signature'
}
