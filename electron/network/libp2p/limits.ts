/** SECURITY.md, table of limits. */
export const MAX_CONNECTIONS = 100
export const MAX_STRANGERS = 20
export const MAX_CONNECTIONS_PER_ADDRESS = 8
/** Other programs of the same person and, in tests, whole groups: they share one address and are no crowd of attackers. */
export const MAX_CONNECTIONS_FROM_LOOPBACK = 64
/** Of how many peers libp2p keeps addresses and protocols: more than a relay has connections. */
export const MAX_PEERS_REMEMBERED = 4_096
export const MAX_STREAMS_PER_PROTOCOL = 4
export const MAX_STREAMS_PER_PEER = 16
export const READ_BUFFER_BYTES = 256 * 1024
/** Members on one network share an address and come back together after a power cut. */
export const MAX_NEW_CONNECTIONS_PER_ADDRESS_PER_SECOND = 10
/** Half of the strangers may be in mid-handshake; libp2p's own default. */
export const MAX_PENDING_INBOUND = 10
/** A dead address is given up after this, so that the next gets its turn: a live one answers in two round trips. */
export const ADDRESS_DIAL_MS = 2_500
/** SECURITY.md, "read deadline", for Noise, the muxer and the choice of protocol. */
export const UPGRADE_MS = 10_000
/** How often a silent connection is probed, and the least time it has to answer: a busy main thread is not a dead peer. */
export const PING_INTERVAL_MS = 15_000
export const PING_MIN_TIMEOUT_MS = 10_000
/** Above everything libp2p tags by itself. */
export const KNOWN_PEER_TAG_VALUE = 100
/** Many members may come by one relay, and they share its address. */
export const MAX_CONNECTIONS_BY_RELAY = 64
/** To reach a relay and be given a place: a connection, two round trips. */
export const RESERVE_MS = 10_000
/** At most as many relays as an invitation and a set of hints have room for. */
export const MAX_RELAYS = 8
/** Asked anew for each connection. */
export const MAX_STUN_SERVERS = 2
export const DHT_PROTOCOL = '/spacepanda/kad/1.0.0'
/** What one stream may ask of the table. Who somebody is has some 40 bytes, and one question is asked on a stream. */
export const MAX_QUESTION_BYTES = 4 * 1024
/** Streams that carry the connections of others, or of ours by others. */
export const RELAY_PROTOCOLS: readonly string[] = ['/libp2p/circuit/relay/0.2.0/hop', '/libp2p/circuit/relay/0.2.0/stop']
/** Streams on one connection where it may be one to a relay: each relayed connection is one, beside those of a peer. */
export const MAX_STREAMS_WITH_RELAY = MAX_STREAMS_PER_PEER + MAX_CONNECTIONS_BY_RELAY
/** A few questions to computers that are there. */
export const LOOK_UP_MS = 4_000
