import { createHash } from 'node:crypto'
import type { GroupId } from '../../shared/domain/ids.ts'
import { toHex } from '../kernel/bytes.ts'
import { toCbor } from '../kernel/cbor.ts'

/** A group, and the space it is under: a private channel, a direct message. */
export interface GroupPlace {
  groupId: GroupId
  /** The space's own group; null for a space. */
  parent: GroupId | null
}

/**
 * What the leaves of a group are certified for, in place of a group id. A space's own: that space. A group under a space: all groups
 * under that space, because key packages for them are offered before anybody knows which. One is never the other: a leaf of a space
 * is worth nothing in what is under it, and the reverse.
 */
export function certifiedFor({ groupId, parent }: GroupPlace): GroupId {
  if (parent === null) return groupId
  const digest = createHash('sha256')
    .update(toCbor(['SpacePanda groups under', 1, parent]))
    .digest()
  return toHex(digest.subarray(0, 16)) as GroupId
}
