import { Check, CircleAlert, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { DoctorCheck, Task } from '../../shared/domain/tasks.ts'
import { Button, IconButton } from './button.tsx'
import { useErrorWords } from './error-words.ts'
import { Progress } from './progress.tsx'
import { checksOf, failuresOf, fileOf, shareDone, taskWords } from './task-words.ts'
import type { TasksStore } from '../bridge/tasks-store.ts'
import css from './tasks.module.css'

interface TaskViewProps {
  task: Task
  tasks: TasksStore
  /** Where something else is to be done: what was in order is shown to whoever asks. */
  brief?: boolean
}

/** A task where it was begun: how far it is, then how it ended. */
export function TaskView({ task, tasks, brief = false }: TaskViewProps) {
  const { t, i18n } = useTranslation()
  const errorWords = useErrorWords()
  const words = taskWords(t, i18n.language, task, errorWords)
  if (task.state.kind === 'running') {
    return (
      <div className={css['task']}>
        <div className={css['line']}>
          <span className={css['words']}>{words}</span>
          <Button onClick={() => void tasks.cancel(task.taskId)}>{t('tasks.cancel')}</Button>
        </div>
        <Progress label={words} share={shareDone(task)} />
      </div>
    )
  }
  const file = fileOf(task)
  const checks = checksOf(task)
  const bad = task.state.kind === 'failed' || checks.some(({ ok }) => !ok) || failuresOf(task) > 0
  return (
    <div className={css['task']} data-kind={bad ? 'failed' : task.state.kind}>
      <div className={css['line']}>
        <Sign bad={bad} done={task.state.kind === 'done'} />
        <span className={css['words']} role={bad ? 'alert' : 'status'}>
          {words}
        </span>
        <IconButton small label={t('tasks.dismiss')} icon={<X size={14} strokeWidth={1.75} />} onClick={() => tasks.dismiss(task.taskId)} />
      </div>
      {file === null ? null : (
        <p className={css['file']} dir="auto">
          {file}
        </p>
      )}
      {checks.length === 0 ? null : brief ? <BriefChecks checks={checks} /> : <Checks checks={checks} />}
    </div>
  )
}

function Sign({ bad, done }: { bad: boolean; done: boolean }) {
  if (bad) return <CircleAlert className={css['bad']} size={16} strokeWidth={1.75} aria-hidden />
  return done ? <Check className={css['good']} size={16} strokeWidth={1.75} aria-hidden /> : null
}

const WORDS = ['tasks.checkBad', 'tasks.checkNote', 'tasks.checkOk'] as const
const rank = ({ ok, warning }: DoctorCheck): number => (!ok ? 0 : warning === true ? 1 : 2)

/** What a check looked at, one line each. What is not in order comes first, then what could be better. */
function Checks({ checks }: { checks: readonly DoctorCheck[] }) {
  const { t } = useTranslation()
  const sorted = [...checks].sort((a, b) => rank(a) - rank(b))
  return (
    <ul className={css['checks']} aria-label={t('tasks.checks')}>
      {sorted.map((check) => (
        <li key={check.name} className={css['check']}>
          <Sign bad={rank(check) < 2} done />
          <span>
            <span className="sr-only">{`${t(WORDS[rank(check)] ?? 'tasks.checkOk')}: `}</span>
            {check.detail}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** What is not in order, and what a repair did; the rest folded away. */
function BriefChecks({ checks }: { checks: readonly DoctorCheck[] }) {
  const { t } = useTranslation()
  const tells = ({ name, ok, warning }: DoctorCheck): boolean => !ok || warning === true || name === 'repair'
  const rest = checks.filter((check) => !tells(check))
  return (
    <>
      {checks.filter(tells).map(({ name, detail }) => (
        <p key={name}>{detail}</p>
      ))}
      {rest.length === 0 ? null : (
        <details>
          <summary className={css['more']}>{t('tasks.checks')}</summary>
          <Checks checks={rest} />
        </details>
      )}
    </>
  )
}
