import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Channel } from '../../../shared/domain/models.ts'
import type { Client } from '../../bridge/client.ts'
import { Button } from '../../components/button.tsx'
import { channelName } from '../../components/channel-name.ts'
import { Dialog } from '../../components/dialog.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { RadioList } from '../../components/radio-list.tsx'
import { plainName } from '../../components/safe-text.ts'
import { isoDate } from '../../i18n/format.ts'
import { TaskView } from '../../components/task-view.tsx'
import { latestOf } from '../../bridge/tasks-store.ts'
import type { TasksStore } from '../../bridge/tasks-store.ts'
import css from './channel-dialog.module.css'

interface ExportChannelProps {
  channel: Channel
  client: Client
  tasks: TasksStore
  onClose: () => void
}

const formats = ['html', 'json'] as const

/** A name that every file system takes. */
const fileName = (channel: string, day: string, format: string): string =>
  `${
    plainName(channel)
      .replace(/[^\p{Letter}\p{Number} _-]+/gu, '')
      .trim() || 'channel'
  } ${day}.${format}`

/** Everything said in a channel as one file, with a word on what that means. */
export function ExportChannel({ channel, client, tasks, onClose }: ExportChannelProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [format, setFormat] = useState<(typeof formats)[number]>('html')
  const [problem, setProblem] = useState<string | null>(null)
  const task = useStore(tasks.store, (state) => latestOf(state, ['export']))
  const running = task?.state.kind === 'running'

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (running) return
    const name = fileName(channel.name, isoDate(client.now()), format)
    const file = await client.chooseFile({ purpose: format === 'html' ? 'save-html' : 'save-json', name })
    if (file === null) return
    if (task !== null) tasks.dismiss(task.taskId)
    const error = await tasks.begin('export.channel', { channelId: channel.channelId, format, file })
    setProblem(error === null ? null : words(error))
  }
  return (
    <Dialog title={t('export.title', { channel: channelName(channel) })} onClose={onClose}>
      <form className={css['form']} onSubmit={(event) => void submit(event)}>
        <p className={css['text']}>{t('export.what')}</p>
        <RadioList
          legend={t('export.format')}
          value={format}
          choices={formats.map((value) => ({ value, label: t(`export.${value}`) }))}
          onChange={(value) => setFormat(value === 'json' ? 'json' : 'html')}
        />
        <p className={css['warning']}>{t('export.warning')}</p>
        {task === null ? null : <TaskView task={task} tasks={tasks} />}
        {problem === null ? null : <ErrorLine text={problem} />}
        <div className={css['actions']}>
          <Button onClick={onClose}>{task === null ? t('app.cancel') : t('app.close')}</Button>
          <Button type="submit" tone="primary" disabled={running}>
            {t('export.start')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
