import { systemClock } from '../electron/kernel/clock.ts'
import { silentLogger } from '../electron/kernel/logger.ts'
import { systemRandom } from '../electron/kernel/random.ts'
import { createNetwork, generateTransportKey } from '../electron/network/create-network.ts'
import { connect, createPerson, never, newGroup, pushOf } from '../electron/testing/contracts/network/harness.ts'
import type { NetworkHarness } from '../electron/testing/contracts/network/harness.ts'
import { rawBulk } from './lib/raw-bulk.ts'
import { begin, rowsOf } from './lib/report.ts'
import type { Line, Row } from './lib/report.ts'
import { alternate } from './lib/rounds.ts'

const ROUNDS = 9
const BYTES = 16 * 1024 * 1024
/** An object of the largest kind that goes into one push, as an attachment would be; and what many small ones make together. */
const LARGE = 1024 * 1024
const FULL = 48 * 1024
/** A courier has one push under way; two show whether waiting for its answer is what costs. */
const AT_ONCE = 2
/** Bound of the issue: at least 70 % of the throughput is at most so many times the time. */
const MOST = 1 / 0.7

type Name = 'bare libp2p, one stream' | 'a session, objects of 1 MiB' | 'a session, pushes of 48 KiB' | 'a session, two such at once'

const LINES: Line<Name>[] = [
  { name: 'bare libp2p, one stream', unit: 'ms', against: null },
  { name: 'a session, objects of 1 MiB', unit: 'ms', against: 'bare libp2p, one stream' },
  { name: 'a session, pushes of 48 KiB', unit: 'ms', against: 'bare libp2p, one stream' },
  { name: 'a session, two such at once', unit: 'ms', against: 'bare libp2p, one stream' },
]

/** Real sessions over real TCP, whose ends keep nothing: what the network by itself can carry. */
async function twoPeople() {
  const harness: NetworkHarness = {
    create: async (handlers) => {
      const options = {
        ...{ key: generateTransportKey(systemRandom), loopbackOnly: true, mdns: false, webrtc: false, tcpPort: 0, endpoint: null },
      }
      const network = await createNetwork({ handlers, clock: systemClock, random: systemRandom, logger: silentLogger }, options)
      await network.start()
      return network
    },
    dispose: async () => undefined,
  }
  const group = newGroup()
  const [alice, bob] = [await createPerson(harness, [group]), await createPerson(harness, [group])]
  bob.handlers.onPush = async (_from, { objects }) => objects.map(() => 'stored')
  await connect(alice, bob)
  const send = async (size: number, atOnce: number): Promise<number> => {
    const push = pushOf(group, systemRandom.bytes(size))
    let left = Math.ceil(BYTES / size)
    const started = performance.now()
    const one = async (): Promise<void> => {
      for (; left > 0;) {
        left -= 1
        await alice.network.push(bob.network.localPeer, push, never)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, one))
    return performance.now() - started
  }
  return { send, stop: () => Promise.all([alice.network.stop(), bob.network.stop()]) }
}

const verdict = (rows: readonly Row[], name: Name): string => {
  const ratio = rows.find((row) => row.name === name)?.ratio?.median ?? Number.POSITIVE_INFINITY
  return `${name}: ${Math.round(100 / ratio)} % of bare libp2p, ${ratio <= MOST ? 'within' : 'NOT within'} the bound of 70 %`
}

async function main(): Promise<void> {
  const report = await begin('session-throughput', `${BYTES / 1024 / 1024} MiB through one session, each push answered, within one process`)
  const raw = await rawBulk()
  const people = await twoPeople()
  try {
    const measured = await alternate<Name>(
      LINES.map((line) => line.name),
      [
        async () => ({ 'bare libp2p, one stream': [await raw.send(BYTES)] }),
        async () => ({ 'a session, objects of 1 MiB': [await people.send(LARGE, 1)] }),
        async () => ({ 'a session, pushes of 48 KiB': [await people.send(FULL, 1)] }),
        async () => ({ 'a session, two such at once': [await people.send(FULL, AT_ONCE)] }),
      ],
      { rounds: ROUNDS, warmUp: 2, budgetMs: 60_000 },
    )
    const rows = rowsOf(LINES, measured)
    await report.finish(rows, [verdict(rows, 'a session, objects of 1 MiB'), verdict(rows, 'a session, pushes of 48 KiB')])
  } finally {
    await people.stop()
    await raw.stop()
  }
}

await main()
