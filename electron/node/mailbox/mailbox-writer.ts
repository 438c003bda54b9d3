import type { ObjectId } from '../../../shared/domain/ids.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import { Turn } from '../../kernel/turn.ts'
import type { ObjectRow } from '../../ports/store.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { messagesOf } from '../../sync/group/messages-of.ts'
import { DAY_MS, dayKeys, dayOf, MAX_APART_MS } from '../../sync/mailbox/day-keys.ts'
import { KEPT_DAYS } from '../../sync/mailbox/epoch-keys.ts'
import type { EpochKeys } from '../../sync/mailbox/epoch-keys.ts'
import { noteReceipts, noteSeenTo, receiptsOf, seenTo } from '../../sync/mailbox/put-notes.ts'
import type { Receipt } from '../../sync/mailbox/put-notes.ts'
import { seal, sealedHash } from '../../sync/mailbox/seal.ts'
import { isReceipt, makePut } from '../../sync/mailbox/statements.ts'
import { isOwedToNobody, needOf, needOfAnothers } from '../../sync/mailbox/which-objects.ts'
import type { Around } from '../../sync/mailbox/which-objects.ts'
import type { MailboxLine } from './mailbox-line.ts'

/** Objects of one put, and their bytes before they are padded unless there is only one (`MailboxPut`). */
const AT_ONCE = 64
const BYTES = 96 * 1024
const PAGE = 128

/** `open`: somebody who is connected may be getting something this moment. */
export type Written = 'all' | 'open' | 'failed'

type Put = 'done' | 'tag-full' | 'failed'

interface Batch {
  rows: ObjectRow[]
  presenceKey: Uint8Array | null
  /** Up to where nothing is left to do. */
  seenTo: ObjectId | null
  open: boolean
  /** Something of ours has no room under its tag. */
  full: boolean
}

/** What is known of one mailbox, and under which keys objects lie. */
export interface Writing {
  line: MailboxLine
  keys: EpochKeys
  around: () => Around
  /** Whether this commit was read there, under that key. */
  lies: (commit: ObjectRow, presenceKey: Uint8Array) => boolean
}

/**
 * Puts what is ours and somebody may lack into one mailbox, and what of others leads there. Safe at any time: a receipt that was lost with a
 * crash is given again.
 */
export async function putMissing(group: LiveGroup, writing: Writing): Promise<Written> {
  const { line } = writing
  const { store } = group.deps
  const turn = new Turn()
  // Whoever was removed can fill the one that they know.
  const full: Uint8Array[] = []
  for (;;) {
    const batch = await collect(group, writing, full, turn)
    if (batch.seenTo !== null && batch.seenTo !== seenTo(store, group.groupId, line.peerId)) {
      const to = batch.seenTo
      group.note((tx) => noteSeenTo(tx, group.groupId, line.peerId, to))
    }
    const { presenceKey } = batch
    if (presenceKey === null) return batch.full ? 'failed' : batch.open ? 'open' : 'all'
    const outcome = await put(group, line, presenceKey, batch.rows)
    if (outcome === 'failed') return outcome
    if (outcome === 'tag-full') full.push(presenceKey)
  }
}

