import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Profile } from '../../../shared/domain/models.ts'
import type { BackupStatus, Task } from '../../../shared/domain/tasks.ts'
import type { Client } from '../../bridge/client.ts'
import { Button } from '../../components/button.tsx'
import { ChosenPassphrase, chosenProblems, noProblems, nothingChosen } from '../../components/chosen-passphrase.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { isoDate, longDateAndTime } from '../../i18n/format.ts'
import { noOpener, openerArgs, OpenerFields } from '../../components/opener-fields.tsx'
import { TaskView } from '../../components/task-view.tsx'
import { latestOf } from '../../bridge/tasks-store.ts'
import type { TasksStore } from '../../bridge/tasks-store.ts'
import { Section } from './section.tsx'
import css from './settings.module.css'

interface BackupSectionProps {
  profile: Profile
  client: Client
  /** Null while it is not known. */
  status: BackupStatus | null
  tasks: TasksStore
}

type Asking = { kind: 'nothing' } | { kind: 'passphrase' } | { kind: 'opener'; file: string }

const nothing: Asking = { kind: 'nothing' }

/** A file that this window chose is what the failed task was about: what opens it can be asked for. */
const wantsOpener = (task: Task | null): boolean =>
  task?.kind === 'verify' &&
  task.state.kind === 'failed' &&
  ['wrong-passphrase', 'wrong-recovery-phrase', 'passphrase-required', 'locked'].includes(task.state.code)

export function BackupSection({ profile, client, status, tasks }: BackupSectionProps) {
  const { t, i18n } = useTranslation()
  const words = useErrorWords()
  const [asking, setAsking] = useState<Asking>(nothing)
  const [verified, setVerified] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const task = useStore(tasks.store, (state) => latestOf(state, ['backup', 'verify']))
  const running = task?.state.kind === 'running'

  const begin: TasksStore['begin'] = async (method, args) => {
    if (task !== null && !running) tasks.dismiss(task.taskId)
    setAsking(nothing)
    const error = await tasks.begin(method, args)
    setProblem(error === null ? null : words(error))
    return error
  }
  const make = async (passphrase: string | null) => {
    const name = t('backup.fileName', { date: isoDate(client.now()) })
    const file = await client.chooseFile({ purpose: 'save-backup', name })
    if (file !== null) await begin('backup.create', { file, passphrase })
  }
  const verify = async () => {
    const file = await client.chooseFile({ purpose: 'open-backup', name: '' })
    if (file === null) return
    setVerified(file)
    await begin('backup.verify', { file })
  }
  const opensAnywhere = profile.passphrase || profile.recovery
  const opener = asking.kind === 'opener' ? asking.file : wantsOpener(task) ? verified : null
  return (
    <Section title={t('backup.title')} text={t('backup.what')}>
      {status === null ? null : (
        <p className={css['text']}>
          {status.last === null ? t('backup.none') : t('backup.last', { time: longDateAndTime(i18n.language, status.last.at) })}
          {status.last === null ? null : (
            <span className={css['file']} dir="auto">
              {status.last.file}
            </span>
          )}
        </p>
      )}
      {status?.problem == null ? null : <ErrorLine text={t('backup.problem', { reason: status.problem })} />}
      {asking.kind === 'passphrase' ? (
        <BackupPassphrase onChosen={(passphrase) => void make(passphrase)} onCancel={() => setAsking(nothing)} />
      ) : (
        <div className={css['buttons']}>
          <Button tone="primary" disabled={running} onClick={() => (opensAnywhere ? void make(null) : setAsking({ kind: 'passphrase' }))}>
            {t('backup.make')}
          </Button>
          <Button disabled={running} onClick={() => void verify()}>
            {t('backup.verify')}
          </Button>
        </div>
      )}
      {task === null ? null : <TaskView task={task} tasks={tasks} />}
      {opener === null ? null : (
        <VerifyOpener key={opener} file={opener} onChosen={(args) => void begin('backup.verify', { file: opener, ...args })} />
      )}
      {problem === null ? null : <ErrorLine text={problem} />}
    </Section>
  )
}

/** Where only the keyring of this computer opens the profile, the backup needs something that opens it elsewhere. */
function BackupPassphrase({ onChosen, onCancel }: { onChosen: (passphrase: string) => void; onCancel: () => void }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState(nothingChosen)
  const [problems, setProblems] = useState(noProblems)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const found = chosenProblems(t, chosen, true)
    setProblems(found)
    if (found.typed === null && found.again === null) onChosen(chosen.typed)
  }
  return (
    <form className={css['form']} onSubmit={submit} noValidate>
      <ChosenPassphrase
        autoFocus
        chosen={chosen}
        onChange={setChosen}
        problems={problems}
        required
        hint={t('backup.needsPassphrase')}
        labels={{ typed: t('backup.passphrase'), again: t('profile.passphraseAgain') }}
      />
      <div className={css['buttons']}>
        <Button type="submit" tone="primary">
          {t('backup.make')}
        </Button>
        <Button onClick={onCancel}>{t('app.cancel')}</Button>
      </div>
    </form>
  )
}

interface VerifyOpenerProps {
  file: string
  onChosen: (args: ReturnType<typeof openerArgs>) => void
}

function VerifyOpener({ file, onChosen }: VerifyOpenerProps) {
  const { t } = useTranslation()
  const [opener, setOpener] = useState(noOpener)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onChosen(openerArgs(opener))
  }
  return (
    <form className={css['form']} onSubmit={submit} noValidate>
      <p className={css['text']}>{t('backup.verifyOpener', { file })}</p>
      <OpenerFields autoFocus opener={opener} onChange={setOpener} error={null} />
      <div className={css['buttons']}>
        <Button type="submit" tone="primary">
          {t('backup.verifyButton')}
        </Button>
      </div>
    </form>
  )
}
