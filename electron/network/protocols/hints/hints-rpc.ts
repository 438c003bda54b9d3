import type { Rpc } from '../rpc.ts'
import { HINTS_MS, HINTS_PROTOCOL, MAX_HINTS_BYTES } from './constants.ts'
import { decodePeerHints, encodePeerHints, type PeerHints } from './peer-hints.ts'

/** Two members tell each other where they last reached members of one group. */
export const hintsRpc: Rpc<PeerHints, PeerHints> = {
  id: HINTS_PROTOCOL,
  limits: { requestBytes: MAX_HINTS_BYTES, responseBytes: MAX_HINTS_BYTES, responseMs: HINTS_MS },
  encodeRequest: encodePeerHints,
  decodeRequest: decodePeerHints,
  encodeResponse: encodePeerHints,
  decodeResponse: (body, ours) => {
    const theirs = decodePeerHints(body)
    return theirs?.groupId === ours.groupId ? theirs : null
  },
}
