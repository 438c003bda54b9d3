import { useEffect } from 'react'
import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Profile } from '../../../shared/domain/models.ts'
import type { Client } from '../../bridge/client.ts'
import { IconButton } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { fileSize, longDateAndTime } from '../../i18n/format.ts'
import { latestOf } from '../../bridge/tasks-store.ts'
import type { TasksStore } from '../../bridge/tasks-store.ts'
import { BackupSection } from './backup-section.tsx'
import type { BackupStore } from './backup-store.ts'
import { CheckSection } from './check-section.tsx'
import { ScheduleSection } from './schedule-section.tsx'
import { Section } from './section.tsx'
import css from './settings.module.css'

interface DataPageProps {
  profile: Profile
  client: Client
  backup: BackupStore
  tasks: TasksStore
}

/** Where everything is, and how not to lose it. */
export function DataPage({ profile, client, backup, tasks }: DataPageProps) {
  const { t } = useTranslation()
  const status = useStore(backup.store, (state) => state.status)
  const made = useStore(tasks.store, (state) => latestOf(state, ['backup'])?.state.kind)
  useEffect(() => {
    // When one was made, there is a new last one.
    if (made !== 'running') void backup.load()
  }, [backup, made])
  return (
    <>
      {status.kind === 'failed' ? (
        <Notice text={t('backup.loadFailed')} action={t('app.tryAgain')} onAction={() => void backup.load()} />
      ) : null}
      <BackupSection profile={profile} client={client} status={status.kind === 'ready' ? status.value : null} tasks={tasks} />
      {status.kind === 'ready' ? (
        <ScheduleSection schedule={status.value.schedule} chooseFile={client.chooseFile} setSchedule={backup.setSchedule} />
      ) : null}
      <CheckSection tasks={tasks} />
      {status.kind === 'ready' ? (
        <>
          <Snapshots snapshots={status.value.snapshots} />
          <Folder folder={status.value.dataFolder} copyText={client.copyText} />
        </>
      ) : null}
    </>
  )
}

function Snapshots({ snapshots }: { snapshots: readonly { at: number; bytes: number }[] }) {
  const { t, i18n } = useTranslation()
  return (
    <Section title={t('backup.snapshots')} text={snapshots.length === 0 ? t('backup.snapshotsNone') : t('backup.snapshotsWhat')}>
      {snapshots.length === 0 ? null : (
        <ul className={css['snapshots']} aria-label={t('backup.snapshots')}>
          {snapshots.map(({ at, bytes }) => (
            <li key={at}>{t('backup.snapshot', { time: longDateAndTime(i18n.language, at), size: fileSize(i18n.language, bytes) })}</li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Folder({ folder, copyText }: { folder: string; copyText: (text: string) => Promise<boolean> }) {
  const { t } = useTranslation()
  return (
    <Section title={t('backup.where')} text={t('backup.whereWhat')}>
      <div className={css['path']} dir="auto">
        <span>{folder}</span>
        <IconButton
          small
          label={t('backup.copyFolder')}
          icon={<Copy size={14} strokeWidth={1.75} />}
          onClick={() => void copyText(folder)}
        />
      </div>
    </Section>
  )
}
