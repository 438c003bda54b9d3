import { InvalidArgumentError } from 'commander'
import { isHexId } from '../../shared/domain/ids.ts'
import type { MessageId } from '../../shared/domain/ids.ts'
import type { Landing } from '../../shared/domain/models.ts'

/** A day, or a minute or second of one; without a zone it is that of this computer. */
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?$/

/** A message's id, a date such as 2026-05-01 or 2026-05-01T14:30, or `unread`. */
export function parseLanding(text: string): Landing {
  if (text === 'unread') return { kind: 'unread' }
  if (isHexId(text)) return { kind: 'message', messageId: text as MessageId }
  const at = DATE.test(text) ? timeOf(text) : NaN
  if (Number.isNaN(at) || at < 0) throw new InvalidArgumentError('It must be the id of a message, a date such as 2026-05-01, or "unread".')
  return { kind: 'date', at }
}

/** A day begins at midnight here, which `Date` takes as midnight in Greenwich. It also rolls days that do not exist over into the next month. */
function timeOf(text: string): number {
  const date = new Date(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T'))
  const [, month, day] = text.slice(0, 10).split('-').map(Number)
  const exists = new Date(Date.UTC(2000, (month ?? 0) - 1, day)).getUTCDate() === day && (month ?? 0) >= 1 && (month ?? 0) <= 12
  return exists ? date.getTime() : NaN
}

/** A number of days, or `forever` as null. */
export function parseKeepDays(text: string): number | null {
  if (text === 'forever') return null
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of days, or "forever".')
  return Number(text)
}
