import { useTranslation } from 'react-i18next'
import type { Channel, Space } from '../../../shared/domain/models.ts'
import { Button } from '../../components/button.tsx'
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
  const takesPart = space.status.kind === 'member'
  const words = alone ? t('conversation.startAlone') : t('conversation.startTogether', { space: safeName(space.name) })
  return (
    <div className={css['start']}>
      <h2 className={css['startTitle']} dir="auto">
        {t('conversation.startTitle', { channel: safeName(channel.name) })}
      </h2>
      <p className={css['startText']} dir="auto">
        {[...(takesPart ? [words] : []), ...(keepDays === null ? [] : [t('keep.start', { count: keepDays })])].join(' ')}
      </p>
      {alone && space.may.invite ? (
        <Button tone="primary" onClick={onInvite}>
          {t('conversation.startInvite')}
        </Button>
      ) : null}
    </div>
  )
}
