import { faultName } from '../../kernel/logger.ts'
import type { Network } from '../../ports/network.ts'
import type { JoinRow } from '../../ports/store.ts'
import { carryCommits } from '../../sync/group/carry-commits.ts'
import { enterGroup } from '../../sync/group/found-group.ts'
import type { GroupDeps } from '../../sync/group/group-deps.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { beginAsking } from '../../sync/history/asking.ts'
import { parseLink } from '../../sync/invitations/link.ts'
import { noteJoined } from '../before.ts'
import { writeHearsay } from '../peer-book.ts'
import type { PeerBook } from '../peer-book.ts'
import { forNetwork, readReach, takeInvitedRelays } from '../reach.ts'
import { closeOffer } from './offer.ts'
import type { Opened } from './outcome.ts'

interface Into {
  groupDeps: GroupDeps
  peerBook: PeerBook
  network: Network
}

/** Stores the group somebody was let in to, and all that came with the Welcome, in one step; uses the relays its invitation named. */
export async function enterJoined(
  { groupDeps, peerBook, network }: Into,
  row: JoinRow,
  { state, offer, answer }: Opened,
): Promise<LiveGroup> {
  const { engine, store, clock } = groupDeps
  const heard = await peerBook.open(answer.peers, row.groupId)
  const news = { relays: false }
  const group = await enterGroup(groupDeps, state, offer.encodedIdentity, (tx) => {
    closeOffer(tx, row)
    beginAsking(tx, row.groupId)
    noteJoined(tx, row.groupId)
    carryCommits(tx, engine, row.groupId, answer.commits, clock.now())
    // In the same step: who joined and then crashed would know nobody to connect to.
    writeHearsay(tx, row.groupId, { self: engine.self(state).memberId, members: engine.members(state), heard })
    news.relays = takeInvitedRelays(tx, row.groupId, parseLink(row.link)?.peers ?? [])
  })
  if (news.relays)
    network.setReach(forNetwork(readReach(store))).catch((thrown: unknown) => {
      // They are among the settings, and tried with the next start at the latest.
      groupDeps.logger.warn('relays-not-used', { fault: faultName(thrown) })
    })
  return group
}
