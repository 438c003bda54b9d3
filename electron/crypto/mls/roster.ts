import { nodeTypes } from 'ts-mls'
import type { ClientState, LeafNode, RatchetTree } from 'ts-mls'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { toHex } from '../../kernel/bytes.ts'
import { certifiedFor } from '../../identity/index.ts'
import { invariant } from '../../kernel/errors.ts'
import { subjectOfLeaf } from './authentication.ts'
import { parentOf } from './extensions.ts'
import type { GroupMember } from './group-engine.ts'

export const groupIdOf = (client: ClientState): GroupId => toHex(client.groupContext.groupId) as GroupId

export const parentOfGroup = (client: ClientState): GroupId | null => parentOf(client.groupContext.extensions)

/** What its leaves are certified for. Computed once for each list of extensions: every message asks. */
const scopes = new WeakMap<ClientState['groupContext'], GroupId>()

export function scopeOf({ groupContext }: Pick<ClientState, 'groupContext'>): GroupId {
  const groupId = toHex(groupContext.groupId) as GroupId
  const scope = scopes.get(groupContext) ?? certifiedFor({ groupId, parent: parentOf(groupContext.extensions) })
  scopes.set(groupContext, scope)
  return scope
}

/** The leaf at an index, or null if it is blank or outside of the tree. */
export function leafAt(tree: RatchetTree, leafIndex: number): LeafNode | null {
  const node = tree[leafIndex * 2]
  return node?.nodeType === nodeTypes.leaf ? node.leaf : null
}

export function* leaves(tree: RatchetTree): Generator<[leafIndex: number, leaf: LeafNode]> {
  for (let i = 0; i * 2 < tree.length; i++) {
    const leaf = leafAt(tree, i)
    if (leaf !== null) yield [i, leaf]
  }
}

/** Null if the leaf is blank or its credential does not hold. */
export function memberAt(scope: GroupId, tree: RatchetTree, leafIndex: number): GroupMember | null {
  const leaf = leafAt(tree, leafIndex)
  const subject = leaf === null ? null : subjectOfLeaf(scope, leaf)
  return subject === null ? null : { leafIndex, ...subject }
}

/** By leaf index. Of a state, whose leaves were all authenticated before it was made. */
export function rosterOf(client: ClientState): GroupMember[] {
  const scope = scopeOf(client)
  return [...leaves(client.ratchetTree)].map(([leafIndex, leaf]) => {
    const subject = subjectOfLeaf(scope, leaf)
    invariant(subject !== null, 'a leaf of our own state is not authenticated')
    return { leafIndex, ...subject }
  })
}

/** A device has one leaf in a group, so that it cannot speak with two voices or outvote others. */
export const oneLeafEach = (roster: readonly GroupMember[]): boolean =>
  new Set(roster.map((member) => member.deviceId)).size === roster.length

/** Where additions land (RFC 9420 §7.7): each in the leftmost blank leaf, after the removals. */
export function placesFor(count: number, taken: Iterable<number>): number[] {
  const occupied = new Set(taken)
  const places: number[] = []
  for (let i = 0; places.length < count; i++) if (!occupied.has(i)) places.push(i)
  return places
}
