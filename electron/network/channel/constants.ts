/** SECURITY.md, "frame": the header included. */
export const MAX_FRAME_BYTES = 64 * 1024
/** SECURITY.md, "chunk": a larger message is cut into pieces of this size. */
export const MAX_CHUNK_BYTES = 48 * 1024
/** SECURITY.md, "read deadline": from the first byte of a frame to its last, and between two frames of one message. */
export const READ_DEADLINE_MS = 10_000
/** As long as for reading: a reader this slow holds memory here. */
export const WRITE_DEADLINE_MS = 10_000
/** SECURITY.md, "all buffers". */
export const ALL_BUFFERS_BYTES = 64 * 1024 * 1024
/** Requests a channel carries at once: 16 frames of 48 KiB fill a gigabit link at 5 ms, and bound what one peer can have us do. */
export const MAX_IN_FLIGHT = 16
/** Chunks of a large message wait while more than this is unsent, so that small messages pass between them. */
export const WRITE_HIGH_WATER_BYTES = 128 * 1024
