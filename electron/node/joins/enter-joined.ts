import { faultName } from '../../kernel/logger.ts'
import type { Network } from '../../ports/network.ts'
import type { JoinRow, Repositories } from '../../ports/store.ts'
import { carryCommits } from '../../sync/group/carry-commits.ts'
import { enterGroup } from '../../sync/group/found-group.ts'
import type { GroupDeps } from '../../sync/group/group-deps.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { beginAsking } from '../../sync/history/asking.ts'
import { parseLink } from '../../sync/invitations/link.ts'
import type { Listening } from '../../sync/members/listening.ts'
import { noteJoined } from '../views/before.ts'
import { writeHearsay } from '../meeting/peer-book.ts'
import type { PeerBook } from '../meeting/peer-book.ts'
import { forNetwork, readReach, takeInvitedRelays } from '../meeting/reach.ts'
import { enterAgain } from './again.ts'
import { closeOffer } from './offer.ts'
import type { Opened } from './outcome.ts'

interface Into {
  groupDeps: GroupDeps
  peerBook: PeerBook
  network: Network
  listening: Listening
  /** This device takes part in it from now on: that is stored. */
  cameIn: (group: LiveGroup) => void
}

/**
 * Stores the group somebody was let in to, and all that came with the Welcome, in one step; uses the relays its invitation named. Throws like
 * `enterAgain`.
 */
export async function enterJoined(into: Into, row: JoinRow, opened: Opened): Promise<void> {
  const { groupDeps, peerBook, network, listening, cameIn } = into
  const { engine, store, clock } = groupDeps
  const { groupId } = row
  const { state, offer, answer, giver, welcomer } = opened
  const heard = await peerBook.open(answer.peers, groupId)
  const news = { relays: false }
  const also = (tx: Repositories): void => {
    closeOffer(tx, row)
    // In the same step: who joined and then crashed would know nobody to connect to.
    writeHearsay(tx, groupId, { self: engine.self(state).memberId, members: engine.members(state), heard })
    // By the word it signed: they may go apart before a session has proved anything.
    const host = tx.peers.ofGroup(groupId).find(({ memberId, peerId }) => memberId === welcomer && peerId === giver)
    if (host !== undefined) tx.peers.put({ ...host, seenAt: host.seenAt ?? clock.now() })
    news.relays = takeInvitedRelays(tx, groupId, parseLink(row.link)?.peers ?? [])
  }
  const known = store.groups.get(groupId)
  if (known !== null) await enterAgain(known, { groupDeps, listening, opened, also, cameIn })
  else
    cameIn(
      await enterGroup(groupDeps, state, offer.encodedIdentity, (tx) => {
        beginAsking(tx, groupId)
        noteJoined(tx, groupId)
        carryCommits(tx, engine, groupId, answer.commits, clock.now())
        also(tx)
      }),
    )
  if (news.relays)
    network.setReach(forNetwork(readReach(store))).catch((thrown: unknown) => {
      // They are among the settings, and tried with the next start at the latest.
      groupDeps.logger.warn('relays-not-used', { fault: faultName(thrown) })
    })
}
