export const FRONTIER_PROTOCOL = '/spacepanda/frontier/1'
/** `Frontier`: at most 256 senders. */
export const MAX_SENDERS = 256
/** `Frontier`: at most 8 roots. */
export const MAX_ROOTS = 8
/** `Frontier`: at most 64 known epochs. */
export const MAX_KNOWN = 64
/** `Frontier`: at most 64 runs together. */
export const MAX_RUNS = 64
/** 256 senders of about 40 bytes, 64 runs of 18 and 64 epochs of 17. */
export const MAX_FRONTIER_BYTES = 16 * 1024
/** A look into the database: as long as SECURITY.md's read deadline. */
export const FRONTIER_MS = 10_000
