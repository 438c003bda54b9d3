import { useTranslation } from 'react-i18next'
import type { Channel } from '../../../shared/domain/models.ts'
import type { CallResult } from '../../../shared/ipc/error-codes.ts'
import { NameDialog } from '../../components/name-dialog.tsx'

interface RenameChannelProps {
  channel: Channel
  rename: (name: string) => Promise<CallResult<Channel>>
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
      submit={rename}
      onDone={onClose}
      onClose={onClose}
    />
  )
}
