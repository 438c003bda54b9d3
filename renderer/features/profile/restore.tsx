import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Client } from '../../bridge/client.ts'
import { Button } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine, Hint } from '../../components/field.tsx'
import { TaskView } from '../../components/task-view.tsx'
import { latestOf } from '../../bridge/tasks-store.ts'
import type { TasksStore } from '../../bridge/tasks-store.ts'
import { Gate } from './gate.tsx'
import { noOpener, openerArgs, OpenerFields } from '../../components/opener-fields.tsx'
import css from './gate.module.css'

interface RestoreProps {
  client: Pick<Client, 'chooseFile'>
  tasks: TasksStore
  /** Whether something that cannot be read is here already: then a backup is only looked at, and the way to restore it is told. */
  broken: boolean
  onDone: () => void
  onBack: () => void
}

/** Brings a profile back from a backup file: choose it, open it, watch it come back. */
export function Restore({ client, tasks, broken, onDone, onBack }: RestoreProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [file, setFile] = useState<string | null>(null)
  const [opener, setOpener] = useState(noOpener)
  const [problem, setProblem] = useState<string | null>(null)
  const kind = broken ? 'verify' : 'restore'
  const task = useStore(tasks.store, (state) => latestOf(state, [kind]))
  const running = task?.state.kind === 'running'

  const choose = async () => {
    const chosen = await client.chooseFile({ purpose: 'open-backup', name: '' })
    if (chosen === null) return
    setFile(chosen)
    setProblem(null)
    if (task !== null) tasks.dismiss(task.taskId)
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (file === null || running) return
    if (task !== null) tasks.dismiss(task.taskId)
    const error = await tasks.begin(broken ? 'backup.verify' : 'backup.restore', { file, ...openerArgs(opener) })
    setProblem(error === null ? null : words(error))
  }
  if (task?.state.kind === 'done' && !broken) {
    return (
      <Gate title={t('restore.title')} lead={t('restore.after')}>
        <div className={css['form']}>
          <TaskView task={task} tasks={tasks} />
          <Button tone="primary" wide onClick={onDone}>
            {t('restore.open')}
          </Button>
        </div>
      </Gate>
    )
  }
  return (
    <Gate title={t('restore.title')} lead={broken ? t('restore.leadBroken') : t('restore.lead')}>
      <form className={css['form']} onSubmit={(event) => void submit(event)} noValidate>
        {broken ? <Steps /> : null}
        <div className={css['file']}>
          {file === null ? null : (
            <p className={css['path']} dir="auto" aria-label={t('restore.file')}>
              {file}
            </p>
          )}
          <Button data-autofocus tone={file === null ? 'primary' : 'plain'} wide disabled={running} onClick={() => void choose()}>
            {file === null ? t('restore.choose') : t('restore.chooseOther')}
          </Button>
        </div>
        {file === null || running ? null : <OpenerFields key={file} autoFocus opener={opener} onChange={setOpener} error={problem} />}
        {file === null && problem !== null ? <ErrorLine text={problem} /> : null}
        {task === null ? null : <TaskView task={task} tasks={tasks} />}
        {file === null || running ? null : (
          <Button type="submit" tone="primary" wide>
            {broken ? t('backup.verifyButton') : t('restore.restore')}
          </Button>
        )}
        {running ? null : (
          <Button tone="quiet" wide onClick={onBack}>
            {t('restore.back')}
          </Button>
        )}
        {broken ? null : <Hint>{t('restore.after')}</Hint>}
      </form>
    </Gate>
  )
}

/** A backup never takes the place of what is there: how to make place for it by hand. */
function Steps() {
  const { t } = useTranslation()
  return (
    <ol className={css['steps']}>
      <li>{t('restore.steps.verify')}</li>
      <li>{t('restore.steps.move')}</li>
      <li>{t('restore.steps.start')}</li>
    </ol>
  )
}
