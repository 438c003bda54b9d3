import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Profile } from '../../../shared/domain/models.ts'
import { Button } from '../../components/button.tsx'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { CurrentPassphrase } from './current-passphrase.tsx'
import { useLeaveGuard } from './leave-guard.ts'
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

/** The words live in `words` alone, and only while they are shown; so does `current`, which takes them back. */
type Open = { kind: 'none' } | { kind: 'make' } | { kind: 'remove' } | { kind: 'words'; words: readonly string[]; current: string | null }

/** What was on its way when we asked whether to keep words that nobody may have written down. */
interface Asking {
  go: () => void
}

const closed: Open = { kind: 'none' }

export function RecoverySection({ profile, make, remove, copyText }: RecoverySectionProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<Open>(closed)
  const [said, setSaid] = useState('')
  const [asking, setAsking] = useState<Asking | null>(null)
  // A phrase that nobody wrote down must not pass for one that opens the profile: it is kept by whoever says so, or not at all.
  const ask = useCallback((go: () => void) => setAsking({ go }), [])
  useLeaveGuard(open.kind === 'words' ? ask : null)
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
    setOpen({ kind: 'words', words: result.value.recoveryPhrase.split(' '), current })
    return null
  }
  const takeBack = async () => {
    if (open.kind !== 'words') return null
    const error = await remove(open.current)
    if (error !== null) return error
    done(t('security.notKeptDone'))
    asking?.go()
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
        <RecoveryWords
          words={open.words}
          name={profile.name}
          copyText={copyText}
          onDone={() => done(t('security.made'))}
          onDrop={() => ask(() => undefined)}
        />
      ) : null}
      {asking === null ? null : (
        <ConfirmDialog
          title={t('security.notWritten')}
          what={[t('security.notWrittenWhat')]}
          action={t('security.notKeep')}
          back={t('security.backToWords')}
          run={takeBack}
          onClose={() => setAsking(null)}
        />
      )}
      <p role="status" className={css['said']}>
        {said}
      </p>
    </Section>
  )
}
