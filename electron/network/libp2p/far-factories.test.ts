import type { ConnectionManager } from '@libp2p/interface-internal'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import { dialsAnew } from './far-factories.ts'

it('has AutoNAT try an address by a connection of its own, which it may close, and leaves other dials as they are', async () => {
  const asked: unknown[] = []
  const connectionManager = {
    openConnection: async (_target: unknown, options: unknown) => void asked.push(options),
    getConnections: () => ['open'],
  } as unknown as ConnectionManager
  const wrapped = dialsAnew({ connectionManager, other: 7 })
  const address = multiaddr('/ip4/5.9.7.2/tcp/4001')
  await wrapped.connectionManager.openConnection(address, { priority: 3 })
  await wrapped.connectionManager.openConnection([address])
  expect(asked).toEqual([{ priority: 3, force: true }, { force: false }])
  expect([wrapped.connectionManager.getConnections(), wrapped.other]).toEqual([['open'], 7])
})
