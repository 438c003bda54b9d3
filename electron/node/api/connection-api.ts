import type { Api } from '../../../shared/ipc/contract.ts'
import { testConnection } from '../connection-test/test-connection.ts'
import type { ApiContext } from './context.ts'

export const connectionApi = ({ open, tasks, options }: ApiContext) =>
  ({
    'connection.status': async () => open().messenger.connection(),
    'connection.retry': async () => {
      open().messenger.network.retryNow()
      return null
    },
    'connection.dismissUnmet': async ({ unmetIds }) => {
      open().messenger.dismissUnmet(unmetIds)
      return null
    },
    'connection.test': async () => {
      const { store, messenger } = open()
      const { network, mailboxes } = messenger
      const parts = { store, network, clock: options.clock, mailboxes: () => mailboxes.status() }
      return tasks.start('connection', async (work) => ({ kind: 'connection', findings: await testConnection(parts, work) }))
    },
  }) satisfies Partial<Api>
