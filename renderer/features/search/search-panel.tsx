import { useId } from 'react'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { SearchHit } from '../../../shared/domain/models.ts'
import { IconButton } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { Notice } from '../../components/notice.tsx'
import { ChannelLock } from '../../components/channel-lock.tsx'
import { channelName } from '../../components/channel-name.ts'
import { safeName } from '../../components/safe-text.ts'
import { Bone, Skeleton } from '../../components/skeleton.tsx'
import { SearchHits } from './search-hits.tsx'
import type { HitPlace } from './search-hits.tsx'
import type { Order, Scope, SearchPlace, SearchStore } from './search-store.ts'
import css from './search.module.css'

interface SearchPanelProps {
  store: SearchStore
  /** What a hit's channel and space are called; null where they are not known. */
  placeOf: (hit: SearchHit) => HitPlace | null
  now: number
  onGo: (hit: SearchHit) => void
  onClose: () => void
}

/** What was found, beside the conversation, so that one can go from hit to hit. */
export function SearchPanel({ store, placeOf, now, onGo, onClose }: SearchPanelProps) {
  const { t } = useTranslation()
  const { place, scope, order } = useStore(store.store)
  return (
    <aside className={css['panel']} aria-label={t('search.results')}>
      <div className={css['head']}>
        <h2>{t('search.results')}</h2>
        <IconButton label={t('search.close')} icon={<X size={16} strokeWidth={1.75} />} onClick={onClose} />
      </div>
      <div className={css['filters']}>
        <Scopes place={place} scope={scope} onScope={(next) => store.look({ scope: next })} />
        <Orders order={order} onOrder={(next) => store.look({ order: next })} />
      </div>
      <Answer store={store} placeOf={placeOf} now={now} onGo={onGo} />
    </aside>
  )
}

/** Where to look: one of three, as buttons in a row. */
function Scopes({ place, scope, onScope }: { place: SearchPlace | null; scope: Scope; onScope: (scope: Scope) => void }) {
  const { t } = useTranslation()
  const choices: { scope: Scope; label: string; text: string }[] = [
    { scope: 'channel', label: t('search.scopes.channel'), text: place === null ? '' : channelName(place.channel) },
    { scope: 'space', label: t('search.scopes.space'), text: place === null ? '' : safeName(place.space.name) },
    { scope: 'everywhere', label: t('search.scopes.everywhere'), text: t('search.scopes.everywhere') },
  ]
  const name = useId()
  return (
    <fieldset className={css['scopes']}>
      <legend className="sr-only">{t('search.where')}</legend>
      {choices.map((choice) => (
        <label key={choice.scope} className={css['scope']} title={choice.text}>
          <input
            type="radio"
            name={name}
            className="sr-only"
            aria-label={choice.label}
            checked={choice.scope === scope}
            onChange={() => onScope(choice.scope)}
          />
          {choice.scope === 'channel' && place !== null ? (
            <ChannelLock kind={place.channel.kind} size={12} className={css['lock']} />
          ) : null}
          <bdi>{choice.text === '' ? choice.label : choice.text}</bdi>
        </label>
      ))}
    </fieldset>
  )
}

const orders: readonly Order[] = ['newest', 'relevance']

function Orders({ order, onOrder }: { order: Order; onOrder: (order: Order) => void }) {
  const { t } = useTranslation()
  return (
    <select
      className={css['order']}
      aria-label={t('search.order')}
      value={order}
      onChange={({ target }) => onOrder(target.value === 'relevance' ? 'relevance' : 'newest')}
    >
      {orders.map((choice) => (
        <option key={choice} value={choice}>
          {t(`search.orders.${choice}`)}
        </option>
      ))}
    </select>
  )
}

function Answer({ store, placeOf, now, onGo }: Omit<SearchPanelProps, 'onClose'>) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const { scope, results, active } = useStore(store.store)
  switch (results.kind) {
    case 'none':
      return <p className={css['quiet']}>{t('search.hint')}</p>
    case 'searching':
      return (
        <Skeleton label={t('search.searching')} className={css['bones']}>
          {[60, 84, 48].map((width) => (
            <div key={width} className={css['bone']}>
              <Bone width={96} height={12} />
              <Bone width={`${width}%`} height={12} />
            </div>
          ))}
        </Skeleton>
      )
    case 'failed':
      return <Notice text={`${t('search.failed')} ${words(results.error)}`} action={t('app.tryAgain')} onAction={store.again} />
    case 'found':
      if (results.hits.length === 0) {
        return (
          <div className={css['quiet']} role="status">
            <p>{t('search.nothing', { text: results.text })}</p>
            {scope === 'everywhere' ? null : (
              <button type="button" className={css['wider']} onClick={() => store.look({ scope: 'everywhere' })}>
                {t('search.lookEverywhere')}
              </button>
            )}
          </div>
        )
      }
      return (
        <SearchHits
          results={results}
          scope={scope}
          active={active}
          placeOf={placeOf}
          now={now}
          onGo={onGo}
          onChoose={store.choose}
          onMore={() => void store.more()}
        />
      )
  }
}
