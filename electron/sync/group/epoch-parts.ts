import type { Eid, GroupId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import type { EpochParts, MlsEpochRow } from '../../ports/mls-epoch.ts'
import type { MlsStorage } from '../../ports/mls-storage.ts'

/** One state to the rows it consists of, and back. */

export function writeParts(mls: MlsStorage, row: MlsEpochRow, parts: EpochParts): void {
  const { groupId, eid } = row
  mls.putEpoch(row)
  mls.putGroupContext(groupId, eid, parts.groupContext)
  mls.putRatchetTree(groupId, eid, parts.ratchetTree)
  mls.putKeySchedule(groupId, eid, parts.keySchedule)
  mls.putConfirmation(groupId, eid, parts.confirmation)
  mls.putSignatureKey({ groupId, publicKey: parts.ownLeaf.signatureKey, secret: parts.signatureSecret })
  mls.putOwnLeaf(groupId, eid, parts.ownLeaf)
  for (const key of parts.pathKeys) mls.putPathKey(groupId, eid, key)
  mls.putMessageSecrets(groupId, eid, parts.secrets)
}

/** Null if there is no such epoch. Throws `AppError('unreadable')` if it is there and not whole. */
export function readParts(mls: MlsStorage, groupId: GroupId, eid: Eid): EpochParts | null {
  if (mls.epoch(groupId, eid) === null) return null
  const ownLeaf = whole(mls.ownLeaf(groupId, eid))
  return {
    groupContext: whole(mls.groupContext(groupId, eid)),
    ratchetTree: whole(mls.ratchetTree(groupId, eid)),
    keySchedule: whole(mls.keySchedule(groupId, eid)),
    confirmation: whole(mls.confirmation(groupId, eid)),
    ownLeaf,
    signatureSecret: whole(mls.signatureKey(ownLeaf.signatureKey)).secret,
    pathKeys: mls.pathKeys(groupId, eid),
    secrets: whole(mls.messageSecrets(groupId, eid)),
  }
}

function whole<T>(part: T | null): T {
  if (part === null) throw new AppError('unreadable', 'A part of the stored keys of a space is missing.')
  return part
}
