import type { Eid, PeerId } from '../../../../shared/domain/ids.ts'
import type { GroupState } from '../../../crypto/mls/index.ts'
import { objectsRpc } from '../../../network/protocols/objects/objects-rpc.ts'
import type { WireObject } from '../../../ports/wire.ts'
import { readState } from '../../../sync/group/epoch-store.ts'
import { objectIdOf } from '../../../sync/group/object-id.ts'
import type { SimNode } from '../node/sim-node.ts'
import type { World } from '../world.ts'

/** What a hostile member has: its own keys, its store, and its connections. */

export const hostileHere = (world: World): SimNode | null => {
  const able = world.up.filter((node) => node.hostile && node.takesPart(world.groupId))
  return able.length === 0 ? null : world.dice.pick(able)
}

/** Members it is connected to. */
export const connected = (node: SimNode): PeerId[] =>
  node.now.network
    .sessions()
    .filter(({ state, shared }) => state === 'ready' && shared.length > 0)
    .map(({ peerId }) => peerId)

/** Its own state of the group, as it is stored. */
export function stateOf(world: World, node: SimNode): { state: GroupState; eid: Eid } {
  const row = node.group(world.groupId)
  const stored = row && readState(node.store, node.engine, world.groupId, row.tip)
  if (!stored) throw new Error('a member has a state')
  return stored
}

/** Says objects to peers, past all that its messenger would check. */
export function push(world: World, node: SimNode, to: readonly PeerId[], objects: readonly WireObject[], what: string): void {
  if (objects.length === 0 || !node.up) return
  const body = objectsRpc.encodeRequest({ groupId: world.groupId, objects: [...objects] })
  for (const peerId of to) node.now.network.raw(peerId, objectsRpc.id, body, what)
}

/** Nobody may accept these. */
export function bogus(world: World, objects: readonly WireObject[]): void {
  for (const { bytes } of objects) world.rejected.bogus.add(objectIdOf(bytes))
}

/** What it could bring: all that it has, oldest first. */
export const stored = (world: World, node: SimNode): WireObject[] =>
  node.store.objects.since(world.groupId, 0, null, 10_000).map(({ eid, bytes }) => ({ eid, bytes }))
