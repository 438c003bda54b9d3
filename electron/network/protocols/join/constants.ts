export const JOIN_PROTOCOL = '/spacepanda/join/4'
/** `JoinRequest`: at most 4 key packages. One with X-Wing has about 3 KB (PERFORMANCE.md); 12 leave room for credentials. */
export const MAX_KEY_PACKAGES = 4
export const MAX_KEY_PACKAGE_BYTES = 12 * 1024
/** Four key packages, that of a fresh leaf, and what is around them: a stranger cannot make us keep more. */
export const MAX_JOIN_REQUEST_BYTES = 72 * 1024
/** A Welcome carries the ratchet tree: some 3 KB a member with X-Wing, so 4 MiB serve 250 members five times over. */
export const MAX_WELCOME_BYTES = 4 * 1024 * 1024
/** Commits a newcomer may pass on, see `JoinAnswer`: those who answer keep them below 512 KiB together, unless one alone is larger. */
export const MAX_COMMITS = 64
export const MAX_COMMITS_BYTES = 2 * 1024 * 1024
/** Hints for 256 members, 16 addresses each, would be 1 MiB at the very most. */
export const MAX_JOIN_ANSWER_BYTES = MAX_WELCOME_BYTES + MAX_COMMITS_BYTES + 1024 * 1024
/** The member that answers makes a commit first: up to 5 s in a large cold tree with X-Wing, on a machine as slow as it may be. */
export const JOIN_ANSWER_MS = 60_000
/** Of one peer, and of all together since peer ids cost nothing: more are told to come back later. */
export const JOINS_PER_PEER = 6
export const JOINS_IN_ALL = 60
/** Requests that show no invitation, kept only to count them for their peers. */
export const MISSES_REMEMBERED = 1_000
export const JOIN_WINDOW_MS = 60_000
/** What they are told. */
export const JOIN_LATER_MS = 10_000
/** Longest `later` a joiner obeys: a hostile answer cannot put it to sleep. */
export const MAX_LATER_MS = 10 * 60_000
