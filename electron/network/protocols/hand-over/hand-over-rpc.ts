import type { HandOver, ObjectAck } from '../../../ports/wire.ts'
import { ACK_MS, MAX_ACKS_BYTES } from '../objects/constants.ts'
import { decodeObjectAcks, encodeObjectAcks } from '../objects/object-acks.ts'
import type { Rpc } from '../rpc.ts'
import { HAND_OVER_PROTOCOL, MAX_HAND_OVER_BYTES } from './constants.ts'
import { decodeHandOver, encodeHandOver } from './hand-over.ts'

/** A member gives another what it wrote for them alone, and hears, for each message, what became of it. Inside a session that shares the group. */
export const handOverRpc: Rpc<HandOver, ObjectAck[]> = {
  id: HAND_OVER_PROTOCOL,
  limits: { requestBytes: MAX_HAND_OVER_BYTES, responseBytes: MAX_ACKS_BYTES, responseMs: ACK_MS },
  encodeRequest: encodeHandOver,
  decodeRequest: decodeHandOver,
  encodeResponse: encodeObjectAcks,
  decodeResponse: (body, { contents }) => decodeObjectAcks(body, contents.length),
}
