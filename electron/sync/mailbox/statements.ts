import type { PeerId } from '../../../shared/domain/ids.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { ed25519Sign, ed25519Verify } from '../../identity/index.ts'
import type { MailboxGet, MailboxPut, MailboxReceipt, MailboxRequest } from '../../ports/mailbox.ts'
import type { DayKeys } from './day-keys.ts'
import { sealedHash } from './seal.ts'

const LABEL = 'spacepanda/mailbox/1'
const RECEIPT_LABEL = 'spacepanda/mailbox-receipt/1'

type Unsigned<T extends MailboxRequest> = Omit<T, 'signature'>

/** What the day's private key signs. It names the mailbox, so that none can use it at another. */
export const requestStatement = (mailbox: PeerId, request: Unsigned<MailboxPut> | Unsigned<MailboxGet>): Uint8Array =>
  toCbor([LABEL, request.kind, mailbox, request.tag, request.at, request.kind === 'put' ? request.objects.map(sealedHash) : request.after])

export function makePut(keys: DayKeys, mailbox: PeerId, objects: Uint8Array[], at: number): MailboxPut {
  const request = { kind: 'put' as const, tag: keys.tag, at, objects }
  return { ...request, signature: ed25519Sign(keys.seed, requestStatement(mailbox, request)) }
}

export function makeGet(keys: DayKeys, mailbox: PeerId, after: number, at: number): MailboxGet {
  const request = { kind: 'get' as const, tag: keys.tag, at, after }
  return { ...request, signature: ed25519Sign(keys.seed, requestStatement(mailbox, request)) }
}

export const isSignedRequest = (mailbox: PeerId, request: MailboxRequest): boolean =>
  ed25519Verify(request.tag, requestStatement(mailbox, request), request.signature)

/** One object that a mailbox says it keeps. */
export interface Kept extends Pick<MailboxReceipt, 'storedAt' | 'keptUntil'> {
  tag: Uint8Array
  /** SHA-256 of the sealed object. */
  hash: Uint8Array
}

/** What a mailbox signs with the key of its peer id. */
export const receiptStatement = ({ tag, hash, storedAt, keptUntil }: Kept): Uint8Array =>
  toCbor([RECEIPT_LABEL, tag, hash, storedAt, keptUntil])

export const isReceipt = (mailboxKey: Uint8Array, kept: Kept, signature: Uint8Array): boolean =>
  ed25519Verify(mailboxKey, receiptStatement(kept), signature)
