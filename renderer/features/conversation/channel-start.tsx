import { useTranslation } from 'react-i18next'
import type { Channel, Space } from '../../../shared/domain/models.ts'
import { Button } from '../../components/button.tsx'
import { ChannelLock } from '../../components/channel-lock.tsx'
import { channelName } from '../../components/channel-name.ts'
import { safeName } from '../../components/safe-text.ts'
import css from './message-list.module.css'

interface ChannelStartProps {
  space: Space
  channel: Channel
  alone: boolean
  onInvite: () => void
  onAddPeople: () => void
}

type Before = Channel['before']

/** Of the start and of what cannot be known there is nothing more to say, nor where it is said anyway that older messages are deleted. */
const saysEarlier = (before: Before, isKeptFor: boolean): before is Exclude<Before, 'nothing' | 'unknown'> =>
  before === 'joined' || before === 'given' || (before === 'deleted' && !isKeptFor)

/** Above the oldest message there is on this device. */
export function ChannelStart({ space, channel, alone, onInvite, onAddPeople }: ChannelStartProps) {
  const { t } = useTranslation()
  const { before, keepDays } = channel
  const isAlone = channel.kind === 'direct' && channel.with === null
  const takesPart = space.status.kind === 'member' && channel.status.kind === 'member' && !isAlone && !channel.lost
  const isOpen = channel.kind === 'open'
  const name = safeName(channel.name)
  const forAll = alone ? t('conversation.startAlone') : t('conversation.startTogether', { space: safeName(space.name) })
  const forSome = channel.memberCount === 1 ? t('private.startAlone') : t('private.startPrivate', { count: channel.memberCount })
  const words = isOpen ? forAll : channel.kind === 'direct' ? t('private.startDirect', { name }) : forSome
  const start =
    channel.kind === 'direct' ? t('private.startDirectTitle', { name }) : t('conversation.startTitle', { channel: channelName(channel) })
  const title = before === 'nothing' ? start : t(before === 'joined' ? 'before.joinedTitle' : 'before.olderTitle')
  const kept = keepDays === null ? null : t('keep.start', { count: keepDays })
  const earlier = saysEarlier(before, kept !== null) ? t(`before.${before}`) : null
  return (
    <div className={css['start']}>
      <h2 className={css['startTitle']} dir="auto">
        {before === 'nothing' ? <ChannelLock kind={channel.kind} size={20} className={css['startLock']} /> : null}
        {title}
      </h2>
      <p className={css['startText']} dir="auto">
        {[earlier, takesPart ? words : null, kept].filter((sentence) => sentence !== null).join(' ')}
      </p>
      {alone && isOpen && space.may.invite ? (
        <Button tone="primary" onClick={onInvite}>
          {t('conversation.startInvite')}
        </Button>
      ) : null}
      {channel.memberCount === 1 && !alone && channel.may.addMembers ? (
        <Button tone="primary" onClick={onAddPeople}>
          {t('private.add')}
        </Button>
      ) : null}
    </div>
  )
}
