import { useTranslation } from 'react-i18next'
import type { Channel, Space } from '../../../shared/domain/models.ts'
import { Button } from '../../components/button.tsx'
import { channelName } from '../../components/channel-name.ts'
import { safeName } from '../../components/safe-text.ts'
import css from './message-list.module.css'

interface ChannelStartProps {
  space: Space
  channel: Channel
  alone: boolean
  onInvite: () => void
}

/** Above the oldest message there is on this device. */
export function ChannelStart({ space, channel, alone, onInvite }: ChannelStartProps) {
  const { t } = useTranslation()
  const { keepDays } = channel
  const isAlone = channel.kind === 'direct' && channel.with === null
  const takesPart = space.status.kind === 'member' && channel.status.kind === 'member' && !isAlone
  const isOpen = channel.kind === 'open'
  const name = safeName(channel.name)
  const forAll = alone ? t('conversation.startAlone') : t('conversation.startTogether', { space: safeName(space.name) })
  const forSome = channel.memberCount === 1 ? t('private.startAlone') : t('private.startPrivate', { count: channel.memberCount })
  const words = isOpen ? forAll : channel.kind === 'direct' ? t('private.startDirect', { name }) : forSome
  return (
    <div className={css['start']}>
      <h2 className={css['startTitle']} dir="auto">
        {channel.kind === 'direct'
          ? t('private.startDirectTitle', { name })
          : t('conversation.startTitle', { channel: channelName(channel) })}
      </h2>
      <p className={css['startText']} dir="auto">
        {[...(takesPart ? [words] : []), ...(keepDays === null ? [] : [t('keep.start', { count: keepDays })])].join(' ')}
      </p>
      {alone && isOpen && space.may.invite ? (
        <Button tone="primary" onClick={onInvite}>
          {t('conversation.startInvite')}
        </Button>
      ) : null}
    </div>
  )
}
