import type { AwayPerson, CheckStatus, CheckValues, ConnectionCheck } from '../../shared/domain/connection-check.ts'
import type { Connection, MailboxStatus, PeerStatus, Reachability, ReachedBy } from '../../shared/domain/models.ts'
import type { Unmet } from '../../shared/domain/unmet.ts'
import {
  checkRemedyEn,
  checkSaysEn,
  isSessionFailure,
  mailboxStatesEn,
  sessionFailuresEn,
  sessionPathsEn,
  sessionStatesEn,
} from '../../shared/words/connection-en.ts'
import { unmetPlacesEn, unmetSaysEn, unmetSomebodyEn } from '../../shared/words/unmet-en.ts'

const SIGNS = { ok: 'ok  ', warning: 'WARN', failed: 'BAD ', skipped: '-   ' } as const satisfies Record<CheckStatus, string>

/** What was found and what to do about it, each in lines of its own. */
export function checkWords(check: ConnectionCheck): string {
  const { says, remedy } = sentencesOf(check)
  const about = check.relay === null ? '' : `Relay …${check.relay}: `
  return [
    `${SIGNS[check.status]}  ${about}${says}`,
    ...(remedy === '' ? [] : [`      ${remedy}`]),
    ...check.away.map((person) => `      ${awayWords(person)}`),
  ].join('\n')
}

export const sentencesOf = ({ code, values }: ConnectionCheck): { says: string; remedy: string } => ({
  says: filledIn(checkSaysEn[code], values),
  remedy: checkRemedyEn[code],
})

const filledIn = (words: string, values: CheckValues | Record<string, string>): string =>
  Object.entries(values).reduce((text, [name, value]) => text.replace(`{{${name}}}`, () => String(value)), words)

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

function awayWords({ name, lastSeenAt, letInAt, ways: { near, far, relayed } }: AwayPerson): string {
  const joined = letInAt === null ? 'never connected with this device' : `joined through this device ${moment.format(letInAt)}`
  const seen = lastSeenAt === null ? joined : `last connected ${moment.format(lastSeenAt)}`
  const tried = [counted(near, 'on this network'), counted(far, 'elsewhere'), counted(relayed, 'by a relay')].filter((part) => part !== '')
  return `${name}: ${seen}; ${tried.length === 0 ? 'no address to try' : `addresses to try: ${tried.join(', ')}`}`
}

const counted = (count: number, where: string): string => (count === 0 ? '' : `${count} ${where}`)

const OUTSIDE = {
  confirmed: 'straight from outside',
  met: 'straight from outside',
  opened: '',
  seen: '',
  unknown: '',
} as const satisfies Record<ReachedBy['outside'], string>

function relayWords({ held, of }: ReachedBy['relays']): string {
  if (held === 0) return ''
  return of === 1 ? 'by 1 relay' : `by ${held} of ${of} relays`
}

function reachedByWords({ nearby, outside, relays }: ReachedBy): string {
  const by = [nearby ? 'on this network' : '', OUTSIDE[outside], relayWords(relays)]
  const known = by.filter((part) => part !== '')
  return known.length === 0 ? 'As far as is known nobody on another computer reaches it' : `Others reach it ${known.join(', ')}`
}

const SET_TO = {
  local: 'Set to be reached on this network only',
  relays: 'Set to be reached on this network and by relays',
  public: 'Set to be reached by anybody who looks',
} as const satisfies Record<Reachability, string>

export function connectionWords({
  reachability,
  reachedBy,
  listening,
}: Pick<Connection, 'reachability' | 'reachedBy' | 'listening'>): string[] {
  const addresses = listening.length === 1 ? '1 address' : `${listening.length} addresses`
  return [`${SET_TO[reachability]}; listens at ${addresses}`, reachedByWords(reachedBy)]
}

/** Who it is and how they are connected, or why not. */
export function peerWords({
  members,
  state,
  path,
  lastError,
  retryAt,
}: Pick<PeerStatus, 'members' | 'state' | 'path' | 'lastError' | 'retryAt'>): string {
  const how = state === 'ready' && path !== null ? sessionPathsEn[path] : sessionStatesEn[state]
  // The others are tried again in a moment; this one is not before then.
  const until = lastError === 'kept-away' && retryAt !== null ? ` until ${moment.format(retryAt)}` : ''
  const why = lastError === null ? '' : ` (${isSessionFailure(lastError) ? sessionFailuresEn[lastError] : lastError}${until})`
  return `${members[0]?.name ?? 'Somebody'}: ${how}${why}`
}

/** By the end of its id: a mailbox has no name. */
export const mailboxWords = ({ peerId, state, withheld }: Pick<MailboxStatus, 'peerId' | 'state' | 'withheld'>): string =>
  `Mailbox …${peerId.slice(-6)}: ${mailboxStatesEn[state]}${withheld === 0 ? '' : `; lacks ${withheld} that should be there`}`

/** What went wrong lately, but for connections that failed: beside each who is not reached stands why. */
export const problemWords = (lastErrors: Connection['lastErrors']): string[] =>
  lastErrors.flatMap(({ at, message }) => (isSessionFailure(message) ? [] : `${moment.format(at)}: ${message}`))

/** What was asked here in vain: where, what, and why. */
export function unmetWords({ spaceName, channelName, kind, name, why }: Unmet): string {
  const says = filledIn(unmetSaysEn[kind], { name: name === '' ? unmetSomebodyEn : name })
  const place = channelName === '' ? unmetPlacesEn.space : unmetPlacesEn.channel
  return filledIn(place, { channel: channelName, space: spaceName, says, why })
}

export function missingWords({ name, messages, asked }: Connection['missing'][number]): string {
  if (messages === 0) return `Nothing of ${name} is missing any more`
  const what = messages === 1 ? `1 message of ${name} is missing` : `${messages} messages of ${name} are missing`
  return `${what}, ${asked.length === 0 ? 'asked for when a member connects' : `asking ${asked.join(', ')}`}`
}
