import { createStore } from 'zustand/vanilla'
import type { Reach } from '../../../shared/domain/models.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { Client } from '../../bridge/client.ts'

export interface ReachState {
  /** Null while the node has not said it. */
  reach: Reach | null
}

/** By whom this device is found. */
export function createReachStore(client: Client) {
  const store = createStore<ReachState>(() => ({ reach: null }))
  return {
    store,
    load: async (): Promise<void> => {
      const result = await client.call('reach.get', {})
      if (result.ok) store.setState({ reach: result.value })
    },
    /** Changes part of it. */
    set: async (part: Partial<Reach>): Promise<CodedError | null> => {
      const { reach } = store.getState()
      if (reach === null) return null
      const result = await client.call('reach.set', { ...reach, ...part })
      if (!result.ok) return result.error
      store.setState({ reach: result.value })
      return null
    },
  }
}

export type ReachStore = ReturnType<typeof createReachStore>
