import * as z from 'zod'
import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { certifiedFor, ed25519Verify } from '../../identity/index.ts'
import { fromHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories } from '../../ports/store.ts'
import type { MemberOffer } from '../../ports/wire.ts'
import type { LiveGroup } from '../group/live-group.ts'
import type { Newcomer } from '../intents/intent.ts'

/**
 * What the members of a space offer each other, passed on from one to the next whenever two of them meet: so who has just come knows
 * them too, and nothing of it is kept as a message. Each offer is signed by the leaf of its last package, so that nobody can pass on an
 * older one as newer.
 */

/** An offer that claims to be from further ahead than clocks differ would never be replaced. */
const AHEAD_MS = 24 * 3_600_000

type Reading = Pick<Repositories, 'settings'>

const key = (space: GroupId, memberId: MemberId): string => `offer/${space}/${memberId}`
const bytes = z.instanceof(Uint8Array)
const stored = z.tuple([z.number(), z.array(bytes), bytes])

export const offerStatement = (space: GroupId, at: number, references: readonly string[]): Uint8Array =>
  toCbor(['spacepanda/offer/1', fromHex(space), at, references.map(fromHex)])

/** Null also for one that cannot be read: it comes again. */
export function offerOf(store: Reading, space: GroupId, memberId: MemberId): MemberOffer | null {
  const value = store.settings.get(key(space, memberId))
  const read = value && fromCbor(value, stored)
  return read && { memberId, at: read[0], packages: read[1], signature: read[2] }
}

export function dropOffers(tx: Pick<Repositories, 'settings' | 'directory'>, space: GroupId): void {
  for (const { memberId } of tx.directory.members(space)) tx.settings.delete(key(space, memberId))
}

/** Whom offers are for: members of the space but this device's own. */
const others = ({ self, groupId, deps: { store } }: LiveGroup): MemberId[] =>
  store.directory
    .members(groupId)
    .filter((m) => m.active && m.memberId !== self)
    .map((m) => m.memberId)

/** What is stored, as far as it was read since this device runs: an offer is kilobytes, and mostly asked for its time alone. */
const timesRead = new WeakMap<LiveGroup, Map<MemberId, number>>()

function timesOf(space: LiveGroup): Map<MemberId, number> {
  const times = timesRead.get(space) ?? new Map<MemberId, number>()
  timesRead.set(space, times)
  return times
}

/** Whose offers are here, and of when. */
export function offersKnown(space: LiveGroup): Pick<MemberOffer, 'memberId' | 'at'>[] {
  const times = timesOf(space)
  return others(space).flatMap((memberId) => {
    const at = times.get(memberId) ?? offerOf(space.deps.store, space.groupId, memberId)?.at
    if (at === undefined) return []
    times.set(memberId, at)
    return { memberId, at }
  })
}

/** Keeps what is newer than what is here and holds in every part. Anybody may bring them; whose they are is in them. */
export async function takeOffers(space: LiveGroup, offers: readonly MemberOffer[]): Promise<boolean> {
  const { store, clock } = space.deps
  const wanted = new Set(others(space))
  let taken = false
  for (const offer of offers) {
    const { memberId, at } = offer
    const known = offerOf(store, space.groupId, memberId)
    const isNews = wanted.has(memberId) && at > (known?.at ?? -1) && at <= clock.now() + AHEAD_MS
    if (!isNews || !(await holds(space, offer))) continue
    store.transaction((tx) => tx.settings.set(key(space.groupId, memberId), toCbor([at, offer.packages, offer.signature])))
    timesOf(space).set(memberId, at)
    taken = true
  }
  return taken
}

async function holds(
  { deps: { engine, logger }, groupId }: LiveGroup,
  { memberId, at, packages, signature }: MemberOffer,
): Promise<boolean> {
  const opened = await Promise.all(packages.map((one) => engine.readKeyPackage(certifiedFor({ groupId, parent: groupId }), one)))
  const sound = opened.flatMap((one) => (one.ok && one.value.memberId === memberId ? [one.value] : []))
  const last = sound.at(-1)
  const statement = offerStatement(
    groupId,
    at,
    sound.map(({ reference }) => reference),
  )
  if (last !== undefined && sound.length === packages.length && ed25519Verify(last.signatureKey, statement, signature)) return true
  logger.warn('offer-refused')
  return false
}

/** A package of that member to add them by; null where none is here that still holds. */
export async function pickPackage({ deps: { engine, store, random }, groupId }: LiveGroup, memberId: MemberId): Promise<Newcomer | null> {
  const packages = offerOf(store, groupId, memberId)?.packages ?? []
  const first = Math.floor(random.fraction() * packages.length)
  for (const keyPackage of [...packages.slice(first), ...packages.slice(0, first)]) {
    const opened = await engine.readKeyPackage(certifiedFor({ groupId, parent: groupId }), keyPackage)
    if (opened.ok && opened.value.memberId === memberId) return { memberId, leafKey: opened.value.signatureKey, keyPackage }
  }
  return null
}
