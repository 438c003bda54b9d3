import { Ellipsis, Plus, SquarePen, UserPlus } from 'lucide-react'
import { useState } from 'react'
import type { MouseEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { Channel, Space } from '../../../shared/domain/models.ts'
import { Avatar } from '../../components/avatar.tsx'
import { IconButton } from '../../components/button.tsx'
import { channelIcons, hasEnded } from '../../components/channel-name.ts'
import { Menu } from '../../components/menu.tsx'
import type { MenuItem } from '../../components/menu.tsx'
import { safeName } from '../../components/safe-text.ts'
import { anchorOf } from '../../components/use-floating.ts'
import type { Anchor } from '../../components/use-floating.ts'
import { useRoving } from '../../components/use-roving.ts'
import css from './channels.module.css'

interface ChannelListProps {
  space: Space
  current: ChannelId | null
  onOpen: (channelId: ChannelId) => void
  onCreate: () => void
  /** Writes to one member. */
  onMessage: () => void
  onInvite: () => void
  /** What may be done about the space itself. */
  actions: readonly MenuItem[]
  /** Between the space's name and its channels. */
  jump: ReactNode
  foot: ReactNode
}

export function ChannelList({ space, current, onOpen, onCreate, onMessage, onInvite, actions, jump, foot }: ChannelListProps) {
  const { t } = useTranslation()
  const roving = useRoving()
  const [menu, setMenu] = useState<Anchor | null>(null)
  const reachable = space.channels.some((channel) => channel.channelId === current) ? current : space.channels[0]?.channelId
  const rooms = space.channels.filter((channel) => channel.kind !== 'direct')
  const direct = space.channels.filter((channel) => channel.kind === 'direct')
  // By what is known at once, and not by who the members are: nothing moves when they come.
  const writes = space.status.kind === 'member' && space.memberCount > 1
  const link = (channel: Channel) => (
    <ChannelLink
      key={channel.channelId}
      channel={channel}
      current={channel.channelId === current}
      tabIndex={channel.channelId === reachable ? 0 : -1}
      onOpen={onOpen}
    />
  )
  return (
    <>
      <div className={css['head']}>
        <h2 className={css['name']} dir="auto" title={safeName(space.name)}>
          {safeName(space.name)}
        </h2>
        {space.may.invite ? (
          <IconButton label={t('channels.invite')} icon={<UserPlus size={16} strokeWidth={1.75} />} onClick={onInvite} />
        ) : null}
        {actions.length === 0 ? null : (
          <IconButton
            label={t('leaving.menu')}
            icon={<Ellipsis size={16} strokeWidth={1.75} />}
            aria-haspopup="menu"
            aria-expanded={menu !== null}
            onClick={(event) => setMenu(menu === null ? anchorOf(event.currentTarget) : null)}
          />
        )}
        {menu === null ? null : <Menu label={t('leaving.menu')} anchor={menu} items={actions} onClose={() => setMenu(null)} />}
      </div>
      {jump}
      <nav className={css['nav']} aria-label={t('channels.navigation')} onKeyDown={roving}>
        <div className={css['section']}>
          <span aria-hidden>{t('channels.navigation')}</span>
          {space.may.manageChannels || space.may.send ? (
            <IconButton small label={t('channels.create')} icon={<Plus size={16} strokeWidth={1.75} />} onClick={onCreate} />
          ) : null}
        </div>
        <div className={css['list']}>
          {space.channels.length === 0 ? <p className={css['empty']}>{t('channels.none')}</p> : null}
          {rooms.map(link)}
          {direct.length === 0 && !writes ? null : (
            <div role="group" aria-label={t('private.direct')}>
              <div className={css['direct']}>
                <span aria-hidden>{t('private.direct')}</span>
                {writes ? (
                  <IconButton small label={t('private.newMessage')} icon={<SquarePen size={16} strokeWidth={1.75} />} onClick={onMessage} />
                ) : null}
              </div>
              {direct.map(link)}
            </div>
          )}
        </div>
      </nav>
      <div className={css['foot']}>{foot}</div>
    </>
  )
}

interface ChannelLinkProps {
  channel: Channel
  current: boolean
  tabIndex: number
  onOpen: (channelId: ChannelId) => void
}

function ChannelLink({ channel, current, tabIndex, onOpen }: ChannelLinkProps) {
  const { t } = useTranslation()
  const name = safeName(channel.name)
  // In the open channel the unread line says where reading stopped; a number here would only flicker.
  const unread = current ? 0 : channel.unread
  const ended = hasEnded(channel)
  const notes = [
    ended ? t('private.ended') : '',
    channel.lost ? t('channels.lost') : '',
    unread > 0 ? t('spaces.unread', { count: unread }) : '',
  ]
  const description = notes.filter((note) => note !== '').join(', ')
  const open = (event: MouseEvent) => {
    event.preventDefault()
    onOpen(channel.channelId)
  }
  return (
    <a
      href={`#${channel.channelId}`}
      className={css['link']}
      aria-label={name}
      aria-current={current ? 'page' : undefined}
      aria-description={description === '' ? undefined : description}
      data-lost={channel.lost || undefined}
      data-unread={unread > 0 || undefined}
      data-roving
      draggable={false}
      tabIndex={tabIndex}
      onClick={open}
    >
      <ChannelIcon channel={channel} />
      <span className={css['label']} dir="auto">
        {name}
      </span>
      {ended ? (
        <span className={css['ended']} aria-hidden>
          {t('private.ended')}
        </span>
      ) : null}
      {unread > 0 ? (
        <span className={css['count']} aria-hidden>
          {unread > 99 ? '99+' : unread}
        </span>
      ) : null}
    </a>
  )
}

function ChannelIcon({ channel: { kind, with: person } }: { channel: Channel }) {
  const { t } = useTranslation()
  if (person !== null) return <Avatar id={person} size={16} />
  const Icon = channelIcons[kind]
  const label = kind === 'private' ? { role: 'img', 'aria-label': t('private.kind') } : { 'aria-hidden': true }
  return <Icon className={css['hash']} size={16} strokeWidth={1.75} {...label} />
}
