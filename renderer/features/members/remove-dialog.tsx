import { useTranslation } from 'react-i18next'
import type { Member } from '../../../shared/domain/models.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { safeName } from '../../components/safe-text.ts'

interface RemoveDialogProps {
  member: Member
  /** From a private channel, not from the space. */
  fromChannel: boolean
  remove: (member: Member) => Promise<CodedError | null>
  onClose: () => void
}

export function RemoveDialog({ member, fromChannel, remove, onClose }: RemoveDialogProps) {
  const { t } = useTranslation()
  const name = safeName(member.name)
  const fromSpace = [t('members.removeWhat', { name }), t('members.removeUnder'), t('members.removeInvitations')]
  const { awaited } = member
  return (
    <ConfirmDialog
      title={t('members.removeTitle', { name })}
      what={fromChannel ? [t(awaited ? 'members.removeAwaited' : 'members.removeFromChannel', { name })] : fromSpace}
      action={t('members.removeButton')}
      run={() => remove(member)}
      onClose={onClose}
    />
  )
}
