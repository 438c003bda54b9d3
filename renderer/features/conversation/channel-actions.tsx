import { Download, History, LogOut, Pencil, SlidersHorizontal, UserPlus, Wrench } from 'lucide-react'
import type { TFunction } from 'i18next'
import type { Channel } from '../../../shared/domain/models.ts'
import type { MenuItem } from '../../components/menu.tsx'

export type ChannelAction =
  'add-people' | 'rename-channel' | 'channel-history' | 'channel-settings' | 'export' | 'repair-channel' | 'leave-channel'

const icons = {
  ...{ 'add-people': UserPlus, 'rename-channel': Pencil, 'channel-history': History, 'channel-settings': SlidersHorizontal },
  ...{ export: Download, 'repair-channel': Wrench, 'leave-channel': LogOut },
}

/** What may be done about a channel; one with members of its own is repaired and left by itself. */
export function channelActions(t: TFunction, { may }: Channel, onAct: (action: ChannelAction) => void): MenuItem[] {
  const item = (action: ChannelAction, label: string, danger = false): MenuItem => {
    const Icon = icons[action]
    return { label, icon: <Icon size={16} strokeWidth={1.75} aria-hidden />, danger, onSelect: () => onAct(action) }
  }
  return [
    ...(may.addMembers ? [item('add-people', t('private.add'))] : []),
    ...(may.rename ? [item('rename-channel', t('leaving.rename'))] : []),
    item('channel-settings', t('keep.settings')),
    ...(may.history ? [item('channel-history', t('sharing.menu'))] : []),
    item('export', t('export.menu')),
    ...(may.leave ? [item('repair-channel', t('repairing.repair')), item('leave-channel', t('private.leave'), true)] : []),
  ]
}
