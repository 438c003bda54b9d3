import { useTranslation } from 'react-i18next'
import type { Member } from '../../../shared/domain/models.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { safeName } from '../../components/safe-text.ts'

interface RemoveDialogProps {
  member: Member
  remove: (member: Member) => Promise<CodedError | null>
  onClose: () => void
}

export function RemoveDialog({ member, remove, onClose }: RemoveDialogProps) {
  const { t } = useTranslation()
  const name = safeName(member.name)
  return (
    <ConfirmDialog
      title={t('members.removeTitle', { name })}
      what={[t('members.removeWhat', { name }), t('members.removeInvitations')]}
      action={t('members.removeButton')}
      run={() => remove(member)}
      onClose={onClose}
    />
  )
}
