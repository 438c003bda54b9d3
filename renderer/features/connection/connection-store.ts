import { createStore } from 'zustand/vanilla'
import type { Connection } from '../../../shared/domain/models.ts'
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
    retry: () => void client.call('connection.retry', {}),
  }
}

export type ConnectionStore = ReturnType<typeof createConnectionStore>
