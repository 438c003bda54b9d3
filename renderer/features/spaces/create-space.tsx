import { useTranslation } from 'react-i18next'
import type { Space } from '../../../shared/domain/models.ts'
import { NameDialog } from '../../components/name-dialog.tsx'
import type { SpacesStore } from './spaces-store.ts'

interface CreateSpaceProps {
  create: SpacesStore['create']
  onCreated: (space: Space) => void
  onClose: () => void
}

export function CreateSpace({ create, onCreated, onClose }: CreateSpaceProps) {
  const { t } = useTranslation()
  return (
    <NameDialog
      title={t('spaces.create')}
      label={t('spaces.spaceName')}
      hint={t('spaces.spaceNameHint')}
      missing={t('spaces.nameMissing')}
      action={t('spaces.createButton')}
      submit={create}
      onDone={onCreated}
      onClose={onClose}
    />
  )
}
