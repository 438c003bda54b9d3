import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChannelId } from '../shared/domain/ids.ts'
import { systemClock } from '../electron/kernel/clock.ts'
import { systemRandom } from '../electron/kernel/random.ts'
import { generateTransportKey } from '../electron/network/create-network.ts'
import { createRelay } from '../electron/network/relay/create-relay.ts'
import type { Relay } from '../electron/network/relay/create-relay.ts'
import type { NodeHandle } from '../electron/node/node-handle.ts'
import { createFaultProxy } from '../electron/testing/network/fault-proxy.ts'
import type { FaultProxy } from '../electron/testing/network/fault-proxy.ts'
import { befriend, deliver } from './lib/friends.ts'
import { dialLibp2p, listenLibp2p } from './lib/raw-libp2p.ts'
import { heard, newNode, openNode } from './lib/real-node.ts'
import { begin, rowsOf } from './lib/report.ts'
import type { Line, Row } from './lib/report.ts'
import { alternate } from './lib/rounds.ts'

const ROUNDS = 12
const MESSAGES_A_ROUND = 10
/** Bounds of the issue. */
const MOST_RELAYED = 3
const MOST_RECONNECT_MS = 2_000
const MOST_COLD_MS = 3_000

type Name =
  | 'bare libp2p, made and dialled'
  | 'a message, delivered directly'
  | 'a message, delivered through a relay'
  | 'a message just after a cut'
  | 'both started, and a message delivered'

const LINES: Line<Name>[] = [
  { name: 'bare libp2p, made and dialled', unit: 'ms', against: null },
  { name: 'a message, delivered directly', unit: 'ms', against: null },
  { name: 'a message, delivered through a relay', unit: 'ms', against: 'a message, delivered directly' },
  { name: 'a message just after a cut', unit: 'ms', against: 'bare libp2p, made and dialled' },
  { name: 'both started, and a message delivered', unit: 'ms', against: 'bare libp2p, made and dialled' },
]

interface Friends {
  alice: NodeHandle
  bob: NodeHandle
  channelId: ChannelId
}

/** What is to be stopped, the last made first. */
const undo: (() => unknown)[] = []

const kept = <T extends { stop(): unknown }>(made: T): T => {
  undo.push(() => made.stop())
  return made
}

const tcpPort = (address: string | undefined): number => Number(/\/tcp\/(\d+)/.exec(address ?? '')?.[1])

const portOf = async (node: NodeHandle): Promise<number> => tcpPort((await node.api['connection.status']({})).listening[0])

async function makeRelay(): Promise<Relay> {
  const key = generateTransportKey(systemRandom)
  return kept(await createRelay({ clock: systemClock }, { key, listen: ['/ip4/127.0.0.1/tcp/0'], privateNetwork: true }))
}

async function direct(folder: string): Promise<Friends> {
  const [alice, bob] = [kept(await newNode(join(folder, 'alice'), 'Alice')), kept(await newNode(join(folder, 'bob'), 'Bob'))]
  return { alice, bob, channelId: await befriend(alice, bob) }
}

/** Two who can dial nothing but the relay. */
async function byRelay(folder: string): Promise<Friends> {
  const relay = await makeRelay()
  const [address] = relay.addresses()
  const open = tcpPort(address)
  const via = (port: number): number | null => (port === open ? port : null)
  const [alice, bob] = [kept(await newNode(join(folder, 'carol'), 'Carol', via)), kept(await newNode(join(folder, 'dave'), 'Dave', via))]
  for (const node of [alice, bob]) {
    const hasPlace = heard(node, 'a place on the relay', (event) =>
      event.event === 'connection.changed' && event.data.listening.some((each) => each.includes('/p2p-circuit')) ? true : null,
    )
    await node.api['reach.set']({ ...(await node.api['reach.get']({})), relays: [address ?? ''] })
    await hasPlace
  }
  return { alice, bob, channelId: await befriend(alice, bob) }
}

