import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { Button } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { TaskView } from '../../components/task-view.tsx'
import { checksOf } from '../../components/task-words.ts'
import { latestOf } from '../../bridge/tasks-store.ts'
import type { TasksStore } from '../../bridge/tasks-store.ts'
import { Section } from './section.tsx'
import css from './settings.module.css'

/** Looks at everything the profile stands on; offers to mend what is not in order. */
export function CheckSection({ tasks }: { tasks: TasksStore }) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [problem, setProblem] = useState<string | null>(null)
  const task = useStore(tasks.store, (state) => latestOf(state, ['check', 'repair']))
  const running = task?.state.kind === 'running'
  const broken = task !== null && checksOf(task).some(({ ok }) => !ok)
  const run = async (repair: boolean) => {
    if (task !== null) tasks.dismiss(task.taskId)
    const error = await tasks.begin('doctor.run', { repair })
    setProblem(error === null ? null : words(error))
  }
  return (
    <Section title={t('backup.check')} text={t('backup.checkWhat')}>
      {task === null ? null : <TaskView task={task} tasks={tasks} />}
      {broken ? <p className={css['text']}>{t('backup.repairWhat')}</p> : null}
      <div className={css['buttons']}>
        {broken ? (
          <Button tone="primary" onClick={() => void run(true)}>
            {t('backup.repair')}
          </Button>
        ) : null}
        <Button disabled={running} onClick={() => void run(false)}>
          {t('backup.checkButton')}
        </Button>
      </div>
      {problem === null ? null : <ErrorLine text={problem} />}
    </Section>
  )
}
