import type { GroupId, MemberId, MessageId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import type { Repositories } from '../../ports/store.ts'
import { messagesOf } from '../../sync/group/messages-of.ts'
import { objectsWithReceipts, receiptsOf } from '../../sync/mailbox/put-notes.ts'

/**
 * The relays that somebody with these addresses has a place on (`<relay>/p2p-circuit`). Whoever has a place on a relay asks its mailbox, for the
 * list of the two is one (`reach.ts`).
 */
export const relaysIn = (addresses: readonly string[]): PeerId[] =>
  addresses.flatMap((address) => (/\/p2p\/(\w+)\/p2p-circuit/.exec(address)?.[1] ?? []) as PeerId | [])

/**
 * Whether a mailbox that gave a receipt for this is known to be asked by any of those who lack it (SPEC.md, M6): by what their peers signed last.
 * One that nobody asks but whoever put it there keeps it for nobody.
 */
export function isKeptFor(
  store: Repositories,
  { groupId, objectId }: { groupId: GroupId; objectId: ObjectId },
  lacking: ReadonlySet<MemberId>,
): boolean {
  const keeping = mailboxesWith(store, objectId)
  if (keeping.size === 0) return false
  return store.peers.ofGroup(groupId).some(({ memberId, addresses }) => {
    const asks = lacking.has(memberId) && relaysIn(addresses).some((relay) => keeping.has(relay))
    return asks && store.directory.member(groupId, memberId)?.active === true
  })
}

/** Messages that are in a mailbox and nobody has yet: whether they are kept for somebody depends on who asks that one. */
export function keptOnly(store: Repositories, groupId: GroupId): MessageId[] {
  const objects = objectsWithReceipts(store, groupId)
  return messagesOf(
    store,
    objects.filter((objectId) => store.deliveries.of(objectId).every(({ ackedAt }) => ackedAt === null)),
  )
}

/** Which mailboxes gave a receipt for an object. */
export const mailboxesWith = (store: Repositories, objectId: ObjectId): ReadonlySet<PeerId> =>
  new Set(receiptsOf(store, objectId).map(({ mailbox }) => mailbox))
