import { useState } from 'react'
import { Download, Ellipsis, Hash, Lock, LogOut, SlidersHorizontal, UserPlus, UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Channel } from '../../../shared/domain/models.ts'
import { IconButton } from '../../components/button.tsx'
import { Menu } from '../../components/menu.tsx'
import { safeName } from '../../components/safe-text.ts'
import { anchorOf } from '../../components/use-floating.ts'
import type { Anchor } from '../../components/use-floating.ts'
import { DateJump } from './date-jump.tsx'
import css from './conversation.module.css'

const icons = { open: Hash, pseudonymous: Hash, private: Lock, direct: UserRound }

interface ConversationHeaderProps {
  channel: Channel
  now: number
  onDate: (at: number) => void
  onSettings: () => void
  onExport: () => void
  onAdd: () => void
  onLeave: () => void
  /** At the start, and at the end, of the line. */
  lead: ReactNode
  search: ReactNode
  tools: ReactNode
}

export function ConversationHeader({
  channel,
  now,
  onDate,
  onSettings,
  onExport,
  onAdd,
  onLeave,
  lead,
  search,
  tools,
}: ConversationHeaderProps) {
  const { t } = useTranslation()
  const [menu, setMenu] = useState<Anchor | null>(null)
  const { may, kind } = channel
  const Icon = icons[kind]
  const items = [
    ...(may.addMembers ? [{ label: t('private.add'), icon: <UserPlus size={16} strokeWidth={1.75} aria-hidden />, onSelect: onAdd }] : []),
    { label: t('keep.settings'), icon: <SlidersHorizontal size={16} strokeWidth={1.75} aria-hidden />, onSelect: onSettings },
    { label: t('export.menu'), icon: <Download size={16} strokeWidth={1.75} aria-hidden />, onSelect: onExport },
    ...(may.leave
      ? [{ label: t('private.leave'), icon: <LogOut size={16} strokeWidth={1.75} aria-hidden />, danger: true, onSelect: onLeave }]
      : []),
  ]
  return (
    <header className={css['header']}>
      {lead}
      <Icon className={css['hash']} size={20} strokeWidth={1.75} aria-hidden />
      <h1 className={css['title']} dir="auto" title={safeName(channel.name)}>
        {safeName(channel.name)}
      </h1>
      <div className={css['tools']}>
        {search}
        <DateJump key={channel.channelId} now={now} onGo={onDate} />
        <IconButton
          label={t('keep.menu')}
          icon={<Ellipsis size={20} strokeWidth={1.75} />}
          aria-haspopup="menu"
          aria-expanded={menu !== null}
          onClick={(event) => setMenu(menu === null ? anchorOf(event.currentTarget) : null)}
        />
        {tools}
      </div>
      {menu === null ? null : <Menu label={t('keep.menu')} anchor={menu} items={items} onClose={() => setMenu(null)} />}
    </header>
  )
}
