import type { Frontier } from '../../../ports/wire.ts'
import type { Rpc } from '../rpc.ts'
import { FRONTIER_MS, FRONTIER_PROTOCOL, MAX_FRONTIER_BYTES } from './constants.ts'
import { decodeFrontier, encodeFrontier } from './frontier.ts'

/** Two members tell each other what they have of one group. */
export const frontierRpc: Rpc<Frontier, Frontier> = {
  id: FRONTIER_PROTOCOL,
  limits: { requestBytes: MAX_FRONTIER_BYTES, responseBytes: MAX_FRONTIER_BYTES, responseMs: FRONTIER_MS },
  encodeRequest: encodeFrontier,
  decodeRequest: decodeFrontier,
  encodeResponse: encodeFrontier,
  decodeResponse: (body, ours) => {
    const theirs = decodeFrontier(body)
    return theirs?.groupId === ours.groupId && theirs.inReturn === undefined ? theirs : null
  },
}
