export const FRONTIER_PROTOCOL = '/spacepanda/frontier/1'
/** `Frontier`: at most 256 senders. */
export const MAX_SENDERS = 256
/** 256 senders of about 40 bytes. */
export const MAX_FRONTIER_BYTES = 16 * 1024
/** A look into the database: as long as SECURITY.md's read deadline. */
export const FRONTIER_MS = 10_000
