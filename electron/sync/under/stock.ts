import * as z from 'zod'
import type { GroupId } from '../../../shared/domain/ids.ts'
import type { OfferedKeyPackage } from '../../crypto/mls/group-engine.ts'
import { certifiedFor, decodeLocalIdentity, ed25519Sign, encodeLocalIdentity, leafForGroup } from '../../identity/index.ts'
import { equalBytes, fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError, invariant } from '../../kernel/errors.ts'
import type { KeyPackageRow } from '../../ports/mls-storage.ts'
import type { Repositories } from '../../ports/store.ts'
import type { MemberOffer } from '../../ports/wire.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { offerStatement } from './offers.ts'

/**
 * The key packages that this device offers to the members of a space, so that they can add it to what is under the space while it is
 * away. Each with a leaf of its own. One that was used already is no dead end: see `answer-call.ts`; so a few are enough.
 */
const STOCK = 3
/** Before they end (`crypto/mls/limits.ts`), with some days to spare for who was given them. */
const FRESH_FOR_MS = 60 * 24 * 3_600_000
/** Packages made for one group, in answer to a call, that were not used yet. */
const SPOKEN_FOR = 64

type Reading = Pick<Repositories, 'settings'>
type Writing = Pick<Repositories, 'settings' | 'mls'>

const bytes = z.instanceof(Uint8Array)
const entry = z.tuple([bytes, bytes, z.union([bytes, z.null()])])
const stored = z.tuple([z.number(), bytes, z.array(entry)])

interface Entry {
  reference: string
  /** The device with the leaf of that package, encoded; secret. */
  identity: Uint8Array
  /** The group it was made for; null where it is offered to all. */
  speaksFor: GroupId | null
}

interface Stock {
  at: number
  signature: Uint8Array
  entries: Entry[]
}

const key = (space: GroupId): string => `own-stock/${space}`

export const scopeUnder = (space: GroupId): GroupId => certifiedFor({ groupId: space, parent: space })

function read(store: Reading, space: GroupId): Stock | null {
  const value = store.settings.get(key(space))
  if (value === null) return null
  const fields = fromCbor(value, stored)
  if (fields === null) throw new AppError('unreadable', 'What this device offers to the members of a space cannot be read.')
  const [at, signature, entries] = fields
  return {
    at,
    signature,
    entries: entries.map(([reference, identity, group]) => ({
      reference: toHex(reference),
      identity,
      speaksFor: group && (toHex(group) as GroupId),
    })),
  }
}

function write(tx: Writing, space: GroupId, { at, signature, entries }: Stock): void {
  const rows = entries.map(({ reference, identity, speaksFor }) => [fromHex(reference), identity, speaksFor && fromHex(speaksFor)])
  tx.settings.set(key(space), toCbor([at, signature, rows]))
}

export function dropStock(tx: Writing, space: GroupId): void {
  tx.mls.deleteKeyPackagesOf(scopeUnder(space))
  tx.settings.delete(key(space))
}

interface Made {
  offered: OfferedKeyPackage
  identity: Uint8Array
  seed: Uint8Array
}

async function make({ deps: { engine, store, random }, groupId }: LiveGroup): Promise<Made> {
  const encoded = store.identities.get(groupId)
  invariant(encoded !== null, 'a group has an identity')
  const identity = leafForGroup(decodeLocalIdentity(encoded), scopeUnder(groupId), random)
  const offered = await engine.keyPackage(identity.groupId, identity)
  return { offered, identity: encodeLocalIdentity(identity), seed: identity.leafSecret.reveal() }
}

const isOffered = ({ speaksFor }: Entry): boolean => speaksFor === null

/** Sees to it that there is a whole and fresh stock. Answers whether there is another offer now. */
export async function replenish(space: LiveGroup): Promise<boolean> {
  for (;;) {
    const outcome = await tryToReplenish(space)
    if (outcome !== 'changed-meanwhile') return outcome === 'replenished'
  }
}