/** The next objects that go into one put: of one key, and what leads to others before them. */
async function collect(group: LiveGroup, writing: Writing, full: readonly Uint8Array[], turn: Turn): Promise<Batch> {
  const { store } = group.deps
  const { line, keys, lies } = writing
  const around = writing.around()
  const batch: Batch = { rows: [], presenceKey: null, seenTo: seenTo(store, group.groupId, line.peerId), open: false, full: false }
  let [after, size, isSeenTo] = [batch.seenTo, 0, true]
  let first: [ObjectRow, Uint8Array][] = []
  for (;;) {
    // The first time this looks at all there is.
    await turn.take()
    const page: ObjectRow[] = store.objects.since(group.groupId, 0, after, PAGE)
    for (const row of page) {
      const need = needNow(group, line, row, around)
      const presenceKey = need === 'none' ? null : keys.of(group, row.eid)
      if (presenceKey === null || (row.sender !== group.self && lies(row, presenceKey))) {
        // Nothing to do, or nobody could read it.
        if (isSeenTo) batch.seenTo = row.objectId
        continue
      }
      isSeenTo = false
      if (full.some((one) => equalBytes(one, presenceKey))) {
        if (need === 'put') batch.full = true
        continue
      }
      if (need === 'open') batch.open = true
      else if (need === 'first') first.push([row, presenceKey])
      else {
        if (!isOwedToNobody(group, row)) {
          for (const [each, key] of first) if (isOther(key) || !add(each, key)) return batch
          first = []
        }
        // What lies under another key waits for the next put.
        if (!isOther(presenceKey) && !add(row, presenceKey)) return batch
      }
    }
    after = page.at(-1)?.objectId ?? null
    if (after === null || page.length < PAGE) return batch
  }

  function isOther(presenceKey: Uint8Array): boolean {
    return batch.presenceKey !== null && !equalBytes(batch.presenceKey, presenceKey)
  }

  /** Answers whether there is room for more. */
  function add(row: ObjectRow, presenceKey: Uint8Array): boolean {
    size += row.bytes.length
    if (batch.rows.length > 0 && size > BYTES) return false
    batch.presenceKey = presenceKey
    batch.rows.push(row)
    return batch.rows.length < AT_ONCE
  }
}

function needNow(group: LiveGroup, { peerId }: MailboxLine, row: ObjectRow, around: Around): 'none' | 'open' | 'first' | 'put' {
  const { store, clock } = group.deps
  const isOurs = row.sender === group.self
  if ((!isOurs && row.kind !== 'commit') || row.storedAt < clock.now() - KEPT_DAYS * DAY_MS) return 'none'
  if (receiptsOf(store, row.objectId).some(({ mailbox }) => mailbox === peerId)) return 'none'
  return isOurs ? needOf(group, row, around) : needOfAnothers(group, row, around)
}

/** It may have been there since the day began, by a clock that is ten minutes from ours at most. */
const isOfNow = ({ storedAt, keptUntil }: Receipt, now: number): boolean =>
  storedAt >= now - DAY_MS - MAX_APART_MS && storedAt <= now + MAX_APART_MS && keptUntil >= storedAt + KEPT_DAYS * DAY_MS

async function put(group: LiveGroup, line: MailboxLine, presenceKey: Uint8Array, rows: readonly ObjectRow[]): Promise<Put> {
  const { store, clock, events, logger } = group.deps
  const { groupId } = group
  const day = dayOf(clock.now())
  const keys = dayKeys(groupId, presenceKey, day)
  const sealed = rows.map((row) => seal(keys, row))
  const answer = await line.put(makePut(keys, line.peerId, sealed, clock.now()))
  if (answer === null) return 'failed'
  if (answer === 'tag-full') return answer
  const receipts = rows.map(({ objectId }, i): readonly [ObjectId, Receipt] => {
    const { storedAt = 0, keptUntil = 0, signature = new Uint8Array() } = answer.receipts[i] ?? {}
    return [objectId, { mailbox: line.peerId, tag: keys.tag, hash: sealedHash(sealed[i] ?? signature), storedAt, keptUntil, signature }]
  })
  const { key } = line
  if (key === null || !receipts.every(([, receipt]) => isOfNow(receipt, clock.now()) && isReceipt(key, receipt, receipt.signature))) {
    logger.warn('mailbox-receipt-wrong')
    line.lied()
    return 'failed'
  }
  group.note((tx) => noteReceipts(tx, groupId, day, receipts))
  logger.debug('mailbox-put', { objects: rows.length })
  const messages = messagesOf(
    store,
    rows.map(({ objectId }) => objectId),
  )
  if (messages.length > 0) events.deliveryChanged(groupId, messages)
  return 'done'
}
