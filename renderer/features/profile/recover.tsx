import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { ChosenPassphrase, chosenProblems, noProblems, nothingChosen } from '../../components/chosen-passphrase.tsx'
import type { ChosenProblems } from '../../components/chosen-passphrase.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { Gate } from './gate.tsx'
import { PHRASE_WORDS, PhraseField, phraseOf, wordCount } from '../../components/phrase-field.tsx'
import type { ProfileStore } from './profile-store.ts'
import css from './gate.module.css'

interface Problems {
  phrase: string | null
  passphrase: ChosenProblems
  form: string | null
}

const none: Problems = { phrase: null, passphrase: noProblems, form: null }

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
  const [chosen, setChosen] = useState(nothingChosen)
  const [problems, setProblems] = useState(none)
  const [busy, setBusy] = useState(false)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    const found: Problems = {
      phrase: wordCount(phrase) === PHRASE_WORDS ? null : t('recover.phraseMissing'),
      passphrase: chosenProblems(t, chosen, passphraseRequired),
      form: null,
    }
    setProblems(found)
    if (found.phrase !== null || found.passphrase.typed !== null || found.passphrase.again !== null) return
    setBusy(true)
    const error = await recover(phraseOf(phrase), chosen.typed === '' ? null : chosen.typed)
    setBusy(false)
    if (error === null) return
    const text = words(error)
    switch (error.code) {
      case 'wrong-recovery-phrase':
        return setProblems({ ...none, phrase: text })
      case 'passphrase-required':
        return setProblems({ ...none, passphrase: { ...noProblems, typed: text } })
      default:
        return setProblems({ ...none, form: text })
    }
  }
  return (
    <Gate title={t('recover.title')} lead={t('recover.lead')}>
      <form className={css['form']} onSubmit={(event) => void submit(event)} noValidate>
        <PhraseField autoFocus value={phrase} onChange={setPhrase} error={problems.phrase} />
        <ChosenPassphrase
          chosen={chosen}
          onChange={setChosen}
          problems={problems.passphrase}
          required={passphraseRequired}
          hint={passphraseRequired ? t('recover.passphraseRequired') : t('recover.passphraseHint')}
          labels={{ typed: t('recover.passphrase'), again: t('security.again') }}
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
