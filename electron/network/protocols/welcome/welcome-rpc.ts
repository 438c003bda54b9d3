import type { WelcomeAnswer, WelcomeRequest } from '../../../ports/wire.ts'
import type { Rpc } from '../rpc.ts'
import { MAX_WELCOME_ANSWER_BYTES, MAX_WELCOME_REQUEST_BYTES, WELCOME_ANSWER_MS, WELCOME_PROTOCOL } from './constants.ts'
import { decodeWelcomeAnswer, encodeWelcomeAnswer } from './welcome-answer.ts'
import { decodeWelcomeRequest, encodeWelcomeRequest } from './welcome-request.ts'

/** Members of a space add each other to what is under it. Inside a session that shares the space: nobody else hears of it. */
export const welcomeRpc: Rpc<WelcomeRequest, WelcomeAnswer> = {
  id: WELCOME_PROTOCOL,
  limits: { requestBytes: MAX_WELCOME_REQUEST_BYTES, responseBytes: MAX_WELCOME_ANSWER_BYTES, responseMs: WELCOME_ANSWER_MS },
  encodeRequest: encodeWelcomeRequest,
  decodeRequest: decodeWelcomeRequest,
  encodeResponse: encodeWelcomeAnswer,
  decodeResponse: (body, request) => decodeWelcomeAnswer(body, request.kind),
}
