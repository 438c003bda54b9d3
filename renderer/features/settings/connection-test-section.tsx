import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Connection } from '../../../shared/domain/models.ts'
import { latestOf } from '../../bridge/tasks-store.ts'
import type { TasksStore } from '../../bridge/tasks-store.ts'
import { Button } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { TaskView } from '../../components/task-view.tsx'
import { ConnectionFindings } from './connection-findings.tsx'
import type { ReachStore } from './reach-store.ts'
import { Reached } from './reached.tsx'
import { Section } from './section.tsx'
import css from './settings.module.css'

interface ConnectionTestSectionProps {
  /** Null while the node has said nothing of it yet. */
  connection: Connection | null
  tasks: TasksStore
  /** What is tested. */
  reach: ReachStore
}

/** Whether others reach this device, as far as is known; and a test that tries it out and names what is wrong. */
export function ConnectionTestSection({ connection, tasks, reach }: ConnectionTestSectionProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [problem, setProblem] = useState<string | null>(null)
  const task = useStore(tasks.store, (state) => latestOf(state, ['connection']))
  const running = task?.state.kind === 'running'
  useEffect(
    () =>
      reach.store.subscribe((now, before) => {
        if (before.reach !== null && JSON.stringify(now.reach) !== JSON.stringify(before.reach)) forget(tasks)
      }),
    [reach, tasks],
  )
  const run = async () => {
    if (task !== null) tasks.dismiss(task.taskId)
    const error = await tasks.begin('connection.test', {})
    setProblem(error === null ? null : words(error))
  }
  const found = task?.state.kind === 'done' && task.state.result.kind === 'connection' ? task.state.result.findings : null
  return (
    <Section title={t('reached.title')}>
      {connection === null ? <p className={css['text']}>{t('connection.starting')}</p> : <Reached connection={connection} />}
      {task === null ? null : <TaskView task={task} tasks={tasks} />}
      {found === null ? null : <ConnectionFindings findings={found} />}
      <div className={css['buttons']}>
        <Button disabled={running} onClick={() => void run()}>
          {found === null ? t('connectionTest.button') : t('connectionTest.again')}
        </Button>
      </div>
      {problem === null ? null : <ErrorLine text={problem} />}
    </Section>
  )
}

/** What was found says nothing any more once something else was chosen, nor will what is being looked for. */
function forget(tasks: TasksStore): void {
  const task = latestOf(tasks.store.getState(), ['connection'])
  if (task?.state.kind === 'running') void tasks.cancel(task.taskId)
  else if (task !== null) tasks.dismiss(task.taskId)
}
