import * as z from 'zod'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { equalBytes, fromHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories } from '../../ports/store.ts'
import type { WireObject } from '../../ports/wire.ts'
import { KEPT_EPOCHS } from '../group/group-deps.ts'
import { objectIdOf } from '../group/object-id.ts'
import { isLeft } from '../members/leave-offer.ts'

/**
 * Groups under a space that were left, and by name what of their epochs and commits was here: of the groups themselves nothing is kept. Who
 * has not heard yet that this device left would call it back in; who let it in again since came there by a commit that was never here.
 */

type Reading = Pick<Repositories, 'settings'>

/** Of the newest few: who is farther behind hears of more than this before it calls anybody. */
const EPOCHS = 64
const MOST = 100

const key = (space: GroupId): string => `left-under/${space}`
const bytes = z.instanceof(Uint8Array)
const stored = z.array(z.tuple([bytes, z.number(), z.array(bytes)]))

/** What cannot be read is as if it were not there: at worst somebody is called back in. */
function read({ settings }: Reading, space: GroupId): z.output<typeof stored> {
  const value = settings.get(key(space))
  return (value === null ? null : fromCbor(value, stored)) ?? []
}

/** Nobody calls from a space that was left, and of that nothing is to stay. */
const isGoing = (tx: Repositories, space: GroupId): boolean => tx.groups.get(space) === null || isLeft(tx, space)

/** While what there is of the group is still here; does nothing for a space, or once it is gone. */
export function noteLeft(tx: Repositories, groupId: GroupId, now: number): void {
  const space = tx.directory.space(groupId)?.parent ?? null
  const epochs = tx.mls.epochs(groupId).slice(0, EPOCHS)
  const first = tx.groups.get(groupId)?.joinedEpoch ?? 0
  if (space === null || epochs.length === 0 || isGoing(tx, space)) return
  const known = new Set(epochs.map(({ eid }) => eid))
  const edges = tx.commits.of(groupId).flatMap(({ objectId, child }) => (known.has(child) ? objectId : []))
  // What led here in the first place has no epoch here.
  const into = tx.objects.since(groupId, first - 1, null, EPOCHS).flatMap(({ objectId, kind }) => (kind === 'commit' ? objectId : []))
  const names = [...new Set<string>([...known, ...edges, ...into])].map(fromHex)
  const others = read(tx, space).filter(([id, at]) => !equalBytes(id, fromHex(groupId)) && now - at < KEPT_EPOCHS.forMs)
  tx.settings.set(key(space), toCbor([[fromHex(groupId), now, names], ...others].slice(0, MOST)))
}

/**
 * Whether whoever came where it is by that commit is where this device was before it left. So is, as far as can be told, who came by none
 * that it knows: it followed no commit since it came in, and whoever let this device in again has more to say.
 */
export function isFromBefore(
  store: Reading,
  space: GroupId,
  groupId: GroupId,
  { commit, now }: { commit: WireObject | undefined; now: number },
): boolean {
  const left = read(store, space).find(([id, at]) => equalBytes(id, fromHex(groupId)) && now - at < KEPT_EPOCHS.forMs)
  if (left === undefined || commit === undefined) return left !== undefined
  const names = [fromHex(commit.eid), fromHex(objectIdOf(commit.bytes))]
  return left[2].some((known) => names.some((name) => equalBytes(name, known)))
}

export const dropLeft = (tx: Reading, space: GroupId): void => tx.settings.delete(key(space))
