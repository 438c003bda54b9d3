import { createHash } from 'node:crypto'
import type { GroupId, MemberId, MessageId, ObjectId } from '../../../shared/domain/ids.ts'

/**
 * What a member shared of a group hangs on one object that never existed outside, of no epoch (`SHARED_EPOCH`), whose sender is
 * that member. So it is of its group like every message and goes with it, and can never be sent on or take the place of a real one.
 */
export const sharedObjectId = (groupId: GroupId, sharedBy: MemberId): ObjectId => idOf(`shared ${groupId} ${sharedBy}`)

export const SHARED_EPOCH = -1

/** What its author gave to this device alone hangs on an object of its own of that kind, since each such message is counted like any other. */
export const handedObjectId = (groupId: GroupId, author: MemberId, messageId: MessageId): ObjectId =>
  idOf(`handed ${groupId} ${author} ${messageId}`)

export const HANDED_EPOCH = -2

const idOf = (name: string): ObjectId => createHash('sha256').update(name).digest('hex') as ObjectId
