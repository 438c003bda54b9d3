import { createStore } from 'zustand/vanilla'
import type { Connection } from '../../../shared/domain/models.ts'
import type { Unmet } from '../../../shared/domain/unmet.ts'
import type { Client } from '../../bridge/client.ts'
import { follow } from '../../bridge/follow.ts'
import type { Loadable } from '../../bridge/follow.ts'

export interface ConnectionState {
  connection: Loadable<Connection>
}

export function createConnectionStore(client: Client) {
  const store = createStore<ConnectionState>(() => ({ connection: { kind: 'loading' } }))
  return {
    store,
    start: () =>
      follow<Connection>({
        load: () => client.call('connection.status', {}),
        subscribe: (listener) => client.on('connection.changed', listener),
        apply: (connection) => store.setState({ connection }),
      }),
    /** Takes them from what is told; the answer is the list without them. */
    dismiss: (unmet: readonly Unmet[]) => void client.call('connection.dismissUnmet', { unmetIds: unmet.map(({ unmetId }) => unmetId) }),
    retry: () => void client.call('connection.retry', {}),
  }
}

export type ConnectionStore = ReturnType<typeof createConnectionStore>
