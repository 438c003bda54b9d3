export const HINTS_PROTOCOL = '/spacepanda/hints/2'
/** 256 members with a record of 4,096 bytes at most. */
export const MAX_HINTS_BYTES = 1024 * 1024 + 128 * 1024
/** A look into the database: as long as SECURITY.md's read deadline. */
export const HINTS_MS = 10_000
