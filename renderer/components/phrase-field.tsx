import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '../../shared/ipc/limits.ts'
import { ErrorLine, Hint } from './field.tsx'
import field from './field.module.css'
import css from './opener-fields.module.css'

/** How many words a recovery phrase has. */
export const PHRASE_WORDS = 24

/** The words as the node takes them: lower case, one space between them, whatever numbers the paper has beside them. */
export const phraseOf = (typed: string): string =>
  typed
    .toLowerCase()
    .split(/[\s\d.,;:)]+/u)
    .filter((word) => word !== '')
    .join(' ')

export const wordCount = (typed: string): number => phraseOf(typed).split(' ').filter(Boolean).length

interface PhraseFieldProps {
  value: string
  onChange: (text: string) => void
  error: string | null
  autoFocus?: boolean
}

/** Where the words of a recovery phrase are typed. They are shown: they come from paper and are easy to get wrong. */
export function PhraseField({ value, onChange, error, autoFocus = false }: PhraseFieldProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className={field['field']}>
      <label className={field['label']} htmlFor={id}>
        {t('recover.phrase')}
      </label>
      <textarea
        id={id}
        rows={4}
        dir="ltr"
        className={`${field['input'] ?? ''} ${css['phrase'] ?? ''}`}
        autoFocus={autoFocus}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={limits.recoveryPhrase}
        aria-invalid={error !== null}
        aria-describedby={`${id}-hint`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {error === null ? null : <ErrorLine text={error} />}
      <div id={`${id}-hint`}>
        <Hint>{t('recover.phraseHint', { count: wordCount(value) })}</Hint>
      </div>
    </div>
  )
}
