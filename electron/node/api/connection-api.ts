import type { Api } from '../../../shared/ipc/contract.ts'
import { testConnection } from '../connection-test/test-connection.ts'
import type { ApiContext } from './context.ts'

export const connectionApi = ({ open, tasks, options }: ApiContext) =>
  ({
    // While a network starts it would look like one that is lost.
    'connection.status': async () => {
      const { messenger } = open()
      await messenger.networkTried
      return messenger.connection()
    },
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
      await messenger.networkTried
      const parts = { store, network, clock: options.clock, mailboxes: () => mailboxes.status() }
      return tasks.start('connection', async (work) => ({ kind: 'connection', findings: await testConnection(parts, work) }))
    },
  }) satisfies Partial<Api>
