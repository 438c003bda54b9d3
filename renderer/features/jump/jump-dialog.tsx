import { Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Space } from '../../../shared/domain/models.ts'
import { Avatar } from '../../components/avatar.tsx'
import { channelIcons } from '../../components/channel-name.ts'
import { PickDialog } from '../../components/pick-dialog.tsx'
import type { Option } from '../../components/pick-dialog.tsx'
import { Tile } from '../../components/tile.tsx'
import { findPlaces } from './places.ts'
import type { Place } from './places.ts'

interface JumpDialogProps {
  spaces: readonly Space[]
  onGo: (place: Place) => void
  /** Looks for what was typed in messages instead; null where there are none to look in. */
  onFind: ((text: string) => void) | null
  onClose: () => void
}

/** Ctrl or Cmd and K: to any space or channel. */
export function JumpDialog({ spaces, onGo, onFind, onClose }: JumpDialogProps) {
  const { t } = useTranslation()
  const whereIs = ({ channelId, ended, spaceName: space }: Place) =>
    channelId === null ? t('jump.space') : t(ended ? 'jump.endedInSpace' : 'jump.inSpace', { space })
  const optionsFor = (query: string): Option[] => {
    const places = findPlaces(spaces, query).map((place) => ({
      key: `${place.spaceId}${place.channelId ?? ''}`,
      icon: <PlaceIcon place={place} />,
      name: place.name,
      where: whereIs(place),
      choose: () => onGo(place),
    }))
    const text = query.trim()
    if (onFind === null || text === '') return places
    const icon = <Search size={16} strokeWidth={1.75} aria-hidden />
    return [...places, { key: 'find', icon, name: t('jump.messages', { text }), choose: () => onFind(text) }]
  }
  return (
    <PickDialog
      label={t('jump.label')}
      placeholder={t('jump.placeholder')}
      results={t('jump.results')}
      none={t('jump.none')}
      hint={t('jump.hint')}
      optionsFor={optionsFor}
      onClose={onClose}
    />
  )
}

function PlaceIcon({ place }: { place: Place }) {
  const Icon = channelIcons[place.kind ?? 'open']
  if (place.channelId === null) return <Tile id={place.spaceId} name={place.name} small />
  // Others may have the same name.
  if (place.with !== null) return <Avatar id={place.with} size={24} />
  return <Icon size={16} strokeWidth={1.75} aria-hidden />
}
