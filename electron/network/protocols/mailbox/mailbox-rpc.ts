import type { MailboxAnswer, MailboxRequest } from '../../../ports/mailbox.ts'
import type { Rpc } from '../rpc.ts'
import { MAILBOX_MS, MAILBOX_PROTOCOL, MAX_MAILBOX_BYTES } from './constants.ts'
import { decodeMailboxAnswer, encodeMailboxAnswer } from './mailbox-answer.ts'
import { decodeMailboxRequest, encodeMailboxRequest } from './mailbox-request.ts'

/** Gives a mailbox sealed objects, or asks for them. No session: what may be done is in the signature of the request. */
export const mailboxRpc: Rpc<MailboxRequest, MailboxAnswer> = {
  id: MAILBOX_PROTOCOL,
  limits: { requestBytes: MAX_MAILBOX_BYTES, responseBytes: MAX_MAILBOX_BYTES, responseMs: MAILBOX_MS },
  encodeRequest: encodeMailboxRequest,
  decodeRequest: decodeMailboxRequest,
  encodeResponse: encodeMailboxAnswer,
  decodeResponse: decodeMailboxAnswer,
}
