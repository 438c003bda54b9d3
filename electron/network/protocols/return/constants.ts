export const RETURN_PROTOCOL = '/spacepanda/return/3'
/** One key package, as large as in a join (`../join/constants.ts`), two keys and what is around them. */
export const MAX_RETURN_REQUEST_BYTES = 16 * 1024
/** A Welcome and the last commits, as in the answer to a join, without hints. */
export const MAX_RETURN_ANSWER_BYTES = 6 * 1024 * 1024 + 64 * 1024
/** The member that answers makes a commit first, as for a join. */
export const RETURN_ANSWER_MS = 60_000
/** Of one peer: each is a commit for everybody. A device in trouble asks once in a while; more are told to come back later. */
export const RETURNS_PER_PEER = 4
export const RETURN_WINDOW_MS = 60_000
export const RETURN_LATER_MS = 15_000
