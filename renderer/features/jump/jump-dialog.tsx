import { useId, useMemo, useState } from 'react'
import { Hash, Search } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Space } from '../../../shared/domain/models.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Tile } from '../../components/tile.tsx'
import { findPlaces } from './places.ts'
import type { Place } from './places.ts'
import css from './jump.module.css'

interface JumpDialogProps {
  spaces: readonly Space[]
  onGo: (place: Place) => void
  onClose: () => void
}

/** Ctrl or Cmd and K: type a few letters, press Enter, be there. */
export function JumpDialog({ spaces, onGo, onClose }: JumpDialogProps) {
  const { t } = useTranslation()
  const id = useId()
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const places = useMemo(() => findPlaces(spaces, query), [spaces, query])
  const at = Math.min(chosen, places.length - 1)

  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && places.length > 0) {
      event.preventDefault()
      setChosen((at + step + places.length) % places.length)
    }
    const place = places[at]
    if (event.key === 'Enter' && place !== undefined) {
      event.preventDefault()
      onGo(place)
    }
  }
  const type = (text: string) => {
    setQuery(text)
    setChosen(0)
  }
  return (
    <Dialog title={t('jump.label')} bare onClose={onClose}>
      <div className={css['search']}>
        <Search size={20} strokeWidth={1.75} aria-hidden />
        <input
          data-autofocus
          type="search"
          className={css['input']}
          aria-label={t('jump.label')}
          aria-controls={id}
          aria-activedescendant={places.length === 0 ? undefined : `${id}-${at}`}
          placeholder={t('jump.placeholder')}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          value={query}
          onChange={(event) => type(event.target.value)}
          onKeyDown={press}
        />
      </div>
      {places.length === 0 ? (
        <p className={css['none']} role="status">
          {t('jump.none')}
        </p>
      ) : (
        <ul id={id} role="listbox" aria-label={t('jump.results')} className={css['list']}>
          {places.map((place, index) => (
            <PlaceOption
              key={`${place.spaceId}${place.channelId ?? ''}`}
              id={`${id}-${index}`}
              place={place}
              selected={index === at}
              onGo={onGo}
            />
          ))}
        </ul>
      )}
      <p className={css['hint']}>{t('jump.hint')}</p>
    </Dialog>
  )
}

interface PlaceOptionProps {
  id: string
  place: Place
  selected: boolean
  onGo: (place: Place) => void
}

function PlaceOption({ id, place, selected, onGo }: PlaceOptionProps) {
  const { t } = useTranslation()
  return (
    <li
      id={id}
      ref={(element) => (selected ? element?.scrollIntoView({ block: 'nearest' }) : undefined)}
      role="option"
      aria-selected={selected}
      className={css['place']}
      onClick={() => onGo(place)}
    >
      <span className={css['icon']}>
        {place.channelId === null ? <Tile id={place.spaceId} name={place.name} small /> : <Hash size={16} strokeWidth={1.75} aria-hidden />}
      </span>
      <span className={css['name']} dir="auto">
        {place.name}
      </span>
      <span className={css['where']} dir="auto">
        {place.channelId === null ? t('jump.space') : t('jump.inSpace', { space: place.spaceName })}
      </span>
    </li>
  )
}
