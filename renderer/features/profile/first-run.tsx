import { useRef, useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '../../../shared/ipc/limits.ts'
import type { Client } from '../../bridge/client.ts'
import { Button } from '../../components/button.tsx'
import { ChosenPassphrase, chosenProblems, noProblems, nothingChosen } from '../../components/chosen-passphrase.tsx'
import type { ChosenProblems } from '../../components/chosen-passphrase.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine, TextField } from '../../components/field.tsx'
import { useTakeOver } from '../../components/take-over.ts'
import type { TasksStore } from '../../bridge/tasks-store.ts'
import { Gate } from './gate.tsx'
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
  passphrase: ChosenProblems
  form: string | null
}

const none: Problems = { name: null, passphrase: noProblems, form: null }

export function FirstRun({ passphraseRequired, profile, client, tasks }: FirstRunProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState(nothingChosen)
  const [problems, setProblems] = useState<Problems>(none)
  const [busy, setBusy] = useState(false)
  const [restoring, setRestoring] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const autoFocus = useTakeOver('first-run', form, (typed) => {
    setName(typed.get('name') ?? '')
    setChosen({ typed: typed.get('passphrase') ?? '', again: typed.get('again') ?? '' })
  })

  const check = (): Problems => {
    const trimmed = name.trim()
    return {
      name: trimmed === '' ? t('profile.nameMissing') : trimmed.length > limits.name ? t('profile.nameLong', { count: limits.name }) : null,
      passphrase: chosenProblems(t, chosen, passphraseRequired),
      form: null,
    }
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    const found = check()
    setProblems(found)
    if (found.name !== null || found.passphrase.typed !== null || found.passphrase.again !== null) return
    setBusy(true)
    const error = await profile.create(name.trim(), chosen.typed === '' ? null : chosen.typed)
    setBusy(false)
    if (error === null) return
    const text = words(error)
    setProblems(error.code === 'passphrase-required' ? { ...none, passphrase: { ...noProblems, typed: text } } : { ...none, form: text })
  }
  if (restoring) {
    const open = () => void profile.retry()
    return <Restore client={client} tasks={tasks} broken={false} onDone={open} onBack={() => setRestoring(false)} />
  }
  return (
    <Gate title={t('profile.firstRunTitle')} lead={t('profile.firstRunLead')}>
      <form ref={form} className={css['form']} onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          autoFocus={autoFocus}
          name="name"
          label={t('profile.name')}
          hint={t('profile.nameHint')}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={problems.name}
        />
        <ChosenPassphrase
          chosen={chosen}
          onChange={setChosen}
          problems={problems.passphrase}
          required={passphraseRequired}
          hint={passphraseRequired ? t('profile.passphraseRequired') : t('profile.passphraseOptional')}
        />
        {problems.form === null ? null : <ErrorLine text={problems.form} />}
        <Button type="submit" name="create" tone="primary" wide disabled={busy}>
          {busy ? t('profile.creating') : t('profile.create')}
        </Button>
        <Button name="restore" tone="quiet" wide disabled={busy} onClick={() => setRestoring(true)}>
          {t('restore.button')}
        </Button>
      </form>
    </Gate>
  )
}
