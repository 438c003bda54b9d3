import type { UIEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelKind, SearchHit } from '../../../shared/domain/models.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Button } from '../../components/button.tsx'
import { ChannelLock } from '../../components/channel-lock.tsx'
import { safeName } from '../../components/safe-text.ts'
import { clockTime, dateAndTime, dayLabel } from '../../i18n/format.ts'
import { excerptParts } from './excerpt.ts'
import { HITS_ID, hitId } from './search-ids.ts'
import type { Results, Scope } from './search-store.ts'
import css from './search.module.css'

/** Where a hit is, as it is written of. */
export interface HitPlace {
  kind: ChannelKind
  channel: string
  space: string
}

interface SearchHitsProps {
  results: Extract<Results, { kind: 'found' }>
  scope: Scope
  active: number
  placeOf: (hit: SearchHit) => HitPlace | null
  now: number
  onGo: (hit: SearchHit) => void
  onChoose: (index: number) => void
  onMore: () => void
}

/** Distance from the end, in pixels, at which the next page is fetched. */
const FETCH_AT = 400

export function SearchHits({ results, scope, active, placeOf, now, onGo, onChoose, onMore }: SearchHitsProps) {
  const { t } = useTranslation()
  const { hits, nextCursor, more } = results
  const scrolled = ({ currentTarget }: UIEvent<HTMLElement>) => {
    const left = currentTarget.scrollHeight - currentTarget.clientHeight - currentTarget.scrollTop
    if (left < FETCH_AT && more === 'idle') onMore()
  }
  const go = (hit: SearchHit, index: number) => {
    onChoose(index)
    onGo(hit)
  }
  return (
    <div className={css['scroller']} onScroll={scrolled}>
      <p className="sr-only" role="status">
        {t(nextCursor === null ? 'search.found' : 'search.first', { count: hits.length })}
      </p>
      <ul id={HITS_ID} role="listbox" aria-label={t('search.list')} className={css['hits']}>
        {hits.map((hit, index) => (
          <Hit
            key={hit.message.messageId}
            id={hitId(index)}
            hit={hit}
            place={scope === 'channel' ? null : placeOf(hit)}
            scope={scope}
            selected={index === active}
            now={now}
            onGo={() => go(hit, index)}
          />
        ))}
      </ul>
      {nextCursor === null ? null : (
        <div className={css['more']}>
          {more === 'failed' ? <p>{t('search.moreFailed')}</p> : null}
          <Button disabled={more === 'loading'} onClick={onMore}>
            {t('search.more')}
          </Button>
        </div>
      )}
    </div>
  )
}

const wordsOf = ({ channel, space }: HitPlace, scope: Scope): string =>
  scope === 'everywhere' ? `${channel} · ${safeName(space)}` : channel

interface HitProps {
  id: string
  hit: SearchHit
  /** Null where it need not be said. */
  place: HitPlace | null
  scope: Scope
  selected: boolean
  now: number
  onGo: () => void
}

function Hit({ id, hit: { message, excerpt, matches }, place, scope, selected, now, onGo }: HitProps) {
  const { t, i18n } = useTranslation()
  const words = { today: t('conversation.today'), yesterday: t('conversation.yesterday') }
  const when = `${dayLabel(i18n.language, message.sentAt, now, words)}, ${clockTime(i18n.language, message.sentAt)}`
  return (
    <li
      id={id}
      ref={(element) => (selected ? element?.scrollIntoView({ block: 'nearest' }) : undefined)}
      role="option"
      aria-selected={selected}
      className={css['hit']}
      // The keyboard stays in the search box.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onGo}
    >
      <Avatar id={message.author.memberId} size={24} />
      <div className={css['what']}>
        <div className={css['who']}>
          <bdi className={css['author']}>{safeName(message.author.name)}</bdi>
          <time
            className={css['when']}
            dateTime={new Date(message.sentAt).toISOString()}
            title={dateAndTime(i18n.language, message.sentAt)}
          >
            {when}
          </time>
        </div>
        {place === null ? null : (
          <div className={css['where']} dir="auto">
            <ChannelLock kind={place.kind} size={12} className={css['lock']} />
            {wordsOf(place, scope)}
          </div>
        )}
        <p className={css['excerpt']} dir="auto">
          {excerptParts(excerpt, matches).map((part, index) => (part.match ? <mark key={index}>{part.text}</mark> : part.text))}
        </p>
      </div>
    </li>
  )
}
