import type { ByteDuplex } from '../channel/byte-duplex.ts'
import type { Offended } from '../channel/offence.ts'
import type { Caller } from '../libp2p/caller.ts'

/** Another protocol that a relay answers on, besides relaying and the table of who is where. */
export interface MountedProtocol {
  /** The libp2p protocol id. */
  id: string
  /** Streams that one peer may have open. */
  maxStreams: number
  /** Somebody opened a stream, directly: nobody needs a relay to reach a relay. */
  onStream(from: Caller, duplex: ByteDuplex, offended: Offended): void
}
