import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { expiries, usesChoices } from './invitations.ts'
import type { Expiry, InvitationTerms } from './invitations.ts'
import css from './invite.module.css'

interface InvitationTermsFormProps {
  busy: boolean
  another: boolean
  onMake: (terms: InvitationTerms) => void
}

const isExpiry = (value: string): value is Expiry => value in expiries

/** How long a new link is good for, and for how many people. */
export function InvitationTermsForm({ busy, another, onMake }: InvitationTermsFormProps) {
  const { t } = useTranslation()
  const [expiry, setExpiry] = useState<Expiry>('week')
  const [maxUses, setMaxUses] = useState<number | null>(null)
  return (
    <div className={css['terms']}>
      <label>
        {t('invitations.expires')}
        <select value={expiry} onChange={({ target }) => (isExpiry(target.value) ? setExpiry(target.value) : undefined)}>
          {(Object.keys(expiries) as Expiry[]).map((key) => (
            <option key={key} value={key}>
              {t(`invitations.expiry.${key}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('invitations.uses')}
        <select value={maxUses ?? ''} onChange={({ target }) => setMaxUses(target.value === '' ? null : Number(target.value))}>
          {usesChoices.map((limit) => (
            <option key={limit ?? 'any'} value={limit ?? ''}>
              {limit === null ? t('invitations.usesAny') : t('invitations.usesCount', { count: limit })}
            </option>
          ))}
        </select>
      </label>
      <Button disabled={busy} onClick={() => onMake({ expiry, maxUses })}>
        {another ? t('invitations.makeAnother') : t('invitations.make')}
      </Button>
    </div>
  )
}
