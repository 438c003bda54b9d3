import type { PeerId } from '../../../shared/domain/ids.ts'
import { silentLogger, type Logger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import { SessionNetwork } from '../../network/sessions/session-network.ts'
import type { NetworkHarness } from '../contracts/network/harness.ts'
import { FakeClock } from '../fakes/fake-clock.ts'
import { TransportHub } from '../fakes/memory-transport.ts'

/** Real sessions over a transport in memory, under a clock that tests move and with jitter that is always one half. */
export interface MemorySessions extends NetworkHarness {
  clock: FakeClock
  hub: TransportHub
  /** What was logged, as JSON. */
  log: string[]
}

const peerIds = Array.from('abcdefghijkmnop', (letter) => `12D3KooW${letter.repeat(44)}` as PeerId)
const lastPeerId = `12D3KooW${'z'.repeat(44)}` as PeerId

export function createMemorySessions(): MemorySessions {
  const clock = new FakeClock()
  const hub = new TransportHub()
  const log: string[] = []
  const write: Logger['info'] = (event, fields) => log.push(JSON.stringify({ event, ...fields }))
  const logger: Logger = { ...silentLogger, info: write, warn: write, child: () => logger }
  const random = { ...systemRandom, fraction: () => 0.5 }
  const networks: SessionNetwork[] = []
  return {
    clock,
    hub,
    log,
    create: async (handlers, like) => {
      const transport = hub.transport(like?.localPeer ?? peerIds[networks.length] ?? lastPeerId)
      const network = new SessionNetwork({ handlers, transport, clock, random, logger, discovers: true })
      networks.push(network)
      await network.start()
      return network
    },
    dispose: async () => {
      await Promise.all(networks.map((network) => network.stop()))
    },
  }
}

/** Lets everything run that needs no time to pass. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
