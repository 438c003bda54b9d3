import type { ClientState } from 'ts-mls'
import { InvariantError } from '../../kernel/errors.ts'
import type { GroupState } from './group-engine.ts'

const clients = new WeakMap<GroupState, ClientState>()

/** Direct path of a leaf in a tree of `width` nodes, RFC 9420 appendix C. */
export function isAbove(node: number, leafIndex: number): boolean {
  let level = 0
  while ((node >> level) & 1) level++
  return node >> (level + 1) === (leafIndex * 2) >> (level + 1)
}

/** Drops what the next epoch does not need: past epochs, and private keys of nodes that were blanked. */
function tidy(client: ClientState): ClientState {
  const { privatePath, ratchetTree } = client
  const kept = Object.entries(privatePath.privateKeys).filter(
    ([node]) => ratchetTree[Number(node)] !== undefined && isAbove(Number(node), privatePath.leafIndex),
  )
  return {
    ...client,
    privatePath: { ...privatePath, privateKeys: Object.fromEntries(kept) },
    historicalReceiverData: new Map(),
  }
}

/** An epoch that was just entered. */
export const enter = (client: ClientState): GroupState => wrap(tidy(client))

/** The same epoch, its ratchets moved. */
export function wrap(client: ClientState): GroupState {
  const state = Object.freeze({}) as GroupState
  clients.set(state, client)
  return state
}

export function unwrap(state: GroupState): ClientState {
  const client = clients.get(state)
  if (client === undefined) throw new InvariantError('not a state of this engine')
  return client
}
