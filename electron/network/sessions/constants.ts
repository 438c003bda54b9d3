/** SECURITY.md, "read deadline", applied to each step of making a session. */
export const DIAL_DEADLINE_MS = 10_000
export const HANDSHAKE_DEADLINE_MS = 10_000
export const PROVE_DEADLINE_MS = 10_000
/** Full jitter (a random part of the whole delay) spreads the members that all lost the same peer. */
export const BACKOFF_BASE_MS = 1_000
export const BACKOFF_CAP_MS = 60_000
/** A session that lasted this long was a good one: the next back-off starts anew. */
export const STABLE_MS = 10_000
/** SECURITY.md, "idle": of a session nobody asked for, and of a connection that never became one. */
export const IDLE_MS = 120_000
/** Dials that cross arrive within a dial's deadline; a later second contact means the first connection is dead there. */
export const CROSSING_MS = 5_000
/** How long a join waits for a multicast answer about a peer it could not reach: one query and a slow reply. */
export const JOIN_DISCOVERY_MS = 2_000
/** Time for a join to find any of the peer's addresses alive. */
export const JOIN_DIAL_MS = 15_000
/** Peers seen on the local network and remembered. */
export const MAX_DISCOVERED = 256
/** `PeerAddress`: at most 16. */
export const MAX_PEER_ADDRESSES = 16
/** How often the machine's own addresses and clock are looked at: a network change is noticed within this. */
export const WATCH_MS = 5_000
/** A timer this late means the machine slept. */
export const SLEPT_MS = 30_000
/** How soon a straight way is looked for again while a session goes by a relay, at first and at last: a hole may be missed by a moment. */
export const STRAIGHTEN_FIRST_MS = 5_000
export const STRAIGHTEN_LAST_MS = 30 * 60_000

/**
 * Of the 64 MiB for all (`ALL_BUFFERS_BYTES`). One request to join has 72 KiB at most, one hello 40 KiB; all 20 strangers that a device is
 * connected with (`libp2p/limits.ts`) have their whole share at once.
 */
export const STRANGERS_BYTES = 8 * 1024 * 1024
export const STRANGER_SHARE_BYTES = 384 * 1024
/** The largest message is the answer to a join, of 7 MiB; a commit has 2 MiB at most, and of each group one push is under way. */
export const MEMBER_SHARE_BYTES = 8 * 1024 * 1024
