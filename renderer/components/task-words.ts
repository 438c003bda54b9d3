import type { TFunction } from 'i18next'
import type { ConnectionCheck } from '../../shared/domain/connection-check.ts'
import type { CodedError } from '../../shared/ipc/error-codes.ts'
import type { DoctorCheck, Task, TaskResult } from '../../shared/domain/tasks.ts'
import { fileSize, longDateAndTime } from '../i18n/format.ts'

/** How far a task is, from 0 to 1; null while nobody knows. */
export function shareDone({ state }: Task): number | null {
  if (state.kind !== 'running' || state.total === null || state.total <= 0) return null
  return Math.min(1, Math.max(0, state.done / state.total))
}

/** A task in one sentence: what goes on, or how it ended. */
export function taskWords(t: TFunction, language: string, task: Task, errorWords: (error: CodedError) => string): string {
  switch (task.state.kind) {
    case 'running':
      return t(`tasks.running.${task.kind}`)
    case 'cancelled':
      return t(`tasks.cancelled.${task.kind}`)
    case 'failed':
      // What is not there is a file or a folder, and the node says which.
      return `${t(`tasks.failed.${task.kind}`)} ${task.state.code === 'not-found' ? task.state.message : errorWords(task.state)}`
    case 'done':
      return resultWords(t, language, task.state.result)
  }
}

const failures = (findings: readonly ConnectionCheck[]): number => findings.filter(({ status }) => status === 'failed').length

const notInOrder = (checks: readonly DoctorCheck[]): number => checks.filter(({ ok }) => !ok).length

function resultWords(t: TFunction, language: string, result: TaskResult): string {
  switch (result.kind) {
    case 'backup':
      return t('tasks.backupDone', { ...counts(t, result), size: fileSize(language, result.bytes) })
    case 'verify':
      return t('tasks.verifyDone', {
        ...counts(t, result),
        size: fileSize(language, result.bytes),
        time: longDateAndTime(language, result.createdAt),
      })
    case 'restore':
      return t('tasks.restoreDone', counts(t, result))
    case 'export':
      return t('tasks.exportDone', { messages: t('tasks.messages', { count: result.messages }) })
    case 'check': {
      const count = notInOrder(result.checks)
      return count === 0 ? t('tasks.checkDone') : t('tasks.checkFound', { count })
    }
    case 'repair': {
      const count = notInOrder(result.checks)
      return count === 0 ? t('tasks.repairDone') : t('tasks.repairLeft', { count })
    }
    case 'connection': {
      const failed = failures(result.findings)
      if (failed > 0) return t('tasks.connectionFound', { count: failed })
      return result.findings.some(({ status }) => status === 'warning') ? t('tasks.connectionNotes') : t('tasks.connectionDone')
    }
  }
}

const counts = (t: TFunction, { messages, spaces }: { messages: number; spaces: number }) => ({
  messages: t('tasks.messages', { count: messages }),
  spaces: t('tasks.spaces', { count: spaces }),
})

/** The file that a finished task wrote or read; null when it has none to show. */
export const fileOf = ({ state }: Task): string | null => (state.kind === 'done' && 'file' in state.result ? state.result.file : null)

/** What a finished check or repair looked at. */
export const checksOf = ({ state }: Task): readonly DoctorCheck[] =>
  state.kind === 'done' && 'checks' in state.result ? state.result.checks : []

/** So much of what a finished test of the connection found is not in order. */
export const failuresOf = ({ state }: Task): number =>
  state.kind === 'done' && state.result.kind === 'connection' ? failures(state.result.findings) : 0
