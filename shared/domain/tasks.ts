import type { ErrorCode } from '../ipc/error-codes.ts'
import type { ConnectionCheck } from './connection-check.ts'
import type { TaskId } from './ids.ts'

/** One thing that a check of the profile looked at; `detail` is a sentence for a person, without names or text. */
export interface DoctorCheck {
  name: string
  ok: boolean
  /** Only with `ok`, where something could be better. */
  warning?: true
  detail: string
}

export type TaskKind = 'backup' | 'verify' | 'restore' | 'export' | 'check' | 'repair' | 'connection'

export type TaskResult =
  | { kind: 'backup'; file: string; bytes: number; spaces: number; messages: number }
  | { kind: 'verify'; file: string; createdAt: number; bytes: number; spaces: number; messages: number }
  | { kind: 'restore'; file: string; spaces: number; messages: number }
  | { kind: 'export'; file: string; messages: number }
  | { kind: 'check'; checks: DoctorCheck[] }
  | { kind: 'repair'; checks: DoctorCheck[] }
  | { kind: 'connection'; findings: ConnectionCheck[] }

export type TaskState =
  /** `done` of `total`, in whatever unit the work has; `total` is null while it is unknown. */
  | { kind: 'running'; done: number; total: number | null }
  | { kind: 'done'; result: TaskResult }
  | { kind: 'failed'; code: ErrorCode; message: string }
  | { kind: 'cancelled' }

/** Work that takes a while: it tells how far it is and can be cancelled. */
export interface Task {
  taskId: TaskId
  kind: TaskKind
  startedAt: number
  state: TaskState
}

export interface BackupSchedule {
  folder: string
  everyDays: number
  /** How many files to keep there. */
  keep: number
}

export interface BackupStatus {
  schedule: BackupSchedule | null
  /** The last one that was made and verified, by hand or by schedule. */
  last: { at: number; file: string } | null
  /** Why the last scheduled one failed; null when it did not. */
  problem: string | null
  /** Copies of the database that SpacePanda keeps in the profile folder for repairs; newest first. */
  snapshots: { at: number; bytes: number }[]
  /** Where the profile is. */
  dataFolder: string
}
