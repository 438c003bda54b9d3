import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Profile } from '../../../shared/domain/models.ts'
import { Button } from '../../components/button.tsx'
import { CurrentPassphrase } from './current-passphrase.tsx'
import type { ProfileKeys } from './profile-keys.ts'
import { RecoveryWords } from './recovery-words.tsx'
import { Section } from './section.tsx'
import css from './settings.module.css'

interface RecoverySectionProps {
  profile: Profile
  make: ProfileKeys['makeRecoveryPhrase']
  remove: ProfileKeys['removeRecoveryPhrase']
  copyText: (text: string) => Promise<boolean>
}

/** The words themselves live in `words` alone, and only while they are shown. */
type Open = { kind: 'none' } | { kind: 'make' } | { kind: 'remove' } | { kind: 'words'; words: readonly string[] }

const closed: Open = { kind: 'none' }

export function RecoverySection({ profile, make, remove, copyText }: RecoverySectionProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<Open>(closed)
  const [said, setSaid] = useState('')
  const done = (words: string) => {
    setOpen(closed)
    setSaid(words)
  }
  const show = (what: Open) => {
    setOpen(what)
    setSaid('')
  }
  const makeWords = async (current: string | null) => {
    const result = await make(current)
    if (!result.ok) return result.error
    setOpen({ kind: 'words', words: result.value.recoveryPhrase.split(' ') })
    return null
  }
  return (
    <Section title={t('security.recovery')} text={t('security.recoveryWhat')}>
      {open.kind === 'none' ? (
        <>
          <p className={css['text']}>{profile.recovery ? t('security.recoverySet') : t('security.recoveryNone')}</p>
          <div className={css['buttons']}>
            <Button onClick={() => show({ kind: 'make' })}>{profile.recovery ? t('security.makeNew') : t('security.make')}</Button>
            {profile.recovery ? <Button onClick={() => show({ kind: 'remove' })}>{t('security.removePhrase')}</Button> : null}
          </div>
        </>
      ) : null}
      {open.kind === 'make' ? (
        <CurrentPassphrase
          has={profile.passphrase}
          {...(profile.recovery ? { what: t('security.makeNewWhat') } : {})}
          action={profile.recovery ? t('security.makeNew') : t('security.make')}
          submit={makeWords}
          onDone={() => undefined}
          onCancel={() => setOpen(closed)}
        />
      ) : null}
      {open.kind === 'remove' ? (
        <CurrentPassphrase
          has={profile.passphrase}
          what={t('security.removePhraseWhat')}
          action={t('security.removePhrase')}
          danger
          submit={remove}
          onDone={() => done(t('security.removePhraseDone'))}
          onCancel={() => setOpen(closed)}
        />
      ) : null}
      {open.kind === 'words' ? (
        <RecoveryWords words={open.words} name={profile.name} copyText={copyText} onDone={() => done(t('security.made'))} />
      ) : null}
      <p role="status" className={css['said']}>
        {said}
      </p>
    </Section>
  )
}
