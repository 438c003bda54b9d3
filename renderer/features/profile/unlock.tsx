import { useRef, useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Openers } from '../../../shared/domain/models.ts'
import { Button } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { useTakeOver } from '../../components/take-over.ts'
import { TaskView } from '../../components/task-view.tsx'
import { latestOf } from '../../bridge/tasks-store.ts'
import type { TasksStore } from '../../bridge/tasks-store.ts'
import { Gate } from './gate.tsx'
import { PassphraseField } from '../../components/passphrase-field.tsx'
import type { ProfileStore } from './profile-store.ts'
import { Recover } from './recover.tsx'
import css from './gate.module.css'

interface UnlockProps {
  openers: Openers
  profile: ProfileStore
  tasks: TasksStore
}

export function Unlock({ openers, profile, tasks }: UnlockProps) {
  const { passphrase: needed, recovery, passphraseRequired } = openers
  const { t } = useTranslation()
  const words = useErrorWords()
  const form = useRef<HTMLFormElement>(null)
  const [passphrase, setPassphrase] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [recovering, setRecovering] = useState(false)
  // What brought the profile back, or mended it, ends in front of its lock.
  const task = useStore(tasks.store, (state) => latestOf(state, ['restore', 'repair', 'check']))

  const autoFocus = useTakeOver('unlock', form, (typed) => setPassphrase(typed.get('passphrase') ?? ''))

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    if (needed && passphrase === '') return form.current?.querySelector('input')?.focus()
    setBusy(true)
    const error = await profile.unlock(needed ? passphrase : null)
    setBusy(false)
    if (error === null) return
    setProblem(words(error))
    if (error.code === 'in-use') void profile.retry()
    form.current?.querySelector('input')?.select()
  }
  const change = (text: string) => {
    setPassphrase(text)
    setProblem(null)
  }
  if (recovering) return <Recover passphraseRequired={passphraseRequired} recover={profile.recover} onBack={() => setRecovering(false)} />
  return (
    <Gate title={t('profile.unlockTitle')} lead={needed ? t('profile.unlockLead') : t('profile.unlockKeyringLead')}>
      {task === null ? null : <TaskView brief task={task} tasks={tasks} />}
      <form ref={form} className={css['form']} onSubmit={(event) => void submit(event)} noValidate>
        {needed ? (
          <PassphraseField
            autoFocus={autoFocus}
            name="passphrase"
            value={passphrase}
            onChange={(event) => change(event.target.value)}
            error={problem}
          />
        ) : null}
        {!needed && problem !== null ? <ErrorLine text={problem} /> : null}
        <Button type="submit" name="unlock" tone="primary" wide disabled={busy}>
          {busy ? t('profile.unlocking') : t('profile.unlock')}
        </Button>
        {recovery ? (
          <Button name="recover" tone="quiet" wide disabled={busy} onClick={() => setRecovering(true)}>
            {t('recover.button')}
          </Button>
        ) : null}
      </form>
    </Gate>
  )
}
