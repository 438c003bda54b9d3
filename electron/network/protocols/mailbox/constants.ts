import { MAX_OBJECT_BYTES } from '../wire-object.ts'

export const MAILBOX_PROTOCOL = '/spacepanda/mailbox/3'
/** Sizes are stepped by this above it (`sync/mailbox/seal.ts`): the largest object with its eid and length fills one step more. */
const LAST_STEP_BYTES = 64 * 1024
/** The largest object, padded, with nonce and tag. */
export const MAX_SEALED_BYTES = MAX_OBJECT_BYTES + LAST_STEP_BYTES + 12 + 16
/** The smallest step, with nonce and tag. */
export const MIN_SEALED_BYTES = 1024 + 12 + 16
/** Objects of one put or page, and their bytes together unless there is only one: 64 messages of the two smallest steps. */
export const MAX_SEALED = 64
export const SEALED_BYTES = 256 * 1024
/** The largest single object and what is around it. */
export const MAX_MAILBOX_BYTES = MAX_SEALED_BYTES + 1024
/** A mailbox writes to its disk before it answers, and many may be writing. */
export const MAILBOX_MS = 30_000
/** Longest `later` a client obeys: a hostile answer cannot put it to sleep. */
export const MAX_MAILBOX_LATER_MS = 10 * 60_000
/** Of one peer (SECURITY.md, "streams per peer"). */
export const MAX_STREAMS = 4
/** What those who find no room are told: as long as whoever reads slowly may take. */
export const CROWDED_MS = 10_000
/** Of what requests may hold until they are whole, and answers until they are read, one machine has at most one part in so many. */
export const HOST_PART = 4