async function tryToReplenish(space: LiveGroup): Promise<'whole' | 'replenished' | 'changed-meanwhile'> {
  const { store, clock } = space.deps
  const { groupId } = space
  const now = clock.now()
  const before = read(store, groupId)
  const isFresh = before !== null && now - before.at < FRESH_FOR_MS
  const kept = isFresh ? before.entries.filter(isOffered) : []
  if (kept.length >= STOCK) return 'whole'
  const fresh = await Promise.all(Array.from({ length: STOCK - kept.length }, () => make(space)))
  const signer = fresh.at(-1)
  invariant(signer !== undefined, 'something is missing')
  const at = Math.max(now, (before?.at ?? 0) + 1)
  const made = fresh.map(({ offered, identity }): Entry => ({ reference: offered.reference, identity, speaksFor: null }))
  // The last one signs: it is a fresh one, whose secret is at hand.
  const offered = [...kept, ...made]
  const statement = offerStatement(
    groupId,
    at,
    offered.map(({ reference }) => reference),
  )
  const signature = ed25519Sign(signer.seed, statement)
  return store.transaction((tx) => {
    const current = read(tx, groupId)
    // Somebody was let in by one of them, or this was done twice at once: then what was signed is not what is here.
    if (!isSameOffer(before, current)) return 'changed-meanwhile'
    const spoken = current?.entries.filter((one) => !isOffered(one)) ?? []
    if (!isFresh) for (const { reference } of before?.entries.filter(isOffered) ?? []) tx.mls.deleteKeyPackage(reference)
    for (const one of fresh) tx.mls.putKeyPackage({ ...one.offered, groupId: scopeUnder(groupId) })
    write(tx, groupId, { at, signature, entries: [...offered, ...spoken] })
    return 'replenished'
  })
}

function isSameOffer(a: Stock | null, b: Stock | null): boolean {
  const name = (stock: Stock | null): string => [stock?.at, ...(stock?.entries.filter(isOffered) ?? []).map((e) => e.reference)].join()
  return name(a) === name(b)
}

/** What this device offers to all; null where it offers nothing yet. */
export function ownOffer(space: LiveGroup): MemberOffer | null {
  const { store } = space.deps
  const stock = read(store, space.groupId)
  if (stock === null) return null
  const packages = stock.entries.filter(isOffered).flatMap(({ reference }) => store.mls.keyPackage(reference)?.publicPackage ?? [])
  return packages.length < STOCK ? null : { memberId: space.self, at: stock.at, packages, signature: stock.signature }
}

/** Everything that a Welcome to something under the space may be for. */
export function openers(store: Pick<Repositories, 'mls'>, space: GroupId): KeyPackageRow[] {
  return store.mls.keyPackagesOf(scopeUnder(space))
}

/** The encoded identity of the package with that leaf; null where it is none of ours. */
export function identityOf(store: Pick<Repositories, 'settings' | 'mls'>, space: GroupId, leafKey: Uint8Array): Uint8Array | null {
  const found = openers(store, space).find((row) => equalBytes(row.signatureKey, leafKey))
  return (found && read(store, space)?.entries.find(({ reference }) => reference === found.reference)?.identity) ?? null
}

/** One was used: its private half goes with the step that used it. Also what else was made for that group. */
export function spend(tx: Writing, space: GroupId, group: GroupId, leafKey: Uint8Array): void {
  const stock = read(tx, space)
  if (stock === null) return
  const used = openers(tx, space).find((row) => equalBytes(row.signatureKey, leafKey))?.reference
  const isGone = ({ reference, speaksFor }: Entry): boolean => reference === used || speaksFor === group
  for (const one of stock.entries.filter(isGone)) tx.mls.deleteKeyPackage(one.reference)
  write(tx, space, { ...stock, entries: stock.entries.filter((one) => !isGone(one)) })
}

/** A package for one group alone, with another leaf than one that is there; the same one until it is used. Durable when this resolves. */
export async function packageFor(
  space: LiveGroup,
  group: GroupId,
  there: Uint8Array,
): Promise<{ offered: KeyPackageRow; seed: Uint8Array }> {
  const { store } = space.deps
  const stock = read(store, space.groupId)
  for (const known of stock?.entries.filter(({ speaksFor }) => speaksFor === group) ?? []) {
    const row = store.mls.keyPackage(known.reference)
    if (row !== null && !equalBytes(row.signatureKey, there))
      return { offered: row, seed: decodeLocalIdentity(known.identity).leafSecret.reveal() }
  }
  const { offered, identity, seed } = await make(space)
  const stored: KeyPackageRow = { ...offered, groupId: scopeUnder(space.groupId) }
  store.transaction((tx) => {
    const now = read(tx, space.groupId) ?? { at: 0, signature: new Uint8Array(), entries: [] }
    const spoken = now.entries.filter((one) => !isOffered(one))
    const oldest = spoken.slice(0, Math.max(0, spoken.length + 1 - SPOKEN_FOR))
    for (const { reference } of oldest) tx.mls.deleteKeyPackage(reference)
    tx.mls.putKeyPackage(stored)
    const kept = now.entries.filter((one) => !oldest.includes(one))
    write(tx, space.groupId, { ...now, entries: [...kept, { reference: offered.reference, identity, speaksFor: group }] })
  })
  return { offered: stored, seed }
}
