import { useTranslation } from 'react-i18next'
import type { Channel } from '../../../shared/domain/models.ts'
import { NameDialog } from '../../components/name-dialog.tsx'
import type { SpacesStore } from '../spaces/spaces-store.ts'

interface RenameChannelProps {
  channel: Channel
  rename: SpacesStore['renameChannel']
  onClose: () => void
}

export function RenameChannel({ channel, rename, onClose }: RenameChannelProps) {
  const { t } = useTranslation()
  return (
    <NameDialog
      title={t('channels.renameTitle')}
      label={t('channels.name')}
      hint={channel.kind === 'private' ? t('channels.nameHintPrivate') : t('spaces.spaceNameHint')}
      initial={channel.name}
      missing={t('channels.nameMissing')}
      action={t('channels.renameButton')}
      submit={(name) => rename(channel.channelId, name)}
      onDone={onClose}
      onClose={onClose}
    />
  )
}
