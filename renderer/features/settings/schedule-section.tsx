import { useState } from 'react'
import { Check } from 'lucide-react'
import { Checkbox } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import type { BackupSchedule } from '../../../shared/domain/tasks.ts'
import type { Client } from '../../bridge/client.ts'
import { Button } from '../../components/button.tsx'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import type { BackupStore } from './backup-store.ts'
import { Choice } from './choice.tsx'
import css from './settings.module.css'

const everyDays = [1, 7, 30] as const
const keepFiles = [2, 5, 10, 30] as const
const usual = { everyDays: 7, keep: 5 } as const

/** What was set elsewhere stays among the choices. */
const withCurrent = (choices: readonly number[], current: number): number[] => [...new Set([...choices, current])].sort((a, b) => a - b)

interface ScheduleSectionProps {
  schedule: BackupSchedule | null
  chooseFile: Client['chooseFile']
  setSchedule: BackupStore['setSchedule']
}

/** Backups that make themselves: where to, how often, how many. */
export function ScheduleSection({ schedule, chooseFile, setSchedule }: ScheduleSectionProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [problem, setProblem] = useState<string | null>(null)
  const set = async (next: BackupSchedule | null) => {
    const error = await setSchedule(next)
    setProblem(error === null ? null : words(error))
  }
  const chooseFolder = async () => {
    const folder = await chooseFile({ purpose: 'backup-folder', name: '' })
    if (folder !== null) await set({ ...(schedule ?? usual), folder })
  }
  return (
    <div className={css['form']}>
      <div>
        <label className={css['choice']}>
          <Checkbox.Root
            className={css['box']}
            checked={schedule !== null}
            onCheckedChange={(checked) => void (checked === true ? chooseFolder() : set(null))}
          >
            <Checkbox.Indicator className={css['tick']}>
              <Check size={14} strokeWidth={2.25} aria-hidden />
            </Checkbox.Indicator>
          </Checkbox.Root>
          {t('backup.scheduled')}
        </label>
        <p className={css['under']}>{t('backup.scheduledWhat')}</p>
      </div>
      {schedule === null ? null : (
        <div className={css['indented']}>
          <div className={css['pick']}>
            <span>
              {t('backup.scheduleFolder')}{' '}
              <span className={css['inlinePath']} dir="auto">
                {schedule.folder}
              </span>
            </span>
            <Button onClick={() => void chooseFolder()}>{t('backup.chooseFolder')}</Button>
          </div>
          <Choice
            label={t('backup.every')}
            value={String(schedule.everyDays)}
            choices={withCurrent(everyDays, schedule.everyDays).map((count) => ({
              value: String(count),
              label: t('backup.everyDays', { count }),
            }))}
            onChange={(value) => set({ ...schedule, everyDays: Number(value) })}
          />
          <Choice
            label={t('backup.keep')}
            value={String(schedule.keep)}
            choices={withCurrent(keepFiles, schedule.keep).map((count) => ({
              value: String(count),
              label: t('backup.keepFiles', { count }),
            }))}
            onChange={(value) => set({ ...schedule, keep: Number(value) })}
          />
        </div>
      )}
      {problem === null ? null : <ErrorLine text={problem} />}
    </div>
  )
}
