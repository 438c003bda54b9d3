import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { expect, it } from 'vitest'
import { silentLogger } from '../../kernel/logger.ts'
import { seededRandom } from '../../testing/mls/seeded.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { settle } from '../../testing/network/memory-sessions.ts'
import { readRelayAddress } from './relay-address.ts'
import { RelayKeeper, type RelayKeeperComponents } from './relay-keeper.ts'

/** Of libp2p's list of places, what the keeper asks of it; each question is answered by the test. */
class Places extends EventTarget {
  readonly asked: PromiseWithResolvers<null>[] = []
  readonly hasReservation = (): boolean => false
  addRelay(): Promise<null> {
    const answer = Promise.withResolvers<null>()
    this.asked.push(answer)
    return answer.promise
  }
}

it('a place that was given to the newer of two questions is not lost when the older one fails', async () => {
  const relayId = peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(1))).toString()
  const relay = readRelayAddress(`/ip4/192.0.2.1/tcp/4001/p2p/${relayId}`)
  if (typeof relay === 'string') throw new Error(relay)
  const places = new Places()
  const components = {
    transportManager: { getTransports: () => [{ reservationStore: places }] },
    connectionManager: { getConnections: () => [{ status: 'open' }] },
  } as unknown as RelayKeeperComponents
  const changes: boolean[] = []
  const keeper: RelayKeeper = new RelayKeeper({
    ...{ clock: new FakeClock(), random: seededRandom('relays'), logger: silentLogger, reroute: (address) => address },
    changed: () => changes.push(keeper.held().length > 0),
  })
  keeper.start(components)
  keeper.keep([relay])
  await settle()
  // The network is another, and what was asked on the one before is not answered any more.
  keeper.retry()
  await settle()
  const [older, newer] = places.asked
  newer?.resolve(null)
  await settle()
  expect(keeper.held()).toEqual([relay])
  older?.reject(new Error('timed out'))
  await settle()
  expect([keeper.held(), changes]).toEqual([[relay], [true]])
  keeper.stop()
})
