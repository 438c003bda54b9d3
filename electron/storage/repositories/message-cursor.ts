import { AppError } from '../../kernel/errors.ts'

/** The last message of a page. `seq` decides between two authors' messages of one id and time. */
export interface MessagePosition {
  lamport: number
  messageId: string
  seq: number
}

/** At most 56 characters for ids of 32, inside the contract's limit of 64. */
const CURSOR = /^([0-9a-z]{1,11})\.(-?[0-9a-z]{1,11})\.((?:[0-9a-f]{2}){1,20})$/

export const encodeCursor = (at: MessagePosition): string => `${at.lamport.toString(36)}.${at.seq.toString(36)}.${at.messageId}`

/** Throws `AppError('invalid')` on anything `encodeCursor` does not make. */
export function decodeCursor(cursor: string): MessagePosition {
  const [, lamport = '', seq = '', messageId = ''] = CURSOR.exec(cursor) ?? []
  const at = { lamport: Number.parseInt(lamport, 36), seq: Number.parseInt(seq, 36), messageId }
  if (!Number.isSafeInteger(at.lamport) || !Number.isSafeInteger(at.seq) || encodeCursor(at) !== cursor) {
    throw new AppError('invalid', 'This is not a place in the history.')
  }
  return at
}
