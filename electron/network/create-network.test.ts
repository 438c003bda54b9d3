import { systemClock } from '../kernel/clock.ts'
import { silentLogger } from '../kernel/logger.ts'
import { systemRandom } from '../kernel/random.ts'
import type { Network } from '../ports/network.ts'
import { networkContract, type NetworkHarness } from '../testing/contracts/network-contract.ts'
import { createNetwork, generateTransportKey, type Libp2pNetwork, type NetworkOptions } from './create-network.ts'

/** Real libp2p over the loopback interface. */
function createHarness(): NetworkHarness {
  const made = new Map<Network, { network: Libp2pNetwork; options: NetworkOptions }>()
  const firstOptions = (): NetworkOptions => ({
    key: generateTransportKey(systemRandom),
    loopbackOnly: true,
    mdns: false,
    webrtc: false,
    tcpPort: 0,
    endpoint: null,
  })
  return {
    create: async (handlers, like) => {
      const before = like && made.get(like)
      const options = before === undefined ? firstOptions() : { ...before.options, endpoint: before.network.endpoint() }
      const network = await createNetwork({ handlers, clock: systemClock, random: systemRandom, logger: silentLogger }, options)
      made.set(network, { network, options })
      await network.start()
      return network
    },
    dispose: async () => {
      await Promise.all([...made.keys()].map((network) => network.stop()))
    },
  }
}

networkContract('libp2p over loopback TCP', createHarness)
