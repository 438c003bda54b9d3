import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Random } from '../kernel/random.ts'
import type { Redacted } from '../kernel/redacted.ts'
import type { Network, NetworkHandlers } from '../ports/network.ts'
import { Libp2pTransport, type TransportOptions } from './libp2p/libp2p-transport.ts'
import { peerIdOf } from './libp2p/transport-key.ts'
import { PROTOCOLS } from './sessions/serve-streams.ts'
import { SessionNetwork } from './sessions/session-network.ts'

export type { Caller } from './libp2p/caller.ts'
export { mountMailbox } from './libp2p/mount-mailbox.ts'
export { mailboxProtocol } from './protocols/mailbox/serve-mailbox.ts'
export type { MailboxProtocol } from './protocols/mailbox/serve-mailbox.ts'
export { generateTransportKey, peerIdOf, publicKeyOf } from './libp2p/transport-key.ts'

export interface NetworkDeps {
  handlers: NetworkHandlers
  clock: Clock
  random: Random
  logger: Logger
}

export type NetworkOptions = TransportOptions

export interface Libp2pNetwork extends Network {
  /**
   * Once started: what to give to the next `createNetwork` as `endpoint`, so that addresses others keep go on being true.
   * Opaque, secret, and worth storing again only after a start.
   */
  endpoint(): Redacted<Uint8Array>
}

/** The `Network` over libp2p. Nothing listens or dials before `start`. */
export async function createNetwork(deps: NetworkDeps, options: NetworkOptions): Promise<Libp2pNetwork> {
  const logger = deps.logger.child('network')
  const { clock, random, handlers } = deps
  const transport = new Libp2pTransport({ clock, random, logger, localPeer: await peerIdOf(options.key), protocols: PROTOCOLS }, options)
  const discovers = options.mdns && !options.loopbackOnly
  const network = new SessionNetwork({ handlers, transport, clock, random, logger, discovers })
  return Object.assign(network, { endpoint: () => transport.endpoint() })
}
