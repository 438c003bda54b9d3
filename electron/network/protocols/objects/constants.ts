import { MAX_OBJECT_BYTES } from '../wire-object.ts'

export const OBJECTS_PROTOCOL = '/spacepanda/objects/1'
/** `ObjectPush`: at most 64 objects, and at most 48 KiB together unless there is only one. */
export const MAX_OBJECTS = 64
export const MAX_BATCH_BYTES = 48 * 1024
/** The largest single object and what is around it. */
export const MAX_PUSH_BYTES = MAX_OBJECT_BYTES + 1024
/** 64 acks of at most 14 characters. */
export const MAX_ACKS_BYTES = 2 * 1024
/** The receiver decrypts and stores before it answers; a path commit on a slow machine takes seconds. */
export const ACK_MS = 30_000
