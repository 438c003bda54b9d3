import { DoorOpen, History, Pencil, Trash2, Wrench } from 'lucide-react'
import type { TFunction } from 'i18next'
import type { Space } from '../../../shared/domain/models.ts'
import type { MenuItem } from '../../components/menu.tsx'

export type SpaceAction = 'rename-space' | 'space-history' | 'repair-space' | 'leave-space' | 'forget-space'

/** What may be done about a space. Leaving is always shown: the last owner is told there what to do first. */
export function spaceActions(t: TFunction, space: Space, onAct: (action: SpaceAction) => void): MenuItem[] {
  if (space.status.kind === 'removed') {
    const icon = <Trash2 size={16} strokeWidth={1.75} aria-hidden />
    return [{ label: t('leaving.forget'), icon, danger: true, onSelect: () => onAct('forget-space') }]
  }
  const rename = {
    label: t('leaving.rename'),
    icon: <Pencil size={16} strokeWidth={1.75} aria-hidden />,
    onSelect: () => onAct('rename-space'),
  }
  const history = {
    label: t('sharing.menu'),
    icon: <History size={16} strokeWidth={1.75} aria-hidden />,
    onSelect: () => onAct('space-history'),
  }
  const leave = {
    label: t('leaving.leave'),
    icon: <DoorOpen size={16} strokeWidth={1.75} aria-hidden />,
    danger: true,
    onSelect: () => onAct('leave-space'),
  }
  const repair = {
    label: t('repairing.repair'),
    icon: <Wrench size={16} strokeWidth={1.75} aria-hidden />,
    onSelect: () => onAct('repair-space'),
  }
  return space.may.manageSpace ? [rename, history, repair, leave] : [repair, leave]
}
