export const LEAVE_PROTOCOL = '/spacepanda/leave/1'
/** Two ids, a key, a signature and what is around them. */
export const MAX_LEAVE_REQUEST_BYTES = 1024
export const MAX_LEAVE_ANSWER_BYTES = 1024
/** The member that answers makes a commit first, as for a join. */
export const LEAVE_ANSWER_MS = 60_000
/** Of one peer: each is a commit for everybody, and nobody leaves more than a few groups in a minute. */
export const LEAVES_PER_PEER = 8
export const LEAVE_WINDOW_MS = 60_000
export const LEAVE_LATER_MS = 15_000
