import { useTranslation } from 'react-i18next'
import type { Channel, Space } from '../../../shared/domain/models.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import { Button } from '../../components/button.tsx'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { safeName } from '../../components/safe-text.ts'
import css from './leave-dialog.module.css'

interface LeaveDialogProps {
  space: Space
  leave: () => Promise<CodedError | null>
  onClose: () => void
}

export function LeaveDialog({ space, leave, onClose }: LeaveDialogProps) {
  const { t } = useTranslation()
  const title = t('leaving.leaveTitle', { space: safeName(space.name) })
  if (!space.may.leave) {
    return (
      <Dialog title={title} onClose={onClose}>
        <div className={css['column']}>
          <p className={css['text']}>{t('leaving.lastOwner')}</p>
          <div className={css['actions']}>
            <Button data-autofocus onClick={onClose}>
              {t('app.close')}
            </Button>
          </div>
        </div>
      </Dialog>
    )
  }
  const under = space.channels.some(({ kind }) => kind !== 'open') ? [t('leaving.leaveUnder')] : []
  const what = space.memberCount > 1 ? [t('leaving.leaveWhat'), ...under, t('leaving.leaveLater')] : [t('leaving.leaveAlone')]
  return <ConfirmDialog title={title} what={what} action={t('leaving.leaveButton')} run={leave} onClose={onClose} />
}

interface RepairDialogProps {
  of: Pick<Space, 'name'>
  repair: () => Promise<CodedError | null>
  onClose: () => void
}

/** The last resort where a space, or a channel with members of its own, does not go on. */
export function RepairDialog({ of: { name }, repair, onClose }: RepairDialogProps) {
  const { t } = useTranslation()
  return (
    <ConfirmDialog
      title={t('repairing.title', { space: safeName(name) })}
      what={[t('repairing.what'), t('repairing.until')]}
      action={t('repairing.button')}
      run={repair}
      onClose={onClose}
    />
  )
}

/** Of a private channel or a direct message. */
export function LeaveChannel({ channel, leave, onClose }: Pick<LeaveDialogProps, 'leave' | 'onClose'> & { channel: Channel }) {
  const { t } = useTranslation()
  const title = t('private.leaveTitle', { channel: safeName(channel.name) })
  return <ConfirmDialog title={title} what={[t('private.leaveWhat')]} action={t('leaving.leaveButton')} run={leave} onClose={onClose} />
}

export function ForgetDialog({
  space,
  forget,
  onClose,
}: {
  space: Pick<Space, 'name'>
  forget: () => Promise<CodedError | null>
  onClose: () => void
}) {
  const { t } = useTranslation()
  return (
    <ConfirmDialog
      title={t('leaving.forgetTitle', { space: safeName(space.name) })}
      what={[t('leaving.forgetWhat')]}
      action={t('leaving.forgetButton')}
      run={forget}
      onClose={onClose}
    />
  )
}
