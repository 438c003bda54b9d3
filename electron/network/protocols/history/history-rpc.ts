import type { HistoryAnswer, HistoryRequest } from '../../../ports/wire.ts'
import type { Rpc } from '../rpc.ts'
import { HISTORY_ANSWER_MS, HISTORY_PROTOCOL, MAX_HISTORY_ANSWER_BYTES, MAX_HISTORY_REQUEST_BYTES } from './constants.ts'
import { decodeHistoryAnswer, encodeHistoryAnswer } from './history-answer.ts'
import { decodeHistoryRequest, encodeHistoryRequest } from './history-request.ts'

/** A newcomer asks a member for what was said before. Inside a session that shares the group. */
export const historyRpc: Rpc<HistoryRequest, HistoryAnswer> = {
  id: HISTORY_PROTOCOL,
  limits: { requestBytes: MAX_HISTORY_REQUEST_BYTES, responseBytes: MAX_HISTORY_ANSWER_BYTES, responseMs: HISTORY_ANSWER_MS },
  encodeRequest: encodeHistoryRequest,
  decodeRequest: decodeHistoryRequest,
  encodeResponse: encodeHistoryAnswer,
  decodeResponse: decodeHistoryAnswer,
}
