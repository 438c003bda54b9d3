import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { expiries, usesChoices } from './invitations.ts'
import type { Expiry, InvitationTerms } from './invitations.ts'
import css from './invite.module.css'

interface InvitationTermsFormProps {
  terms: InvitationTerms
  busy: boolean
  /** There is a link by these terms: what is wanted next is to copy it. */
  another: boolean
  onChange: (terms: InvitationTerms) => void
  onMake: () => void
}

const isExpiry = (value: string): value is Expiry => value in expiries

/** How long a new link is good for, and for how many people. */
export function InvitationTermsForm({ terms, busy, another, onChange, onMake }: InvitationTermsFormProps) {
  const { t } = useTranslation()
  const setExpiry = (value: string) => {
    if (isExpiry(value)) onChange({ ...terms, expiry: value })
  }
  const make = another ? t('invitations.makeAnother') : t('invitations.make')
  return (
    <div className={css['terms']}>
      <label>
        {t('invitations.expires')}
        <select data-autofocus value={terms.expiry} disabled={busy} onChange={({ target }) => setExpiry(target.value)}>
          {(Object.keys(expiries) as Expiry[]).map((key) => (
            <option key={key} value={key}>
              {t(`invitations.expiry.${key}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('invitations.uses')}
        <select
          value={terms.maxUses ?? ''}
          disabled={busy}
          onChange={({ target }) => onChange({ ...terms, maxUses: target.value === '' ? null : Number(target.value) })}
        >
          {usesChoices.map((limit) => (
            <option key={limit ?? 'any'} value={limit ?? ''}>
              {limit === null ? t('invitations.usesAny') : t('invitations.usesCount', { count: limit })}
            </option>
          ))}
        </select>
      </label>
      <Button tone={another ? 'plain' : 'primary'} disabled={busy} onClick={onMake}>
        {busy ? t('invitations.making') : make}
      </Button>
    </div>
  )
}
