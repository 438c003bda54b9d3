import { useState } from 'react'
import { CalendarSearch, Ellipsis } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Channel } from '../../../shared/domain/models.ts'
import { IconButton } from '../../components/button.tsx'
import { channelIcons } from '../../components/channel-name.ts'
import { Menu } from '../../components/menu.tsx'
import type { MenuItem } from '../../components/menu.tsx'
import { safeName } from '../../components/safe-text.ts'
import { anchorOf } from '../../components/use-floating.ts'
import type { Anchor } from '../../components/use-floating.ts'
import { useMedia } from '../../components/use-media.ts'
import { channelActions } from './channel-actions.tsx'
import type { ChannelAction } from './channel-actions.tsx'
import { DateJump, DatePopover } from './date-jump.tsx'
import css from './conversation.module.css'

interface ConversationHeaderProps {
  channel: Channel
  now: number
  onDate: (at: number) => void
  onAct: (action: ChannelAction) => void
  /** At the start, and at the end, of the line. */
  lead: ReactNode
  search: ReactNode
  tools: ReactNode
  /** Those of the tools that there is no room for: they are in the menu. */
  more: readonly MenuItem[]
}

/** From this width, in CSS pixels, all that is about a channel stands beside its name. */
const ROOMY = '(min-width: 480px)'

export function ConversationHeader({ channel, now, onDate, onAct, lead, search, tools, more }: ConversationHeaderProps) {
  const { t } = useTranslation()
  const roomy = useMedia(ROOMY)
  const [menu, setMenu] = useState<Anchor | null>(null)
  const [dates, setDates] = useState<Anchor | null>(null)
  const Icon = channelIcons[channel.kind]
  const toDate = {
    label: t('dates.open'),
    icon: <CalendarSearch size={16} strokeWidth={1.75} aria-hidden />,
    onSelect: () => setDates(menu),
  }
  const items = [...more, ...(roomy ? [] : [toDate]), ...channelActions(t, channel, onAct)]
  return (
    <header className={css['header']}>
      {lead}
      <Icon className={css['hash']} size={20} strokeWidth={1.75} aria-hidden />
      <h1 className={css['title']} dir="auto" title={safeName(channel.name)}>
        {safeName(channel.name)}
      </h1>
      <div className={css['tools']}>
        {search}
        {roomy ? <DateJump key={channel.channelId} now={now} onGo={onDate} /> : null}
        <IconButton
          label={t('keep.menu')}
          icon={<Ellipsis size={20} strokeWidth={1.75} />}
          aria-haspopup="menu"
          aria-expanded={menu !== null}
          onClick={(event) => setMenu(menu === null ? anchorOf(event.currentTarget) : null)}
        />
        {tools}
      </div>
      {dates === null ? null : <DatePopover now={now} onGo={onDate} anchor={dates} onClose={() => setDates(null)} />}
      {menu === null ? null : <Menu label={t('keep.menu')} anchor={menu} items={items} onClose={() => setMenu(null)} />}
    </header>
  )
}
