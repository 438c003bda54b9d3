import { createStore } from 'zustand/vanilla'
import type { Settings } from '../../../shared/domain/models.ts'
import { usualSettings } from '../../../shared/domain/usual-settings.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { Client } from '../../bridge/client.ts'

export interface SettingsState {
  settings: Settings
}

/** Follows the system until the node has said what was chosen. */
export function createSettingsStore(client: Client) {
  const store = createStore<SettingsState>(() => ({ settings: usualSettings }))
  return {
    store,
    /** Follows what is chosen elsewhere, so that it is not put back by what is chosen here. */
    start: () => client.on('settings.changed', (settings) => store.setState({ settings })),
    load: async (): Promise<void> => {
      const result = await client.call('settings.get', {})
      if (result.ok) store.setState({ settings: result.value })
    },
    /** Changes part of them. */
    set: async (part: Partial<Settings>): Promise<CodedError | null> => {
      const result = await client.call('settings.set', { ...store.getState().settings, ...part })
      if (!result.ok) return result.error
      store.setState({ settings: result.value })
      return null
    },
  }
}

export type SettingsStore = ReturnType<typeof createSettingsStore>
