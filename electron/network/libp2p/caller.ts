import type { Connection } from '@libp2p/interface'
import type { PeerId } from '../../../shared/domain/ids.ts'
import { hostOf } from './gater.ts'

/** Who is at the other end: a peer id costs nothing, the machine it comes from does. */
export interface Caller {
  peerId: PeerId
  /** As `hostOf` has it. */
  host: string
}

export const callerOf = ({ remotePeer, remoteAddr }: Pick<Connection, 'remotePeer' | 'remoteAddr'>): Caller => ({
  peerId: remotePeer.toString() as PeerId,
  host: hostOf(remoteAddr.toString()),
})
