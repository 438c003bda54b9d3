/**
 * What is said to a mailbox: a peer that keeps ciphertext for those who are away. It is no member, proves nothing and knows of nobody
 * but tags, sizes and times. `network/protocols/mailbox` gives this its bytes, limits and deadlines.
 */
export type MailboxRequest = MailboxPut | MailboxGet

export interface MailboxPut {
  kind: 'put'
  /** An Ed25519 public key, whose private half members of one group know on one day. */
  tag: Uint8Array
  /** When it was made: a mailbox takes what is a few minutes old at most. */
  at: number
  /** Sealed (`sync/mailbox/seal.ts`); at most 64, and at most 256 KiB together unless there is only one. */
  objects: Uint8Array[]
  /** By the tag's private key: who has that may write and read, and nobody else. */
  signature: Uint8Array
}

export interface MailboxGet {
  kind: 'get'
  tag: Uint8Array
  at: number
  /** `next` of the page before; 0 for the first. */
  after: number
  signature: Uint8Array
}

export type MailboxAnswer =
  /** All of a put is durable there, now or before; a receipt for each object, in order. */
  | { kind: 'stored'; receipts: MailboxReceipt[] }
  /**
   * In the order in which they came; at most 64, and at most 256 KiB together unless there is only one. Whoever was told another mark of the
   * place that it asks after knows that the mailbox lost what it had, and that its places mean others now.
   */
  | ({ kind: 'page' } & MailboxPage)
  /** Nothing was done: ask again later. */
  | { kind: 'later'; afterMs: number }
  /** Nothing was done, and the same request will never be. */
  | { kind: 'refused'; code: MailboxRefusal }

/** `clock`: the request is not of now, by the mailbox's clock. */
export type MailboxRefusal = 'clock' | 'signature' | 'tag-full' | 'mailbox-full'

/** A mailbox's word that it keeps one object. */
export interface MailboxReceipt {
  storedAt: number
  keptUntil: number
  /** By the key of its peer id, over `receiptStatement` (`sync/mailbox/statements.ts`). */
  signature: Uint8Array
}

export interface SealedObject {
  /** SHA-256 of `bytes`. */
  hash: Uint8Array
  bytes: Uint8Array
}

/** How much may be kept: under one tag, and in all. */
export interface MailboxRoom {
  tagBytes: number
  allBytes: number
}

export interface MailboxPage {
  objects: Uint8Array[]
  next: number
  more: boolean
  /** Of what is at the place that was asked after; null for 0, and where nothing is. */
  mark: Uint8Array | null
  /** Of what is at `next`. */
  nextMark: Uint8Array | null
}

/** Random, made for each put: what has the same one is in the same store, or a copy of it, and so is all that came there before. */
export const MARK_BYTES = 16

/** What a mailbox keeps, restart-safe. Implementations: `storage/mailbox` (SQLite) and `testing/fakes` (memory). */
export interface MailboxStore {
  /**
   * All or nothing, durable on return. What is there already stays as it is and takes no room. Answers when each was stored, in order.
   * Throws `AppError('disk')`, and then nothing has changed.
   */
  put(
    tag: Uint8Array,
    objects: readonly SealedObject[],
    at: number,
    room: MailboxRoom,
  ): { kind: 'stored'; storedAt: number[] } | { kind: 'tag-full' | 'mailbox-full' }
  /**
   * What came after `after`, a place in the order of the tag: never used twice for another object. `next` is `after` where nothing did.
   */
  page(tag: Uint8Array, after: number, most: { objects: number; bytes: number }): MailboxPage
  /**
   * Drops objects stored before `before`, the oldest first: so many at most, and no more than so many bytes unless there is only one. Answers
   * how many, and whether there are more.
   */
  sweep(before: number, most: { objects: number; bytes: number }): { objects: number; more: boolean }
  usage(): { tags: number; objects: number; bytes: number }
  close(): void
}
