import * as z from 'zod'
import type { Eid, GroupId } from '../../../shared/domain/ids.ts'
import { decodeLocalIdentity } from '../../identity/index.ts'
import type { LocalIdentity } from '../../identity/local-identity.ts'
import { equalBytes, fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { JoinRow, Repositories } from '../../ports/store.ts'
import type { JoinRequest } from '../../ports/wire.ts'
import { KEPT_EPOCHS } from '../group/group-deps.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { returnGrant } from '../intents/grant-name.ts'
import { signClaim } from '../invitations/keys.ts'
import { parseLink } from '../invitations/link.ts'
import type { InvitationLink } from '../invitations/link.ts'
import type { Opener } from './come-back.ts'
import type { ReturnOffer } from './offer.ts'

/**
 * A newcomer whose commit lost against another one is no member where all others are, until whoever let it in does so again.
 * So what it came by is kept for as long as a commit may lose: the link, the name of its request, and (in the storage of MLS)
 * the key packages it offered, of which the second is used then.
 */

type Writing = Pick<Repositories, 'settings' | 'mls'>

/** It offers nothing: its invitation is for whoever is in the space and has to be let in again. */
export const isBesides = ({ identity }: Pick<JoinRow, 'identity'>): boolean => identity.length === 0

const nameOf = (groupId: GroupId): string => `joined-by/${groupId}`
const stored = z.tuple([z.string(), z.string()])

export const keepJoin = ({ settings }: Writing, { groupId, link, requestId }: Pick<JoinRow, 'groupId' | 'link' | 'requestId'>): void =>
  settings.set(nameOf(groupId), toCbor([link, requestId]))

const anewOf = (groupId: GroupId): string => `added-anew/${groupId}`

/** Where all others are this device was no member before that epoch: nothing that it did until then has led there. */
export const noteAddedAnew = ({ settings }: Pick<Writing, 'settings'>, groupId: GroupId, eid: Eid): void =>
  settings.set(anewOf(groupId), fromHex(eid))

export function wasAddedAnew({ settings }: Pick<Writing, 'settings'>, groupId: GroupId, followed: ReadonlySet<Eid>): boolean {
  const eid = settings.get(anewOf(groupId))
  return eid !== null && followed.has(toHex(eid) as Eid)
}

export const dropJoin = ({ settings }: Pick<Writing, 'settings'>, groupId: GroupId): void => {
  settings.delete(nameOf(groupId))
  settings.delete(anewOf(groupId))
}

/** Nothing that let this device in can lose any more. */
export function forgetJoin({ deps: { store, clock }, groupId, tip }: LiveGroup): void {
  if (tip.row.createdAt > clock.now() - KEPT_EPOCHS.forMs || store.settings.get(nameOf(groupId)) === null) return
  store.transaction((tx) => {
    dropJoin(tx, groupId)
    tx.mls.deleteKeyPackagesOf(groupId)
  })
}

interface KeptJoin {
  link: InvitationLink
  requestId: string
}

function keptJoin(group: LiveGroup): KeptJoin | null {
  const asked = joinBesides(group)
  if (asked !== null) return readJoin(asked.link, asked.requestId)
  const { deps, groupId, tip } = group
  const kept = deps.store.settings.get(nameOf(groupId))
  // Who is no member after all this time was removed, and asks nobody by itself.
  if (kept === null || tip.row.createdAt < deps.clock.now() - KEPT_EPOCHS.forMs) return null
  const read = fromCbor(kept, stored)
  return readJoin(read?.[0] ?? '', read?.[1] ?? '')
}

const isOpen = ({ state }: JoinRow): boolean => state.kind === 'working' || state.kind === 'waiting'

/** Whether this device was removed, and asks by an invitation to be let in as if for the first time (SPEC.md R8). */
export const isJoining = ({ deps: { store }, groupId }: LiveGroup): boolean =>
  store.joins.list().some((row) => row.groupId === groupId && !isBesides(row) && isOpen(row))

/** By which a person wants this device to be let in again, for as long as they want it; of several the newest. */
export function joinBesides({ deps: { store }, groupId }: LiveGroup): JoinRow | null {
  return store.joins.list().findLast((row) => row.groupId === groupId && isBesides(row) && isOpen(row)) ?? null
}

function readJoin(text: string, requestId: string): KeptJoin {
  const link = parseLink(text)
  if (link === null) throw new AppError('unreadable', 'What this device joined a space by cannot be read.')
  return { link, requestId }
}

function requestOf({ groupId }: LiveGroup, { link, requestId }: KeptJoin, identity: LocalIdentity, keyPackages: Uint8Array[]): JoinRequest {
  const { invitationId, seed } = link
  const { memberId, deviceId } = identity
  const signature = signClaim(seed, { groupId, invitationId, requestId, memberId, deviceId })
  return { groupId, invitationId, requestId, keyPackages, signature }
}

/** The request this device came by, to be told the Welcome it was given since; with what opens that. Null if it did not come by one lately. */
export function claimAgain(group: LiveGroup): { request: JoinRequest; opener: Opener } | null {
  const { store } = group.deps
  const kept = keptJoin(group)
  const encoded = store.identities.get(group.groupId)
  if (kept === null || encoded === null) return null
  const identity = decodeLocalIdentity(encoded)
  const pairs = store.mls.keyPackagesOf(group.groupId).filter((pair) => equalBytes(pair.signatureKey, identity.leafPublicKey))
  if (pairs.length === 0) return null
  const keyPackages = pairs.map((pair) => pair.publicPackage)
  return { request: requestOf(group, kept, identity, keyPackages), opener: { identity: encoded, pairs } }
}

/** A new request of the same member, with the fresh leaf of an offer. */
export function joinAgain(group: LiveGroup, offer: ReturnOffer): JoinRequest | null {
  const kept = keptJoin(group)
  const { keyPackage } = offer.request
  return kept && requestOf(group, { ...kept, requestId: returnGrant(keyPackage) }, decodeLocalIdentity(offer.identity), [keyPackage])
}
