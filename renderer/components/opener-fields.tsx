import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { PassphraseField } from './passphrase-field.tsx'
import { PhraseField, phraseOf } from './phrase-field.tsx'
import css from './opener-fields.module.css'

/** What somebody types to open a profile or a backup of it. */
export interface Opener {
  kind: 'passphrase' | 'phrase'
  text: string
}

export const noOpener: Opener = { kind: 'passphrase', text: '' }

/** As the node takes it. */
export const openerArgs = ({ kind, text }: Opener): { passphrase: string | null; recoveryPhrase: string | null } => ({
  passphrase: kind === 'passphrase' && text !== '' ? text : null,
  recoveryPhrase: kind === 'phrase' && text.trim() !== '' ? phraseOf(text) : null,
})

interface OpenerFieldsProps {
  opener: Opener
  onChange: (opener: Opener) => void
  error: string | null
  autoFocus?: boolean
}

/** One of two things opens it: the passphrase, or the recovery phrase. */
export function OpenerFields({ opener, onChange, error, autoFocus = false }: OpenerFieldsProps) {
  const { t } = useTranslation()
  const isPhrase = opener.kind === 'phrase'
  return (
    <div className={css['opener']}>
      {isPhrase ? (
        <PhraseField autoFocus={autoFocus} value={opener.text} error={error} onChange={(text) => onChange({ kind: 'phrase', text })} />
      ) : (
        <PassphraseField
          autoFocus={autoFocus}
          value={opener.text}
          error={error}
          onChange={(event) => onChange({ kind: 'passphrase', text: event.target.value })}
        />
      )}
      <Button tone="quiet" className={css['other']} onClick={() => onChange({ kind: isPhrase ? 'passphrase' : 'phrase', text: '' })}>
        {isPhrase ? t('backup.usePassphrase') : t('backup.usePhrase')}
      </Button>
    </div>
  )
}
