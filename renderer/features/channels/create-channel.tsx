import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemberId } from '../../../shared/domain/ids.ts'
import type { CallResult } from '../../../shared/ipc/error-codes.ts'
import type { Channel, Member } from '../../../shared/domain/models.ts'
import { CheckBox, CheckList } from '../../components/check-list.tsx'
import { Hint } from '../../components/field.tsx'
import { NameDialog } from '../../components/name-dialog.tsx'
import { safeName } from '../../components/safe-text.ts'
import css from './create-channel.module.css'

export interface ChannelWish {
  name: string
  kind: 'open' | 'private'
  members: MemberId[]
}

interface CreateChannelProps {
  /** Who may be chosen for a private one. */
  others: readonly Member[]
  /** Whoever may not manage channels makes private ones only. */
  onlyPrivate: boolean
  create: (wish: ChannelWish) => Promise<CallResult<Channel>>
  onCreated: (channel: Channel) => void
  onClose: () => void
}

export function CreateChannel({ others, onlyPrivate, create, onCreated, onClose }: CreateChannelProps) {
  const { t } = useTranslation()
  const id = useId()
  const [isPrivate, setPrivate] = useState(onlyPrivate)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const members = others.filter(({ memberId }) => chosen.has(memberId)).map(({ memberId }) => memberId)
  const submit = (name: string) => create(isPrivate ? { name, kind: 'private', members } : { name, kind: 'open', members: [] })
  return (
    <NameDialog
      title={t('channels.create')}
      label={t('channels.name')}
      missing={t('channels.nameMissing')}
      action={t('channels.createButton')}
      submit={submit}
      onDone={onCreated}
      onClose={onClose}
    >
      <div className={css['row']}>
        <CheckBox id={id} checked={isPrivate} onChange={(on) => setPrivate(on || onlyPrivate)} describedBy={`${id}-what`} />
        <div>
          <label htmlFor={id} className={css['label']}>
            {t('channels.private')}
          </label>
          <div id={`${id}-what`}>
            <Hint>{isPrivate ? t('private.what') : t('private.open')}</Hint>
          </div>
        </div>
      </div>
      {isPrivate && others.length === 0 ? <Hint>{t('private.nobodyElse')}</Hint> : null}
      {isPrivate && others.length > 0 ? (
        <CheckList
          legend={t('private.who')}
          chosen={chosen}
          choices={others.map(({ memberId, name }) => ({ value: memberId, label: safeName(name) }))}
          onChange={setChosen}
        />
      ) : null}
    </NameDialog>
  )
}
