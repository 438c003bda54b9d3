import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Profile } from '../../../shared/domain/models.ts'
import { Button } from '../../components/button.tsx'
import { chosenProblems } from '../../components/chosen-passphrase.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { PassphraseField } from '../../components/passphrase-field.tsx'
import { CurrentPassphrase } from './current-passphrase.tsx'
import type { ProfileKeys } from './profile-keys.ts'
import { Section } from './section.tsx'
import css from './settings.module.css'

interface PassphraseSectionProps {
  profile: Profile
  setPassphrase: ProfileKeys['setPassphrase']
}

type Open = 'change' | 'remove' | null

export function PassphraseSection({ profile, setPassphrase }: PassphraseSectionProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<Open>(null)
  const [said, setSaid] = useState('')
  const { passphrase: has, passphraseRequired } = profile
  const done = (words: string) => {
    setOpen(null)
    setSaid(words)
  }
  const show = (what: Open) => {
    setOpen(what)
    setSaid('')
  }
  const about = () => {
    if (passphraseRequired) return has ? t('security.passphraseRequired') : t('security.passphraseMissing')
    return has ? t('security.passphraseSet') : t('security.passphraseNone')
  }
  return (
    <Section title={t('security.passphrase')} text={about()}>
      {open === null ? (
        <div className={css['buttons']}>
          <Button onClick={() => show('change')}>{has ? t('security.change') : t('security.set')}</Button>
          {has && !passphraseRequired ? <Button onClick={() => show('remove')}>{t('security.remove')}</Button> : null}
        </div>
      ) : null}
      {open === 'change' ? (
        <PassphraseForm
          has={has}
          setPassphrase={setPassphrase}
          onDone={() => done(has ? t('security.changeDone') : t('security.setDone'))}
          onCancel={() => setOpen(null)}
        />
      ) : null}
      {open === 'remove' ? (
        <CurrentPassphrase
          has
          what={t('security.removeWhat')}
          action={t('security.remove')}
          danger
          submit={(current) => setPassphrase(current, null)}
          onDone={() => done(t('security.removeDone'))}
          onCancel={() => setOpen(null)}
        />
      ) : null}
      <p role="status" className={css['said']}>
        {said}
      </p>
    </Section>
  )
}

interface PassphraseFormProps {
  has: boolean
  setPassphrase: ProfileKeys['setPassphrase']
  onDone: () => void
  onCancel: () => void
}

interface Problems {
  current: string | null
  next: string | null
  again: string | null
  form: string | null
}

const none: Problems = { current: null, next: null, again: null, form: null }

function PassphraseForm({ has, setPassphrase, onDone, onCancel }: PassphraseFormProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [problems, setProblems] = useState(none)
  const [busy, setBusy] = useState(false)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    const chosen = chosenProblems(t, { typed: next, again }, true)
    const found: Problems = {
      current: has && current === '' ? t('security.currentMissing') : null,
      next: chosen.typed,
      again: chosen.again,
      form: null,
    }
    setProblems(found)
    if (found.current !== null || found.next !== null || found.again !== null) return
    setBusy(true)
    const error = await setPassphrase(has ? current : null, next)
    setBusy(false)
    if (error === null) onDone()
    else setProblems({ ...none, [error.code === 'wrong-passphrase' ? 'current' : 'form']: words(error) })
  }
  return (
    <form className={css['form']} onSubmit={(event) => void submit(event)} noValidate>
      {has ? (
        <PassphraseField
          autoFocus
          label={t('security.current')}
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
          error={problems.current}
        />
      ) : null}
      <PassphraseField
        autoFocus={!has}
        label={t('security.next')}
        value={next}
        onChange={(event) => setNext(event.target.value)}
        error={problems.next}
      />
      <PassphraseField
        label={t('security.again')}
        value={again}
        onChange={(event) => setAgain(event.target.value)}
        error={problems.again}
      />
      {problems.form === null ? null : <ErrorLine text={problems.form} />}
      <div className={css['buttons']}>
        <Button type="submit" tone="primary" disabled={busy}>
          {t('security.save')}
        </Button>
        <Button onClick={onCancel}>{t('app.cancel')}</Button>
      </div>
    </form>
  )
}
