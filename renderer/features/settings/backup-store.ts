import { createStore } from 'zustand/vanilla'
import type { BackupSchedule, BackupStatus } from '../../../shared/domain/tasks.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { Client } from '../../bridge/client.ts'
import type { Loadable } from '../../bridge/follow.ts'

export interface BackupState {
  status: Loadable<BackupStatus>
}

/** Where the profile is, and what there is to restore it from. Asked for whenever somebody looks. */
export function createBackupStore(client: Client) {
  const store = createStore<BackupState>(() => ({ status: { kind: 'loading' } }))
  return {
    store,
    load: async (): Promise<void> => {
      const result = await client.call('backup.status', {})
      store.setState({ status: result.ok ? { kind: 'ready', value: result.value } : { kind: 'failed', error: result.error } })
    },
    setSchedule: async (schedule: BackupSchedule | null): Promise<CodedError | null> => {
      const result = await client.call('backup.setSchedule', { schedule })
      if (!result.ok) return result.error
      store.setState({ status: { kind: 'ready', value: result.value } })
      return null
    },
  }
}

export type BackupStore = ReturnType<typeof createBackupStore>
