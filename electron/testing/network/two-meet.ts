import { systemClock } from '../../kernel/clock.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import { createNetwork, generateTransportKey } from '../../network/create-network.ts'
import { releaseWebRTC } from '../../network/libp2p/webrtc.ts'
import { connect, createPerson, joinRequestOf, never, newGroup, pushOf, type NetworkHarness } from '../contracts/network/harness.ts'

/**
 * A program of its own: two networks in this process find each other, talk, stop, and nothing may keep the process alive once it let go
 * of WebRTC.
 * With `mdns` they listen on every interface and know no addresses of each other; else they use loopback and WebRTC, too.
 */
const mdns = process.argv[2] === 'mdns'
const harness: NetworkHarness = {
  create: async (handlers) => {
    const options = { key: generateTransportKey(systemRandom), loopbackOnly: !mdns, mdns, webrtc: !mdns, tcpPort: 0, endpoint: null }
    const network = await createNetwork({ handlers, clock: systemClock, random: systemRandom, logger: silentLogger }, options)
    await network.start()
    return network
  },
  dispose: async () => undefined,
}
const group = newGroup()
const [alice, bob] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
const carol = await createPerson(harness, [])
const known = alice.address()
if (mdns) {
  bob.address = () => ({ peerId: bob.network.localPeer, addresses: [] })
  known.addresses = []
}
await connect(alice, bob)
const acks = await bob.network.push(alice.network.localPeer, pushOf(group, Uint8Array.of(1)), never)
const answer = await carol.network.join(known, joinRequestOf(group), { signal: never, onStep: () => undefined })
for (const person of [alice, bob, carol]) await person.network.stop()
await releaseWebRTC(silentLogger)
process.stdout.write(`${acks.join()} ${answer.kind}\n`)
