import type { AddressManager, ConnectionManager } from '@libp2p/interface-internal'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import { dialsAnew, tellsOpened } from './far-factories.ts'

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

it('says when a router has opened a port, once libp2p knows of it', () => {
  const known: unknown[] = []
  const addressManager = { addPublicAddressMapping: (...mapping: unknown[]) => void known.push(mapping) } as unknown as AddressManager
  const told: number[] = []
  const wrapped = tellsOpened({ addressManager, other: 7 }, () => told.push(known.length))
  wrapped.addressManager.addPublicAddressMapping('192.168.1.7', 4001, '5.9.7.7', 4001, 'tcp')
  expect([told, known, wrapped.other]).toEqual([[1], [['192.168.1.7', 4001, '5.9.7.7', 4001, 'tcp']], 7])
})
