import { join } from 'node:path'
import { systemClock } from '../../kernel/clock.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import { generateTransportKey } from '../../network/create-network.ts'
import { createRelay, type Relay, type RelayOptions } from '../../network/relay/create-relay.ts'
import { openMailbox } from '../../relay/mailbox/open-mailbox.ts'
import type { OpenMailbox } from '../../relay/mailbox/open-mailbox.ts'
import { newcomer, restart, until, type TestNode } from '../story/test-node.ts'
import { tempDir } from '../temp-dir.ts'

/** Real nodes that can dial relays and nothing else, and the relays. */
export class RelayTown {
  readonly #folder = tempDir()
  readonly #relays = new Set<Relay>()
  readonly #mailboxes = new Set<OpenMailbox>()
  readonly #nodes = new Set<TestNode>()
  readonly #open = new Set<number>()

  async relay(options: Partial<RelayOptions> = {}): Promise<Relay> {
    const key = generateTransportKey(systemRandom)
    const relay = await createRelay({ clock: systemClock }, { key, listen: ['/ip4/127.0.0.1/tcp/0'], privateNetwork: true, ...options })
    this.#relays.add(relay)
    this.#open.add(portOf(relay))
    return relay
  }

  /** A relay that keeps a mailbox, too, as `spacepanda relay --mailbox` does. */
  async relayWithMailbox(): Promise<Relay> {
    const key = generateTransportKey(systemRandom)
    const file = join(this.#folder.dir, 'mailbox.db')
    const mailbox = await openMailbox({ key, file, clock: systemClock, logger: silentLogger })
    this.#mailboxes.add(mailbox)
    return this.relay({ key, mounted: [mailbox.protocol] })
  }

  /** Lets nodes dial a port of this machine that is no relay's. */
  opens(port: number): void {
    this.#open.add(port)
  }

  /** Nobody hears of it any more. */
  async halt(relay: Relay): Promise<void> {
    this.#relays.delete(relay)
    await relay.stop()
  }

  async newcomer(name: string): Promise<TestNode> {
    const node = await newcomer(this.#folder.dir, name, systemClock, (port) => (this.#open.has(port) ? port : null))
    this.#nodes.add(node)
    return node
  }

  async restart(node: TestNode): Promise<TestNode> {
    this.#nodes.delete(node)
    const again = await restart(node, systemClock, (port) => (this.#open.has(port) ? port : null))
    this.#nodes.add(again)
    return again
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#nodes].map((node) => node.stop()))
    await Promise.all([...this.#relays].map((relay) => relay.stop()))
    for (const mailbox of this.#mailboxes) mailbox.stop()
    this.#folder.remove()
  }
}

export const portOf = (relay: Relay): number => Number(/tcp\/(\d+)/.exec(addressOf(relay))?.[1])

export function addressOf(relay: Relay): string {
  const [address] = relay.addresses()
  if (address === undefined) throw new Error('a relay that listens has an address')
  return address
}

/** Chooses these relays, and waits for a place on each. */
export async function choose(node: TestNode, ...relays: Relay[]): Promise<void> {
  const reach = await node.api['reach.get']({})
  await node.api['reach.set']({ ...reach, relays: relays.map(addressOf) })
  await hasPlaces(node, relays.length)
}

export const hasPlaces = (node: TestNode, count: number): Promise<true> =>
  until(node, `${count} places on relays`, async () => {
    const { listening } = await node.api['connection.status']({})
    return listening.filter((address) => address.includes('/p2p-circuit')).length === count ? true : null
  })
