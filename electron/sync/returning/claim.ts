import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Eid, GroupId, PeerId } from '../../../shared/domain/ids.ts'
import type { ProposedChange } from '../../crypto/mls/group-engine.ts'
import { ed25519Sign, ed25519Verify } from '../../identity/index.ts'
import { fromHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { PresentedLeaf } from '../../ports/wire.ts'

/**
 * What a fresh leaf says of the one it takes the place of. It names that leaf's key, which is gone once it was used: so it
 * can be used once only, by whoever comes to hold it.
 */
export interface ReturnClaim {
  groupId: GroupId
  /** The signature key of the leaf that goes. */
  leafKey: Uint8Array
  /** KeyPackageRef of the fresh one, hexadecimal. */
  reference: string
}

const claimBytes = ({ groupId, leafKey, reference }: ReturnClaim): Uint8Array =>
  toCbor(['spacepanda/return/1', fromHex(groupId), leafKey, fromHex(reference)])

/** `seed`: the fresh leaf's. */
export const signReturn = (seed: Uint8Array, claim: ReturnClaim): Uint8Array => ed25519Sign(seed, claimBytes(claim))

/** False for anything that does not hold, malformed keys and signatures included. */
export const verifyReturn = (freshKey: Uint8Array, claim: ReturnClaim, signature: Uint8Array): boolean =>
  ed25519Verify(freshKey, claimBytes(claim), signature)

const presentedBytes = (groupId: GroupId, keyPackage: Uint8Array, peerId: PeerId): Uint8Array =>
  toCbor(['spacepanda/fresh/1', fromHex(groupId), createHash('sha256').update(keyPackage).digest(), peerId])

/**
 * That the peer which asks with a fresh leaf is the device that is to have it: whoever was shown that leaf, or finds it in the settings and
 * commits, could ask with it for ever. `seed`: the fresh leaf's.
 */
export const signPresented = (seed: Uint8Array, groupId: GroupId, keyPackage: Uint8Array, peerId: PeerId): Uint8Array =>
  ed25519Sign(seed, presentedBytes(groupId, keyPackage, peerId))

/** False for anything that does not hold, malformed keys and signatures included. */
export const verifyPresented = (freshKey: Uint8Array, groupId: GroupId, { keyPackage, peer }: PresentedLeaf, peerId: PeerId): boolean =>
  ed25519Verify(freshKey, presentedBytes(groupId, keyPackage, peerId), peer)

const FORMAT = 2
const bytes = (length: number) => z.instanceof(Uint8Array).refine((value) => value.length === length)
const wire = z.tuple([z.literal(FORMAT), bytes(16), bytes(64)])

/** The claim travels in the commit's authenticated data, so that every member can check it. */
export const encodeReturnData = (parent: Eid, signature: Uint8Array): Uint8Array => toCbor([FORMAT, fromHex(parent), signature])

/** A commit that exchanges one leaf for another of the same member and device, and does nothing else to the tree. */
export function isReturn({ added, removed }: Pick<ProposedChange, 'added' | 'removed'>): boolean {
  const [fresh, old] = [added[0], removed[0]]
  if (fresh === undefined || old === undefined || added.length > 1 || removed.length > 1) return false
  return fresh.memberId === old.memberId && fresh.deviceId === old.deviceId
}

/** Null if the claim in it holds. */
export function returnProblem(groupId: GroupId, { added, removed, authenticatedData }: ProposedChange): string | null {
  const [fresh, old] = [added[0], removed[0]]
  const claim = fromCbor(authenticatedData, wire)
  if (fresh === undefined || old === undefined || claim === null) return 'return-without-claim'
  if (fresh.name !== old.name) return 'return-under-another-name'
  const [, , signature] = claim
  const holds = verifyReturn(fresh.signatureKey, { groupId, leafKey: old.signatureKey, reference: fresh.reference }, signature)
  return holds ? null : 'return-signature'
}
