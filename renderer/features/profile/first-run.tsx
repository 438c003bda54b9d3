import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '../../../shared/ipc/limits.ts'
import type { Client } from '../../bridge/client.ts'
import { Button } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine, TextField } from '../../components/field.tsx'
import type { TasksStore } from '../../bridge/tasks-store.ts'
import { Gate } from './gate.tsx'
import { PassphraseField } from '../../components/passphrase-field.tsx'
import type { ProfileStore } from './profile-store.ts'
import { Restore } from './restore.tsx'
import css from './gate.module.css'

interface FirstRunProps {
  passphraseRequired: boolean
  profile: ProfileStore
  client: Client
  tasks: TasksStore
}

interface Problems {
  name: string | null
  passphrase: string | null
  form: string | null
}

const none: Problems = { name: null, passphrase: null, form: null }

export function FirstRun({ passphraseRequired, profile, client, tasks }: FirstRunProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [name, setName] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [problems, setProblems] = useState<Problems>(none)
  const [busy, setBusy] = useState(false)
  const [restoring, setRestoring] = useState(false)

  const check = (): Problems => {
    const trimmed = name.trim()
    const short = passphrase !== '' && passphrase.length < limits.passphraseLeast
    return {
      name: trimmed === '' ? t('profile.nameMissing') : trimmed.length > limits.name ? t('profile.nameLong', { count: limits.name }) : null,
      passphrase: short
        ? t('profile.passphraseShort', { count: limits.passphraseLeast })
        : passphraseRequired && passphrase === ''
          ? t('profile.passphraseMissing')
          : null,
      form: null,
    }
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    const found = check()
    setProblems(found)
    if (found.name !== null || found.passphrase !== null) return
    setBusy(true)
    const error = await profile.create(name.trim(), passphrase === '' ? null : passphrase)
    setBusy(false)
    if (error !== null)
      setProblems(error.code === 'passphrase-required' ? { ...none, passphrase: words(error) } : { ...none, form: words(error) })
  }
  if (restoring) {
    const open = () => void profile.retry()
    return <Restore client={client} tasks={tasks} broken={false} onDone={open} onBack={() => setRestoring(false)} />
  }
  return (
    <Gate title={t('profile.firstRunTitle')} lead={t('profile.firstRunLead')}>
      <form className={css['form']} onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          autoFocus
          label={t('profile.name')}
          hint={t('profile.nameHint')}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={problems.name}
        />
        <PassphraseField
          aside={passphraseRequired ? undefined : t('app.optional')}
          hint={passphraseRequired ? t('profile.passphraseRequired') : t('profile.passphraseOptional')}
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          error={problems.passphrase}
          required={passphraseRequired}
        />
        {problems.form === null ? null : <ErrorLine text={problems.form} />}
        <Button type="submit" tone="primary" wide disabled={busy}>
          {busy ? t('profile.creating') : t('profile.create')}
        </Button>
        <Button tone="quiet" wide disabled={busy} onClick={() => setRestoring(true)}>
          {t('restore.button')}
        </Button>
      </form>
    </Gate>
  )
}
