import type { MessageId } from '../../../shared/domain/ids.ts'
import type { Channel, Message } from '../../../shared/domain/models.ts'
import { dayNumber } from '../../i18n/format.ts'

export type Away = Channel['away'][number]

/** One message as it is drawn: what stands above it and whether it opens a group. */
export interface Row {
  message: Message
  /** Set when a day begins with this message. */
  day: number | null
  unreadLine: boolean
  /** The first that came to this device itself: all above was shared by members. */
  joinedLine: boolean
  /** Since when to when this device was no member, above the first that came to it once it was one again. */
  awayLine: Away | null
  /** Shows the avatar and the author; else it hangs below the one before. */
  opensGroup: boolean
}

const GROUP_MS = 5 * 60_000

/** Groups messages of one author, and of one who shared them, within five minutes of each other; days and lines between break groups. */
export function toRows(messages: readonly Message[], unreadFrom: MessageId | null, away: readonly Away[] = []): Row[] {
  return messages.map((message, index) => {
    const before = messages[index - 1]
    const newDay = before === undefined || dayNumber(before.sentAt) !== dayNumber(message.sentAt)
    const unreadLine = message.messageId === unreadFrom
    const joinedLine = before !== undefined && isShared(before) && !isShared(message)
    const awayLine = awayBetween(before, message, away)
    const continues =
      before !== undefined &&
      before.author.memberId === message.author.memberId &&
      before.sharedBy?.memberId === message.sharedBy?.memberId &&
      Math.abs(message.sentAt - before.sentAt) < GROUP_MS
    const opensGroup = newDay || unreadLine || joinedLine || awayLine !== null || !continues
    return { message, day: newDay ? message.sentAt : null, unreadLine, joinedLine, awayLine, opensGroup }
  })
}

/**
 * Clocks differ: so what is on either side of the middle counts as before or after. Where members shared what was said meanwhile nothing is
 * missing there.
 */
function awayBetween(before: Message | undefined, message: Message, away: readonly Away[]): Away | null {
  if (before === undefined || isShared(before) || isShared(message)) return null
  const isCrossed = ({ from, to }: Away): boolean => before.sentAt < (from + to) / 2 && message.sentAt >= (from + to) / 2
  return away.findLast(isCrossed) ?? null
}

/** Whose turn it is once a message is gone: the next, else the one before, else nobody's. */
export function beside(rows: readonly Row[], gone: MessageId): MessageId | null {
  const at = rows.findIndex(({ message }) => message.messageId === gone)
  return (rows[at + 1] ?? rows[at - 1])?.message.messageId ?? null
}

export const isSameAway = (some: readonly Away[], others: readonly Away[]): boolean =>
  some.length === others.length && some.every(({ from, to }, nth) => others[nth]?.from === from && others[nth].to === to)

const isShared = ({ seq }: Message): boolean => seq < 0
