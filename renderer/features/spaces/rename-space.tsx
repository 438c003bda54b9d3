import { useTranslation } from 'react-i18next'
import type { Space } from '../../../shared/domain/models.ts'
import { NameDialog } from '../../components/name-dialog.tsx'
import type { SpacesStore } from './spaces-store.ts'

export function RenameSpace({ space, rename, onClose }: { space: Space; rename: SpacesStore['rename']; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <NameDialog
      title={t('leaving.renameTitle')}
      label={t('spaces.spaceName')}
      hint={t('spaces.spaceNameHint')}
      initial={space.name}
      missing={t('spaces.nameMissing')}
      action={t('leaving.renameButton')}
      submit={(name) => rename(space.spaceId, name)}
      onDone={onClose}
      onClose={onClose}
    />
  )
}
