import { MAX_CONTENT_BYTES } from '../history/constants.ts'

export const HAND_OVER_PROTOCOL = '/spacepanda/hand-over/1'
/** Messages of one request, and their bytes together unless there is only one: as in a push (`../objects/constants.ts`). */
export const MAX_HANDED = 64
export const HANDED_BYTES = 48 * 1024
/** The largest single message and what is around it. */
export const MAX_HAND_OVER_BYTES = MAX_CONTENT_BYTES + 1024
/** Of one peer: more than were ever written on a branch that lost; the rest a minute later. */
export const HAND_OVERS_PER_PEER = 60
export const HAND_OVER_WINDOW_MS = 60_000
