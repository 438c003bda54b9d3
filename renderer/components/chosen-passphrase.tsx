import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { limits } from '../../shared/ipc/limits.ts'
import { passphraseFlaw } from '../../shared/ipc/passphrase-flaw.ts'
import { PassphraseField } from './passphrase-field.tsx'

/** What is wrong with a passphrase that somebody chooses, in words; null if nothing is. */
function flawWords(t: TFunction, passphrase: string): string | null {
  switch (passphraseFlaw(passphrase)) {
    case null:
      return null
    case 'short':
      return t('profile.passphraseShort', { count: limits.passphraseLeast })
    case 'trivial':
      return t('profile.passphraseTrivial')
  }
}

/** A new passphrase, typed twice: one slip would lock its person out. */
export interface Chosen {
  typed: string
  again: string
}

export const nothingChosen: Chosen = { typed: '', again: '' }

export interface ChosenProblems {
  typed: string | null
  again: string | null
}

export const noProblems: ChosenProblems = { typed: null, again: null }

/** What is wrong with what was typed, at either field. `required`: whether it may be left out. */
export function chosenProblems(t: TFunction, { typed, again }: Chosen, required: boolean): ChosenProblems {
  const missing = required ? t('profile.passphraseMissing') : null
  return { typed: typed === '' ? missing : flawWords(t, typed), again: again === typed ? null : t('security.differs') }
}

interface ChosenPassphraseProps {
  chosen: Chosen
  onChange: (chosen: Chosen) => void
  problems: ChosenProblems
  required: boolean
  hint: string
  /** What the two are called, where they are not the first of a profile. */
  labels?: { typed: string; again: string }
  autoFocus?: boolean
}

/** The second field is there as soon as there is something to repeat. */
export function ChosenPassphrase({ chosen, onChange, problems, required, hint, labels, autoFocus = false }: ChosenPassphraseProps) {
  const { t } = useTranslation()
  const isAsked = required || chosen.typed !== '' || chosen.again !== ''
  return (
    <>
      <PassphraseField
        autoFocus={autoFocus}
        name="passphrase"
        {...(labels === undefined ? {} : { label: labels.typed })}
        aside={required ? undefined : t('app.optional')}
        hint={hint}
        value={chosen.typed}
        onChange={({ target }) => onChange({ ...chosen, typed: target.value })}
        error={problems.typed}
        required={required}
      />
      {isAsked ? (
        <PassphraseField
          name="again"
          label={labels?.again ?? t('profile.passphraseAgain')}
          value={chosen.again}
          onChange={({ target }) => onChange({ ...chosen, again: target.value })}
          error={problems.again}
          required
        />
      ) : null}
    </>
  )
}
