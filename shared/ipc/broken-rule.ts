import type * as z from 'zod'

/** What fields are to a person whose name does not say it. */
const fields: Readonly<Record<string, string>> = {
  current: 'The present passphrase',
  expiresInMs: 'The time that it is good for',
  keepDays: 'The number of days',
  history: 'What newcomers are given',
  maxUses: 'The number of times it may be used',
  members: 'The id of each member',
  memberId: 'The id of the member',
  channelId: 'The id of the channel',
  replyTo: 'The id of the message that it answers',
  messageId: 'The id of the message',
  spaceId: 'The id of the space',
  next: 'The new passphrase',
}

const MINUTE = 60_000

/** Why a call's arguments were refused, in words: names the field and the rule, never the value. Null where no field is to blame. `names`: what fields are called where they were given. */
export function brokenRule({ issues }: Pick<z.ZodError, 'issues'>, names: Readonly<Record<string, string>> = {}): string | null {
  const [issue] = issues
  if (issue?.path[0] === undefined) return null
  const field = String(issue.path[0])
  return `${names[field] ?? fields[field] ?? `The ${field}`} ${ruleOf(issue, field)}.`
}

function ruleOf(issue: z.core.$ZodIssue, field: string): string {
  const limit = (n: number | bigint): string => (field.endsWith('Ms') ? inMinutes(Number(n)) : String(n))
  // Rules of our own begin so.
  if (issue.message.startsWith('must ')) return issue.message
  switch (issue.code) {
    case 'too_small':
      return `must be at least ${limit(issue.minimum)}`
    case 'too_big':
      return `must be at most ${limit(issue.maximum)}`
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}`
    case 'invalid_union':
      return 'is none of those that there are'
    default:
      return 'is not valid'
  }
}

function inMinutes(ms: number): string {
  const minutes = Math.round(ms / MINUTE)
  if (minutes % 1_440 === 0) return minutes === 1_440 ? 'a day' : `${minutes / 1_440} days`
  return minutes === 1 ? 'a minute' : `${minutes} minutes`
}
