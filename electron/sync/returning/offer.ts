import * as z from 'zod'
import type { GroupId, JoinId, PeerId } from '../../../shared/domain/ids.ts'
import type { KeyPackagePair } from '../../crypto/mls/group-engine.ts'
import { decodeLocalIdentity, encodeLocalIdentity, leafForGroup } from '../../identity/index.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError, invariant } from '../../kernel/errors.ts'
import type { Repositories } from '../../ports/store.ts'
import type { ReturnRequest } from '../../ports/wire.ts'
import type { LocalIdentity } from '../../identity/local-identity.ts'
import type { GroupDeps } from '../group/group-deps.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { signPresented, signReturn } from './claim.ts'

/** What a returning device asks with. Durable before it is first shown to anybody, so that a Welcome for it can always be opened. */
export interface ReturnOffer {
  request: ReturnRequest
  /** The device with its fresh leaf, encoded; secret. */
  identity: Uint8Array
  /** The signature key of the fresh leaf. */
  freshKey: Uint8Array
  pairs: readonly KeyPackagePair[]
}

/** For whom an offer is kept: one for a member of a group, and one for each join whose Welcome nobody gives. */
type Slot = GroupId | JoinId

const key = (slot: Slot): string => `return-offer/${slot}`

const bytes = z.instanceof(Uint8Array)
const stored = z.tuple([z.string(), bytes, bytes, bytes, bytes, bytes, bytes])

/**
 * Null also for one that another peer made: whoever puts a copy back gives the device another peer id, and what the copy
 * offers may have been taken since, and used. Throws `AppError('unreadable')`: the value is our own.
 */
export function readOffer(
  store: Pick<Repositories, 'settings'>,
  groupId: GroupId,
  peerId: PeerId,
  slot: Slot = groupId,
): ReturnOffer | null {
  const value = store.settings.get(key(slot))
  if (value === null) return null
  const read = fromCbor(value, stored)
  if (read === null) throw new AppError('unreadable', 'A return to a space cannot be read from the database.')
  const [madeBy, leafKey, signature, identity, freshKey, publicPackage, privatePackage] = read
  if (madeBy !== peerId) return null
  const seed = decodeLocalIdentity(identity).leafSecret.reveal()
  return {
    request: { groupId, leafKey, keyPackage: publicPackage, signature, peer: signPresented(seed, groupId, publicPackage, peerId) },
    identity,
    freshKey,
    pairs: [{ publicPackage, privatePackage }],
  }
}

/** The offer for this device's own leaf, made where there is none. Throws like `makeOffer`. */
export async function offerHere(group: LiveGroup, peerId: PeerId): Promise<ReturnOffer> {
  const { engine, store } = group.deps
  const { state } = group.tip
  const leafKey = engine.leafKey(state, engine.self(state).leafIndex)
  if (leafKey === null) throw new AppError('unreadable', 'The state of a space does not hold this device.')
  return readOffer(store, group.groupId, peerId) ?? makeOffer(group, leafKey, peerId)
}

export const dropOffer = (tx: Pick<Repositories, 'settings'>, slot: Slot): void => tx.settings.delete(key(slot))

const gone = (): AppError => new AppError('not-found', 'This space was deleted from this device.')

/**
 * A fresh leaf of this device in place of the one with `leafKey`; replaces an earlier offer. Throws `AppError('unreadable' | 'not-found')`, the
 * second where the space is deleted meanwhile: nothing of it may be left then.
 */
export async function makeOffer(group: LiveGroup, leafKey: Uint8Array, peerId: PeerId): Promise<ReturnOffer> {
  const { groupId, deps } = group
  const encoded = deps.store.identities.get(groupId)
  if (encoded === null) throw gone()
  const identity = leafForGroup(decodeLocalIdentity(encoded), deps.engine.scope(group.tip.state), deps.random)
  return offerLeaf(deps, { groupId, slot: groupId, identity, leafKey, peerId })
}

/** A fresh leaf that takes the place of the one with `leafKey`. */
interface Exchange {
  groupId: GroupId
  slot: Slot
  /** With the fresh leaf. */
  identity: LocalIdentity
  leafKey: Uint8Array
  peerId: PeerId
}

/** Makes and stores an offer; replaces an earlier one in its slot. Throws like `makeOffer` where that is a group's. */
export async function offerLeaf(
  { engine, store }: Pick<GroupDeps, 'engine' | 'store'>,
  { groupId, slot, identity, leafKey, peerId }: Exchange,
): Promise<ReturnOffer> {
  const { reference, publicPackage, privatePackage } = await engine.keyPackage(identity.groupId, identity)
  const signature = signReturn(identity.leafSecret.reveal(), { groupId, leafKey, reference })
  const fields = [peerId, leafKey, signature, encodeLocalIdentity(identity), identity.leafPublicKey, publicPackage, privatePackage]
  store.transaction((tx) => {
    if (slot === groupId && tx.identities.get(groupId) === null) throw gone()
    tx.settings.set(key(slot), toCbor(fields))
  })
  const offer = readOffer(store, groupId, peerId, slot)
  invariant(offer !== null, 'what was written can be read')
  return offer
}
