import { MAX_COMMITS_BYTES, MAX_KEY_PACKAGE_BYTES, MAX_WELCOME_BYTES } from '../join/constants.ts'

export const WELCOME_PROTOCOL = '/spacepanda/welcome/1'
/** A Welcome and the last commits, as in the answer to a join; or one offer and a line for each of 1,000 members. */
export const MAX_WELCOME_REQUEST_BYTES = MAX_WELCOME_BYTES + MAX_COMMITS_BYTES + 64 * 1024
/** `MemberOffer` (`sync/under/offers.ts`). */
export const MAX_OFFER_PACKAGES = 4
/** Of offers in one answer: some 25 of them with X-Wing. Whoever lacks more asks again. */
export const MAX_OFFERS_BYTES = 256 * 1024
export const MAX_OFFERS = 64
export const MAX_MEMBERS = 1_000
/** The offers, of which one alone may be larger, and what is around them. */
export const MAX_WELCOME_ANSWER_BYTES = MAX_OFFERS_BYTES + MAX_OFFER_PACKAGES * MAX_KEY_PACKAGE_BYTES + 64 * 1024
/** The one that answers opens a Welcome and stores a group first. */
export const WELCOME_ANSWER_MS = 60_000
/** Of one peer: each may cost a key package. Who adds somebody to many channels at once is told to come back later. */
export const WELCOMES_PER_PEER = 30
export const WELCOME_WINDOW_MS = 10_000
export const WELCOME_LATER_MS = 5_000
