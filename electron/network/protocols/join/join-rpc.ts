import type { JoinAnswer, JoinRequest } from '../../../ports/wire.ts'
import type { Rpc } from '../rpc.ts'
import { JOIN_ANSWER_MS, JOIN_PROTOCOL, MAX_JOIN_ANSWER_BYTES, MAX_JOIN_REQUEST_BYTES } from './constants.ts'
import { decodeJoinAnswer, encodeJoinAnswer } from './join-answer.ts'
import { decodeJoinRequest, encodeJoinRequest } from './join-request.ts'

/** A stranger asks to be added. The one protocol beside hello that strangers may use. */
export const joinRpc: Rpc<JoinRequest, JoinAnswer> = {
  id: JOIN_PROTOCOL,
  limits: { requestBytes: MAX_JOIN_REQUEST_BYTES, responseBytes: MAX_JOIN_ANSWER_BYTES, responseMs: JOIN_ANSWER_MS },
  encodeRequest: encodeJoinRequest,
  decodeRequest: decodeJoinRequest,
  encodeResponse: encodeJoinAnswer,
  decodeResponse: decodeJoinAnswer,
}
