import type { PeerId } from '../../../shared/domain/ids.ts'
import type { Space } from '../../../shared/domain/models.ts'
import { ed25519Sign } from '../../identity/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { peerIdOf } from '../../network/create-network.ts'
import type { MailboxAnswer, MailboxRequest } from '../../ports/mailbox.ts'
import type { Store } from '../../ports/store.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import { DEFAULT_ROOM } from '../../relay/mailbox/limits.ts'
import { MailboxService } from '../../relay/mailbox/mailbox-service.ts'
import { createMemoryMailboxStore } from '../fakes/memory-mailbox-store.ts'
import type { MemoryMailboxStore } from '../fakes/memory-mailbox-store.ts'
import { receiptsOf } from '../../sync/mailbox/put-notes.ts'
import { away, inTime, joinBy, makeTown, say } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/** A mailbox that real messengers meet in memory: the real service, with real signatures, over whatever store. */
export interface TestMailbox {
  peerId: PeerId
  store: MemoryMailboxStore
  service: MailboxService
  /** All that it was asked, in order. */
  asked: MailboxRequest[]
  /** What it says instead of what it should; null goes down over the request. */
  twist: (request: MailboxRequest, honest: () => MailboxAnswer) => MailboxAnswer | null
  /** With the key of its peer id. */
  sign(bytes: Uint8Array): Uint8Array
  /** A new process over the same store, or another. */
  restart(store?: MemoryMailboxStore): void
}

async function makeMailbox(name: number, clock: Clock): Promise<TestMailbox> {
  const seed = new Uint8Array(32).fill(name)
  const peerId = await peerIdOf(new Redacted(seed))
  const sign = (bytes: Uint8Array) => ed25519Sign(seed, bytes)
  const serve = (store: MemoryMailboxStore) =>
    new MailboxService({ store, sign, localPeer: peerId, clock, logger: silentLogger, room: DEFAULT_ROOM })
  const store = createMemoryMailboxStore()
  const mailbox: TestMailbox = {
    ...{ peerId, store, sign, service: serve(store), asked: [] },
    twist: (_, honest) => honest(),
    restart: (other = mailbox.store) => {
      mailbox.store = other
      mailbox.service = serve(other)
    },
  }
  return mailbox
}

export interface MailboxTown extends Town {
  mailboxes: TestMailbox[]
  /** Those that everybody uses now. */
  used: PeerAddress[]
}

/** A town whose people all know so many mailboxes. */
export async function makeMailboxTown(seed: string, count: number, storeOf?: (name: string) => Store): Promise<MailboxTown> {
  const now: { clock?: Clock } = {}
  // The town makes its clock.
  const clock: Clock = { now: () => now.clock?.now() ?? 0, after: () => () => undefined }
  const mailboxes = await Promise.all(Array.from({ length: count }, (_, i) => makeMailbox(200 + i, clock)))
  const used = mailboxes.map(({ peerId }): PeerAddress => ({ peerId, addresses: ['/ip4/127.0.0.1/tcp/1'] }))
  const town = await makeTown(seed, storeOf, used)
  now.clock = town.clock
  for (const mailbox of mailboxes)
    town.hub.setMailbox(mailbox.peerId, (from, request) => {
      mailbox.asked.push(request)
      return mailbox.twist(request, () => mailbox.service.answer({ peerId: from, host: from }, request))
    })
  return { ...town, mailboxes, used }
}

/** Sends a message and waits until a mailbox has it, and so all that was to be put before. */
export async function leave(town: Town, from: Resident, text: string): Promise<void> {
  const message = await say(from, text)
  const objectId = from.store.messages.get(message.messageId)?.objectId
  if (objectId === undefined) throw new Error('a message is stored')
  await inTime(town, () => receiptsOf(from.store, objectId).length > 0, true)
}

export const tipOf = ({ store }: Resident) => store.groups.list()[0]?.tip

/** Founds a space and lets in the others, one after another; all of them know of each other. */
export async function settle(town: Town, founder: Resident, ...others: Resident[]): Promise<Space> {
  const space = await founder.api['spaces.create']({ name: 'Friends' })
  for (const one of others) await joinBy(founder, space, one)
  const epochs = () => new Set([founder, ...others].map(tipOf)).size
  await inTime(town, epochs, 1)
  return space
}

/** Alice and Bob are in a space of a town with so many mailboxes, and Bob is away. */
export async function makeTownWithoutBob(seed: string, count: 1 | 2) {
  const town = await makeMailboxTown(seed, count)
  const [first, last] = [town.mailboxes[0], town.mailboxes.at(-1)]
  if (first === undefined || last === undefined) throw new Error('a town has a mailbox')
  const [alice, bob] = [await town.arrive('Alice'), await town.arrive('Bob')]
  await settle(town, alice, bob)
  await away(town, bob)
  return { town, first, last, alice, bob }
}
