export const HINTS_PROTOCOL = '/spacepanda/hints/2'
/** 256 members with a record of 4,096 bytes at most. */
export const MAX_HINTS_BYTES = 1024 * 1024 + 128 * 1024
/** Of one peer, in one group: once for each session, and where addresses change. Each may hold 256 signatures to be looked at. */
export const HINTS_PER_PEER = 12
export const HINTS_WINDOW_MS = 60_000
/** A look into the database: as long as SECURITY.md's read deadline. */
export const HINTS_MS = 10_000
