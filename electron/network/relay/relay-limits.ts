/** What one relay gives to how many. Each can be set by whoever runs it; tests set them low. */
export interface RelayLimits {
  connections: number
  connectionsPerAddress: number
  reservations: number
  reservationsPerAddress: number
  /** Connections through the relay that one peer has begun. */
  circuitsPerPeer: number
  /** Of one relayed connection, both ways together. Whoever talks on makes a new one. */
  circuitBytes: number
  circuitMs: number
  /** What all of one peer's relayed connections may carry in a second, and at once after a pause. */
  peerBytesPerSecond: number
  peerBurstBytes: number
  totalBytesPerSecond: number
  totalBurstBytes: number
  /** Of all relayed connections together, what their far ends have not taken. */
  heldBytes: number
}

const MIB = 1024 * 1024
const HOUR_MS = 3_600_000

/** A small machine on a home line serves some hundreds: chat is little, and catching up passes in bursts. */
export const USUAL_LIMITS: RelayLimits = {
  connections: 1_024,
  connectionsPerAddress: 32,
  reservations: 512,
  reservationsPerAddress: 32,
  circuitsPerPeer: 64,
  circuitBytes: 512 * MIB,
  circuitMs: 12 * HOUR_MS,
  peerBytesPerSecond: 2 * MIB,
  peerBurstBytes: 32 * MIB,
  totalBytesPerSecond: 20 * MIB,
  totalBurstBytes: 128 * MIB,
  heldBytes: 128 * MIB,
}

/** A reservation that its peer does not renew ends after this. */
export const RESERVATION_MS = HOUR_MS
/** To say what is wanted of the relay, and for the other side to answer. */
export const HOP_MS = 10_000
export const MAX_PENDING_INBOUND = 64
/** More than a peer id, some addresses, and what is wanted. */
export const MAX_HOP_REQUEST_BYTES = 4 * 1024
/** One way of a relayed connection reads no further while more than this is not taken at its end: a window of each stream (`READ_BUFFER_BYTES`). */
export const UNSENT_BYTES = 256 * 1024
