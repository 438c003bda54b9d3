import type { LeaveAnswer, LeaveRequest } from '../../../ports/wire.ts'
import type { Rpc } from '../rpc.ts'
import { LEAVE_ANSWER_MS, LEAVE_PROTOCOL, MAX_LEAVE_ANSWER_BYTES, MAX_LEAVE_REQUEST_BYTES } from './constants.ts'
import { decodeLeaveAnswer, encodeLeaveAnswer } from './leave-answer.ts'
import { decodeLeaveRequest, encodeLeaveRequest } from './leave-request.ts'

/** A member who leaves asks another to commit it. Inside a session that shares the group. */
export const leaveRpc: Rpc<LeaveRequest, LeaveAnswer> = {
  id: LEAVE_PROTOCOL,
  limits: { requestBytes: MAX_LEAVE_REQUEST_BYTES, responseBytes: MAX_LEAVE_ANSWER_BYTES, responseMs: LEAVE_ANSWER_MS },
  encodeRequest: encodeLeaveRequest,
  decodeRequest: decodeLeaveRequest,
  encodeResponse: encodeLeaveAnswer,
  decodeResponse: decodeLeaveAnswer,
}
