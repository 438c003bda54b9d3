import type { ReturnAnswer, ReturnRequest } from '../../../ports/wire.ts'
import type { Rpc } from '../rpc.ts'
import { MAX_RETURN_ANSWER_BYTES, MAX_RETURN_REQUEST_BYTES, RETURN_ANSWER_MS, RETURN_PROTOCOL } from './constants.ts'
import { decodeReturnAnswer, encodeReturnAnswer } from './return-answer.ts'
import { decodeReturnRequest, encodeReturnRequest } from './return-request.ts'

/** A member put back from an older copy asks another for a fresh leaf. Inside a session that shares the group. */
export const returnRpc: Rpc<ReturnRequest, ReturnAnswer> = {
  id: RETURN_PROTOCOL,
  limits: { requestBytes: MAX_RETURN_REQUEST_BYTES, responseBytes: MAX_RETURN_ANSWER_BYTES, responseMs: RETURN_ANSWER_MS },
  encodeRequest: encodeReturnRequest,
  decodeRequest: decodeReturnRequest,
  encodeResponse: encodeReturnAnswer,
  decodeResponse: decodeReturnAnswer,
}
