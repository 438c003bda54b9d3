import { createHash } from 'node:crypto'
import type { GroupId, MemberId, ObjectId } from '../../../shared/domain/ids.ts'

/**
 * What a member shared of a group hangs on one object that never existed outside, of no epoch (`SHARED_EPOCH`), whose sender is
 * that member. So it is of its group like every message and goes with it, and can never be sent on or take the place of a real one.
 */
export const sharedObjectId = (groupId: GroupId, sharedBy: MemberId): ObjectId =>
  createHash('sha256').update(`shared ${groupId} ${sharedBy}`).digest('hex') as ObjectId

export const SHARED_EPOCH = -1
