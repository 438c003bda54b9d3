import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { ProfileStatus } from '../../../shared/domain/models.ts'
import type { Task } from '../../../shared/domain/tasks.ts'
import type { Client } from '../../bridge/client.ts'
import { Button } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { TaskView } from '../../components/task-view.tsx'
import { latestOf } from '../../bridge/tasks-store.ts'
import type { TasksStore } from '../../bridge/tasks-store.ts'
import { Gate } from './gate.tsx'
import { noOpener, openerArgs, OpenerFields } from '../../components/opener-fields.tsx'
import type { Opener } from '../../components/opener-fields.tsx'
import type { ProfileStore } from './profile-store.ts'
import { Restore } from './restore.tsx'
import css from './gate.module.css'

interface UnreadableProps {
  status: Extract<ProfileStatus, { kind: 'unreadable' }>
  profile: ProfileStore
  client: Client
  tasks: TasksStore
}

/** A check that failed for want of something that opens the profile can be tried again with it. */
const WANTS_OPENER = new Set(['wrong-passphrase', 'wrong-recovery-phrase', 'passphrase-required', 'locked'])
const wantsOpener = (task: Task | null): boolean => task?.state.kind === 'failed' && WANTS_OPENER.has(task.state.code)

/** Nothing went wrong yet: it only has to be told what opens the profile. */
const isQuestion = ({ state }: Task): boolean => state.kind === 'failed' && state.code === 'passphrase-required'

/** The profile exists and cannot be opened: says what is known, offers what mends it, and nothing that could lose it. */
export function Unreadable({ status, profile, client, tasks }: UnreadableProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [restoring, setRestoring] = useState(false)
  const [opener, setOpener] = useState<Opener | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const task = useStore(tasks.store, (state) => latestOf(state, ['check', 'repair']))
  const running = task?.state.kind === 'running'
  const retry = () => void profile.reopen()

  const examine = async () => {
    if (task !== null) tasks.dismiss(task.taskId)
    const error = await tasks.begin('doctor.run', { repair: status.repairable, ...openerArgs(opener ?? noOpener) })
    if (error !== null && WANTS_OPENER.has(error.code)) setOpener(opener ?? noOpener)
    setProblem(error === null ? null : words(error))
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    void examine()
  }
  const back = () => {
    setRestoring(false)
    retry()
  }
  if (restoring) return <Restore client={client} tasks={tasks} broken onDone={retry} onBack={back} />
  const asks = opener !== null || wantsOpener(task)
  const check = (
    <Button type="submit" tone={status.repairable ? 'primary' : 'plain'} wide disabled={running}>
      {status.repairable ? t('profile.checkAndRepair') : t('profile.checkOnly')}
    </Button>
  )
  return (
    <Gate title={t('profile.unreadableTitle')} lead={t('profile.unreadableLead')}>
      <p className={css['reason']} dir="auto">
        {status.reason}
      </p>
      <p className={css['lead']}>{status.repairable ? t('profile.unreadableRepair') : t('profile.unreadableRemedy')}</p>
      {task === null || isQuestion(task) ? null : <TaskView task={task} tasks={tasks} />}
      <form className={css['form']} onSubmit={submit} noValidate>
        {asks && !running ? (
          <>
            <p className={css['lead']}>{t('profile.repairOpener')}</p>
            <OpenerFields autoFocus opener={opener ?? noOpener} onChange={setOpener} error={problem} />
          </>
        ) : null}
        {!asks && problem !== null ? <ErrorLine text={problem} /> : null}
        <div className={css['choices']}>
          {status.repairable ? check : null}
          <Button tone={status.repairable ? 'plain' : 'primary'} wide disabled={running} onClick={retry}>
            {t('app.tryAgain')}
          </Button>
          {status.repairable ? null : check}
          <Button tone="quiet" wide disabled={running} onClick={() => setRestoring(true)}>
            {t('restore.button')}
          </Button>
        </div>
      </form>
    </Gate>
  )
}

/** The node answered with an error before it could say anything of a profile. */
export function CannotStart({ reason, retry }: { reason: string; retry: () => void }) {
  const { t } = useTranslation()
  return (
    <Gate title={t('app.cannotStart')} lead={reason}>
      <Button tone="primary" onClick={retry}>
        {t('app.tryAgain')}
      </Button>
    </Gate>
  )
}
