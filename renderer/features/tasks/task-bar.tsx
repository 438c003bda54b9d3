import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Task } from '../../../shared/domain/tasks.ts'
import { Button } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { Progress } from '../../components/progress.tsx'
import { shareDone, taskWords } from '../../components/task-words.ts'
import type { TasksStore } from '../../bridge/tasks-store.ts'
import css from './task-bar.module.css'

interface TaskBarProps {
  tasks: TasksStore
  /** Opens the place where this task is shown in full. */
  onShow: (task: Task) => void
}

/** At the foot of the window while its place is closed: what goes on, and how it ended. */
export function TaskBar({ tasks, onShow }: TaskBarProps) {
  const { t, i18n } = useTranslation()
  const errorWords = useErrorWords()
  const task = useStore(tasks.store, (state) => state.tasks.find((known) => known.state.kind === 'running') ?? state.tasks[0])
  if (task === undefined) return null
  const words = taskWords(t, i18n.language, task, errorWords)
  const running = task.state.kind === 'running'
  return (
    <div className={css['bar']}>
      <span role="status" aria-label={t('tasks.label')} className={css['barWords']} title={words}>
        {words}
      </span>
      {running ? (
        <div className={css['progress']}>
          <Progress label={t('tasks.progress')} share={shareDone(task)} />
        </div>
      ) : null}
      {/* What was restored is what the window shows already. */}
      {task.kind === 'restore' ? null : (
        <Button tone="quiet" onClick={() => onShow(task)}>
          {t('tasks.show')}
        </Button>
      )}
      {running ? null : (
        <Button tone="quiet" onClick={() => tasks.dismiss(task.taskId)}>
          {t('tasks.dismiss')}
        </Button>
      )}
    </div>
  )
}
