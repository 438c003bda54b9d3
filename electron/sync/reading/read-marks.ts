import * as z from 'zod'
import type { ChannelId, MemberId, MessageId } from '../../../shared/domain/ids.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories, StoredMessage } from '../../ports/store.ts'
import { decodeContent } from '../content/mimi-content.ts'

/** How far a member has read us in a channel: all up to a place, of those that we count from `from` to `to`. */
export interface ReadMark {
  memberId: MemberId
  lamport: number
  messageId: MessageId
  from: number
  to: number
}

/** For each member: one goes on from the one before, but for gaps and returns, which are few. The oldest go first. */
const MARKS_KEPT = 8

type Reading = Pick<Repositories, 'settings'>

const key = (channelId: ChannelId): string => `read-by/${channelId}`
const bytes = z.instanceof(Uint8Array)
const stored = z.array(z.tuple([bytes, z.int(), bytes, z.int(), z.int()]))

/** Where it cannot be read nobody counts as having read anything. */
export function readMarks(store: Reading, channelId: ChannelId): ReadMark[] {
  const value = store.settings.get(key(channelId))
  const rows = value === null ? null : fromCbor(value, stored)
  return (rows ?? []).map(([memberId, lamport, messageId, from, to]) => {
    return { memberId: toHex(memberId) as MemberId, lamport, messageId: toHex(messageId) as MessageId, from, to }
  })
}

/** Answers whether it says anything that was not known. */
export function addReadMark(tx: Reading, channelId: ChannelId, mark: ReadMark): boolean {
  const marks = readMarks(tx, channelId)
  const theirs = marks.filter(({ memberId }) => memberId === mark.memberId)
  if (theirs.some((known) => includes(known, mark))) return false
  const kept = [...theirs.filter((known) => !includes(mark, known)), mark].slice(-MARKS_KEPT)
  const all = [...marks.filter(({ memberId }) => memberId !== mark.memberId), ...kept]
  tx.settings.set(key(channelId), toCbor(all.map((m) => [fromHex(m.memberId), m.lamport, fromHex(m.messageId), m.from, m.to])))
  return true
}

export const dropReadMarks = (tx: Reading, channelId: ChannelId): void => tx.settings.delete(key(channelId))

/** Members who have read a message of ours. */
export function readersOf(marks: readonly ReadMark[], { lamport, messageId, content }: StoredMessage): Set<MemberId> {
  const seq = marks.length === 0 ? undefined : decodeContent(content)?.extensions.seq
  if (seq === undefined) return new Set()
  const reaching = marks.filter((mark) => mark.from <= seq && seq <= mark.to && !isBefore(mark, { lamport, messageId }))
  return new Set(reaching.map(({ memberId }) => memberId))
}

type Place = Pick<ReadMark, 'lamport' | 'messageId'>

const isBefore = (a: Place, b: Place): boolean => a.lamport < b.lamport || (a.lamport === b.lamport && a.messageId < b.messageId)

const includes = (outer: ReadMark, inner: ReadMark): boolean => outer.from <= inner.from && inner.to <= outer.to && !isBefore(outer, inner)
