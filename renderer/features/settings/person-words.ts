import type { TFunction } from 'i18next'
import type { AwaitedPerson, LinkedPerson, PersonLink, Queued } from '../../../shared/domain/connection-people.ts'
import { isSessionFailure } from '../../../shared/words/connection-en.ts'
import { clockTimeWithSeconds, longDateAndTime } from '../../i18n/format.ts'

/** How somebody is connected, or why not. */
function linkWords(t: TFunction, language: string, link: PersonLink): string {
  switch (link.kind) {
    case 'connected':
      return link.path === null ? t('connectionPeople.links.connected') : t(`settings.paths.${link.path}`)
    case 'connecting':
      return t(`settings.sessions.${link.state}`)
    case 'unreachable': {
      const { state, lastError, retryAt } = link
      const why = lastError === null ? '' : ` (${isSessionFailure(lastError) ? t(`settings.failures.${lastError}`) : lastError})`
      const next = retryAt === null ? '' : `, ${t('settings.retryAt', { time: clockTimeWithSeconds(language, retryAt) })}`
      return `${t(`settings.sessions.${state}`)}${why}${next}`
    }
    case 'unproven':
    case 'no-address':
    case 'not-tried':
    case 'awaited':
      return t(`connectionPeople.links.${link.kind}`)
  }
}

const AWAY: ReadonlySet<PersonLink['kind']> = new Set(['connecting', 'unreachable', 'no-address', 'not-tried'])

/** What stands beside a name: how they are connected, and when they were last if they are not. */
export function personWords(t: TFunction, language: string, { link, lastSeenAt }: LinkedPerson): string {
  const words = linkWords(t, language, link)
  if (lastSeenAt === null || !AWAY.has(link.kind)) return words
  return `${words} · ${t('connectionPeople.lastSeen', { time: longDateAndTime(language, lastSeenAt) })}`
}

/** What stands beside a name for whom something waits. It says how much where that is not all of it. */
export function awaitedWords(t: TFunction, language: string, person: AwaitedPerson, { messages: all, lookedAt }: Queued): string {
  const { link, messages, inMailbox } = person
  const isAllKnown = lookedAt === all
  const some = isAllKnown && messages < all ? [t('connectionPeople.someOf', { count: messages })] : []
  const why = link.kind === 'connected' ? t('connectionPeople.notConfirmed') : personWords(t, language, person)
  const isAllKept = isAllKnown && inMailbox === messages
  const kept = isAllKept ? t('connectionPeople.inMailbox') : t('connectionPeople.inMailboxSome', { count: inMailbox })
  return [...some, why, ...(inMailbox === 0 ? [] : [kept])].join(' · ')
}
