import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '../../../shared/ipc/limits.ts'
import { Button } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { Gate } from './gate.tsx'
import { PassphraseField } from '../../components/passphrase-field.tsx'
import { PHRASE_WORDS, PhraseField, phraseOf, wordCount } from '../../components/phrase-field.tsx'
import type { ProfileStore } from './profile-store.ts'
import css from './gate.module.css'

interface Problems {
  phrase: string | null
  passphrase: string | null
  form: string | null
}

const none: Problems = { phrase: null, passphrase: null, form: null }

interface RecoverProps {
  passphraseRequired: boolean
  recover: ProfileStore['recover']
  onBack: () => void
}

/** Opens a locked profile with the words on paper, and gives it a new passphrase. */
export function Recover({ passphraseRequired, recover, onBack }: RecoverProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [phrase, setPhrase] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [problems, setProblems] = useState(none)
  const [busy, setBusy] = useState(false)

  const problemOf = (typed: string): string | null => {
    if (typed === '') return passphraseRequired ? t('profile.passphraseMissing') : null
    return typed.length < limits.passphraseLeast ? t('profile.passphraseShort', { count: limits.passphraseLeast }) : null
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    const found: Problems = {
      phrase: wordCount(phrase) === PHRASE_WORDS ? null : t('recover.phraseMissing'),
      passphrase: problemOf(passphrase),
      form: null,
    }
    setProblems(found)
    if (found.phrase !== null || found.passphrase !== null) return
    setBusy(true)
    const error = await recover(phraseOf(phrase), passphrase === '' ? null : passphrase)
    setBusy(false)
    if (error === null) return
    const place = { 'wrong-recovery-phrase': 'phrase', 'passphrase-required': 'passphrase' }[error.code as string] ?? 'form'
    setProblems({ ...none, [place]: words(error) })
  }
  return (
    <Gate title={t('recover.title')} lead={t('recover.lead')}>
      <form className={css['form']} onSubmit={(event) => void submit(event)} noValidate>
        <PhraseField autoFocus value={phrase} onChange={setPhrase} error={problems.phrase} />
        <PassphraseField
          label={t('recover.passphrase')}
          aside={passphraseRequired ? undefined : t('app.optional')}
          hint={passphraseRequired ? t('profile.passphraseRequired') : t('recover.passphraseHint')}
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          error={problems.passphrase}
          required={passphraseRequired}
        />
        {problems.form === null ? null : <ErrorLine text={problems.form} />}
        <Button type="submit" tone="primary" wide disabled={busy}>
          {busy ? t('recover.opening') : t('recover.open')}
        </Button>
        <Button tone="quiet" wide onClick={onBack}>
          {t('recover.back')}
        </Button>
      </form>
    </Gate>
  )
}