/** Two whose every connection goes by a proxy that can cut it. */
async function byProxy(folder: string): Promise<Friends & { cut: () => void }> {
  const ports = new Map<number, number>()
  const via = (port: number): number => ports.get(port) ?? port
  const [alice, bob] = [kept(await newNode(join(folder, 'erin'), 'Erin', via)), kept(await newNode(join(folder, 'frank'), 'Frank', via))]
  const proxies: FaultProxy[] = []
  for (const node of [alice, bob]) {
    const port = await portOf(node)
    const proxy = kept(createFaultProxy({ seed: 1, target: () => port }))
    await proxy.start()
    ports.set(port, proxy.port)
    proxies.push(proxy)
  }
  const cut = (): void => {
    for (const proxy of proxies) proxy.cut('reset')
  }
  return { alice, bob, channelId: await befriend(alice, bob), cut }
}

/** A pair of its own, which is stopped and started again each time. */
async function coldPair(folder: string): Promise<() => Promise<number>> {
  const dirs = [join(folder, 'grace'), join(folder, 'heidi')] as const
  const [alice, bob] = [await newNode(dirs[0], 'Grace'), await newNode(dirs[1], 'Heidi')]
  const channelId = await befriend(alice, bob)
  await Promise.all([alice.stop(), bob.stop()])
  return async () => {
    const started = performance.now()
    const [one, other] = await Promise.all([openNode(dirs[0]), openNode(dirs[1])])
    await deliver(one, channelId)
    const took = performance.now() - started
    await Promise.all([one.stop(), other.stop()])
    return took
  }
}

async function bareDial(): Promise<number> {
  const started = performance.now()
  const far = await listenLibp2p(() => undefined)
  const near = await dialLibp2p(far.address)
  const took = performance.now() - started
  await near.stop()
  await far.stop()
  return took
}

async function several({ alice, channelId }: Friends): Promise<number[]> {
  const samples = []
  for (let i = 0; i < MESSAGES_A_ROUND; i++) samples.push(await deliver(alice, channelId))
  return samples
}

function verdicts(rows: readonly Row[]): string[] {
  const row = (name: Name): Row | undefined => rows.find((each) => each.name === name)
  const within = (what: string, value: number, most: number): string => `${what}: ${value <= most ? 'within' : 'NOT within'} ${most}`
  return [
    within('relayed, × of direct', row('a message, delivered through a relay')?.ratio?.median ?? Infinity, MOST_RELAYED),
    within('after a cut, median in ms', row('a message just after a cut')?.median ?? Infinity, MOST_RECONNECT_MS),
    within('from a cold start, median in ms', row('both started, and a message delivered')?.median ?? Infinity, MOST_COLD_MS),
  ]
}

async function main(): Promise<void> {
  const report = await begin(
    'reaching',
    'how soon a message is there: directly, by a relay, after a cut, after both start; within one process',
  )
  const folder = await mkdtemp(join(tmpdir(), 'spacepanda-reaching-'))
  undo.push(() => rm(folder, { recursive: true, force: true }))
  try {
    const [near, relayed, proxied, cold] = [await direct(folder), await byRelay(folder), await byProxy(folder), await coldPair(folder)]
    const measured = await alternate<Name>(
      LINES.map((line) => line.name),
      [
        async () => ({ 'bare libp2p, made and dialled': [await bareDial()] }),
        async () => ({ 'a message, delivered directly': await several(near) }),
        async () => ({ 'a message, delivered through a relay': await several(relayed) }),
        async () => {
          proxied.cut()
          return { 'a message just after a cut': [await deliver(proxied.alice, proxied.channelId)] }
        },
        async () => ({ 'both started, and a message delivered': [await cold()] }),
      ],
      { rounds: ROUNDS, warmUp: 1, budgetMs: 60_000 },
    )
    const rows = rowsOf(LINES, measured)
    await report.finish(rows, verdicts(rows))
  } finally {
    for (const step of undo.splice(0).toReversed()) await step()
  }
}

await main()
