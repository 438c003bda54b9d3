import { Link2, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SpaceId } from '../../../shared/domain/ids.ts'
import type { Space } from '../../../shared/domain/models.ts'
import { unreadOf } from '../../../shared/domain/unread.ts'
import { safeName } from '../../components/safe-text.ts'
import { Tile } from '../../components/tile.tsx'
import { Tip } from '../../components/tip.tsx'
import { useRoving } from '../../components/use-roving.ts'
import css from './rail.module.css'

interface RailProps {
  spaces: Space[]
  current: SpaceId | null
  onOpen: (spaceId: SpaceId) => void
  onCreate: () => void
  onJoin: () => void
  /** Tiles after the spaces: joins under way. */
  children?: ReactNode
  /** At the foot: what belongs to the person, not to a space. */
  end: ReactNode
}

export function Rail({ spaces, current, onOpen, onCreate, onJoin, children, end }: RailProps) {
  const { t } = useTranslation()
  const roving = useRoving()
  const reachable = current ?? spaces[0]?.spaceId
  return (
    <nav className={css['rail']} aria-label={t('spaces.navigation')} onKeyDown={roving}>
      <div className={css['list']}>
        {spaces.map((space) => (
          <SpaceButton
            key={space.spaceId}
            space={space}
            current={space.spaceId === current}
            tabIndex={space.spaceId === reachable ? 0 : -1}
            onOpen={() => onOpen(space.spaceId)}
          />
        ))}
        {children}
      </div>
      <div className={css['divider']} />
      <RailAction label={t('spaces.create')} icon={<Plus size={20} strokeWidth={1.75} />} onClick={onCreate} />
      <RailAction label={t('spaces.join')} icon={<Link2 size={20} strokeWidth={1.75} />} onClick={onJoin} />
      <div className={css['end']}>{end}</div>
    </nav>
  )
}

interface SpaceButtonProps {
  space: Space
  current: boolean
  tabIndex: number
  onOpen: () => void
}

function SpaceButton({ space, current, tabIndex, onOpen }: SpaceButtonProps) {
  const { t } = useTranslation()
  const unread = unreadOf(space)
  const name = safeName(space.name)
  return (
    <div className={css['slot']} data-current={current || undefined} data-unread={unread > 0 || undefined}>
      <Tip text={name} side="right">
        <button
          type="button"
          className={css['space']}
          aria-label={name}
          aria-current={current ? 'true' : undefined}
          aria-description={unread > 0 ? t('spaces.unread', { count: unread }) : undefined}
          tabIndex={tabIndex}
          data-roving
          onClick={onOpen}
        >
          <Tile id={space.spaceId} name={space.name} />
        </button>
      </Tip>
    </div>
  )
}

const RailAction = ({ label, icon, onClick }: { label: string; icon: ReactNode; onClick: () => void }) => (
  <Tip text={label} side="right">
    <button type="button" className={css['add']} aria-label={label} data-roving onClick={onClick}>
      {icon}
    </button>
  </Tip>
)
