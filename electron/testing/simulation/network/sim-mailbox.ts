import type { PeerId } from '../../../../shared/domain/ids.ts'
import { ed25519Sign } from '../../../identity/index.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { silentLogger } from '../../../kernel/logger.ts'
import { Redacted } from '../../../kernel/redacted.ts'
import { peerIdOf } from '../../../network/create-network.ts'
import { mailboxRpc } from '../../../network/protocols/mailbox/mailbox-rpc.ts'
import type { MailboxAnswer, MailboxRequest } from '../../../ports/mailbox.ts'
import type { PeerAddress } from '../../../ports/wire.ts'
import { DEFAULT_ROOM } from '../../../relay/mailbox/limits.ts'
import { MailboxService } from '../../../relay/mailbox/mailbox-service.ts'
import { createMemoryMailboxStore } from '../../fakes/memory-mailbox-store.ts'
import type { End, Fabric, Link } from './fabric.ts'

const SEED_BYTES = 32

/** Names and keys of mailboxes, the same in all worlds. */
const seedOf = (nth: number): Uint8Array => new Uint8Array(SEED_BYTES).fill(200 + nth)

/** Which mailboxes a world has, as everybody knows them. */
export const mailboxAddresses = (count: number): Promise<PeerAddress[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, nth) => ({
      peerId: await peerIdOf(new Redacted(seedOf(nth))),
      addresses: ['/ip4/127.0.0.1/tcp/1'],
    })),
  )

/**
 * A mailbox in a simulated network: the real service, with real signatures. One that means no good answers every other question as if it had
 * nothing.
 */
export class SimMailbox implements End {
  readonly localPeer: PeerId
  readonly name: string
  readonly running = true
  readonly #fabric: Fabric
  readonly #service: MailboxService
  readonly #isHostile: boolean
  #asked = 0

  constructor({ nth, peerId, clock, fabric, hostile }: { nth: number; peerId: PeerId; clock: Clock; fabric: Fabric; hostile: boolean }) {
    this.localPeer = peerId
    this.name = `Mailbox ${nth + 1}${hostile ? '!' : ''}`
    this.#fabric = fabric
    this.#isHostile = hostile
    this.#service = new MailboxService({
      ...{ store: createMemoryMailboxStore(), localPeer: peerId, clock, logger: silentLogger, room: DEFAULT_ROOM },
      sign: (bytes) => ed25519Sign(seedOf(nth), bytes),
    })
    fabric.put(this)
  }

  accept(from: End): Link {
    return this.#fabric.link(from, this)
  }

  async serve(link: Link, protocol: string, body: Uint8Array): Promise<Uint8Array | null> {
    const from = link.ends[0] === this ? link.ends[1] : link.ends[0]
    const request = protocol === mailboxRpc.id ? mailboxRpc.decodeRequest(body) : null
    return request === null ? null : mailboxRpc.encodeResponse(this.#answer(from.localPeer, request))
  }

  gone(): void {
    // it keeps no connections
  }

  #answer(from: PeerId, request: MailboxRequest): MailboxAnswer {
    const answer = this.#service.answer({ peerId: from, host: from }, request)
    this.#asked += 1
    const withholds = this.#isHostile && this.#asked % 2 === 0 && answer.kind === 'page'
    return withholds ? { ...answer, objects: [] } : answer
  }
}
