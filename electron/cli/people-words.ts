import type { AwaitedPerson, ConnectionPlace, LinkedPerson, PersonLink, Queued } from '../../shared/domain/connection-people.ts'
import {
  heldEn,
  isSessionFailure,
  notConfirmedEn,
  personLinksEn,
  sessionFailuresEn,
  sessionPathsEn,
  sessionStatesEn,
} from '../../shared/words/connection-en.ts'

/** So many people of a place have a line of their own; the rest are counted. `--json` has more. */
const NAMED = 20

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** How somebody is connected, or why not. */
export function linkWords(link: PersonLink): string {
  switch (link.kind) {
    case 'connected':
      return link.path === null ? personLinksEn.connected : sessionPathsEn[link.path]
    case 'connecting':
      return sessionStatesEn[link.state]
    case 'unreachable': {
      const { state, lastError, retryAt } = link
      const why = lastError === null ? '' : ` (${isSessionFailure(lastError) ? sessionFailuresEn[lastError] : lastError})`
      return `${sessionStatesEn[state]}${why}${retryAt === null ? '' : `, next try ${moment.format(retryAt)}`}`
    }
    case 'unproven':
    case 'no-address':
    case 'not-tried':
    case 'awaited':
      return personLinksEn[link.kind]
  }
}

const AWAY: ReadonlySet<PersonLink['kind']> = new Set(['connecting', 'unreachable', 'no-address', 'not-tried'])

function linkAndSeen({ link, lastSeenAt }: LinkedPerson): string {
  const isUnseen = !AWAY.has(link.kind) || lastSeenAt === null
  return isUnseen ? linkWords(link) : `${linkWords(link)}; last connected ${moment.format(lastSeenAt)}`
}

const more = (count: number): string[] => (count <= 0 ? [] : [`  and ${count} more`])

/** A space or a private channel: how many of those in it are connected, and each person in a line. */
export function placeWords({ spaceName, channelName, connected, of, people }: ConnectionPlace): string[] {
  const named = people.slice(0, NAMED)
  const place = channelName === '' ? spaceName : `#${channelName} of ${spaceName}`
  const count = of === 0 ? 'nobody else is here' : `${connected} of ${of} connected`
  return [`${place}: ${count}`, ...named.map((person) => `  ${person.name}: ${linkAndSeen(person)}`), ...more(of - named.length)]
}

/** What waits in a channel, and below it for whom and why. */
export function queuedWords({ messages, lookedAt, people, morePeople, held }: Queued, channel: string): string[] {
  const looked = lookedAt === 0 || lookedAt === messages ? '' : ` (the newest ${lookedAt} were looked at)`
  return [
    `${messages} waiting in ${channel}${looked}`,
    ...(held === null ? [] : [`  ${heldEn[held]}`]),
    ...people.map((person) => `  for ${awaitedWords(person, messages === lookedAt ? lookedAt : null)}`),
    ...more(morePeople),
  ]
}

/** `all`: so many wait in the channel; null where not all of them were looked at. */
function awaitedWords(person: AwaitedPerson, all: number | null): string {
  const { name, link, messages, inMailbox } = person
  const some = all === null || messages === all ? '' : ` (${messages} of them)`
  const why = link.kind === 'connected' ? notConfirmedEn : linkAndSeen(person)
  const isAllThere = all !== null && inMailbox === messages
  const kept = inMailbox === 0 ? '' : isAllThere ? '; left for them in a mailbox' : `; ${inMailbox} left for them in a mailbox`
  return `${name}${some}: ${why}${kept}`
}
