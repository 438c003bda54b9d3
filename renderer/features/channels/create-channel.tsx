import { useId } from 'react'
import { Checkbox } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import type { CallResult } from '../../../shared/ipc/error-codes.ts'
import type { Channel } from '../../../shared/domain/models.ts'
import { Hint } from '../../components/field.tsx'
import { NameDialog } from '../../components/name-dialog.tsx'
import css from './create-channel.module.css'

interface CreateChannelProps {
  create: (name: string) => Promise<CallResult<Channel>>
  onCreated: (channel: Channel) => void
  onClose: () => void
}

export function CreateChannel({ create, onCreated, onClose }: CreateChannelProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <NameDialog
      title={t('channels.create')}
      label={t('channels.name')}
      missing={t('channels.nameMissing')}
      action={t('channels.createButton')}
      submit={create}
      onDone={onCreated}
      onClose={onClose}
    >
      <div className={css['row']}>
        <Checkbox.Root id={id} className={css['box']} disabled aria-describedby={`${id}-why`} />
        <div>
          <label htmlFor={id} className={css['label']}>
            {t('channels.private')}
          </label>
          <div id={`${id}-why`}>
            <Hint>{t('channels.privateLater')}</Hint>
          </div>
        </div>
      </div>
    </NameDialog>
  )
}
