import { useId, useMemo, useState } from 'react'
import { Search } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Space } from '../../../shared/domain/models.ts'
import { channelIcons } from '../../components/channel-name.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Tile } from '../../components/tile.tsx'
import { findPlaces } from './places.ts'
import type { Place } from './places.ts'
import css from './jump.module.css'

interface JumpDialogProps {
  spaces: readonly Space[]
  onGo: (place: Place) => void
  /** Looks for what was typed in messages instead; null where there are none to look in. */
  onFind: ((text: string) => void) | null
  onClose: () => void
}

type Option = { kind: 'place'; place: Place } | { kind: 'find'; text: string }

/** Ctrl or Cmd and K: type a few letters, press Enter, be there. */
export function JumpDialog({ spaces, onGo, onFind, onClose }: JumpDialogProps) {
  const { t } = useTranslation()
  const id = useId()
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const options = useMemo((): Option[] => {
    const places = findPlaces(spaces, query).map((place): Option => ({ kind: 'place', place }))
    const text = query.trim()
    return onFind === null || text === '' ? places : [...places, { kind: 'find', text }]
  }, [spaces, query, onFind])
  const at = Math.min(chosen, options.length - 1)

  const choose = (option: Option) => (option.kind === 'place' ? onGo(option.place) : onFind?.(option.text))
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && options.length > 0) {
      event.preventDefault()
      setChosen((at + step + options.length) % options.length)
    }
    const option = options[at]
    if (event.key === 'Enter' && option !== undefined) {
      event.preventDefault()
      choose(option)
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
          role="combobox"
          className={css['input']}
          aria-label={t('jump.label')}
          aria-expanded={options.length > 0}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={options.length === 0 ? undefined : `${id}-${at}`}
          placeholder={t('jump.placeholder')}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          value={query}
          onChange={(event) => type(event.target.value)}
          onKeyDown={press}
        />
      </div>
      {options.length === 0 ? (
        <p className={css['none']} role="status">
          {t('jump.none')}
        </p>
      ) : (
        <ul id={id} role="listbox" aria-label={t('jump.results')} className={css['list']}>
          {options.map((option, index) => (
            <OptionItem
              key={option.kind === 'find' ? 'find' : `${option.place.spaceId}${option.place.channelId ?? ''}`}
              id={`${id}-${index}`}
              option={option}
              selected={index === at}
              onChoose={() => choose(option)}
            />
          ))}
        </ul>
      )}
      <p className={css['hint']}>{t('jump.hint')}</p>
    </Dialog>
  )
}

interface OptionItemProps {
  id: string
  option: Option
  selected: boolean
  onChoose: () => void
}

function OptionItem({ id, option, selected, onChoose }: OptionItemProps) {
  const { t } = useTranslation()
  return (
    <li
      id={id}
      ref={(element) => (selected ? element?.scrollIntoView({ block: 'nearest' }) : undefined)}
      role="option"
      aria-selected={selected}
      className={css['place']}
      onClick={onChoose}
    >
      {option.kind === 'place' ? (
        <PlaceLine place={option.place} />
      ) : (
        <Line icon={<Search size={16} strokeWidth={1.75} aria-hidden />} name={t('jump.messages', { text: option.text })} />
      )}
    </li>
  )
}

function PlaceLine({ place }: { place: Place }) {
  const { t } = useTranslation()
  const Icon = channelIcons[place.kind ?? 'open']
  return (
    <Line
      icon={
        place.channelId === null ? <Tile id={place.spaceId} name={place.name} small /> : <Icon size={16} strokeWidth={1.75} aria-hidden />
      }
      name={place.name}
      where={place.channelId === null ? t('jump.space') : t(place.ended ? 'jump.endedInSpace' : 'jump.inSpace', { space: place.spaceName })}
    />
  )
}

const Line = ({ icon, name, where }: { icon: ReactNode; name: string; where?: string }) => (
  <>
    <span className={css['icon']}>{icon}</span>
    <span className={css['name']} dir="auto">
      {name}
    </span>
    {where === undefined ? null : (
      <span className={css['where']} dir="auto">
        {where}
      </span>
    )}
  </>
)
