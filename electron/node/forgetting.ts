import { setImmediate } from 'node:timers/promises'
import type { GroupId } from '../../shared/domain/ids.ts'
import type { Clock } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { faultName, shortId } from '../kernel/logger.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Store } from '../ports/store.ts'
import { markSnapshotsStale } from '../storage/snapshots/stale.ts'
import { dropDrafts } from './drafts.ts'
import { dropBefore } from './views/before.ts'
import { dropPresenceKeys } from '../sync/group/presence-keys.ts'
import { dropFetchNotes } from '../sync/mailbox/fetch-notes.ts'
import { dropPutNotes } from '../sync/mailbox/put-notes.ts'
import { dropSetAside } from '../sync/delivery/set-aside.ts'
import { dropArrivals } from '../sync/history/arrivals.ts'
import { dropAsking } from '../sync/history/asking.ts'
import { dropAway } from '../sync/members/away.ts'
import { dropEnded, readEnded } from '../sync/members/ended.ts'
import { dropLeaveOffer } from '../sync/members/leave-offer.ts'
import { dropUnmet } from '../sync/intents/unmet.ts'
import { dropLetIn } from '../sync/invitations/let-in.ts'
import { dropMade } from '../sync/invitations/made.ts'
import { dropVerified } from '../sync/members/verified.ts'
import { dropReadMarks } from '../sync/reading/read-marks.ts'
import { forgetAstray } from '../sync/returning/astray.ts'
import { dropJoin } from '../sync/returning/join-again.ts'
import { dropOffer } from '../sync/returning/offer.ts'
import { dropLeafKeys } from '../sync/updates/leaf-keys.ts'
import { dropOffers } from '../sync/under/offers.ts'
import { dropLeft, noteLeft } from '../sync/under/left-groups.ts'
import { dropStock } from '../sync/under/stock.ts'
import { dropWanted } from '../sync/under/wanted.ts'

/** A few milliseconds of work: each word of each message is taken out of the index. */
const SLICE = 20

/** What `settings` hold of a group. */
const everything = [
  ...[dropArrivals, dropAsking, dropAway, dropEnded, dropFetchNotes, dropJoin, dropLeafKeys, dropLeaveOffer, dropLeft, dropMade],
  ...[dropOffer, dropPresenceKeys, dropPutNotes, dropSetAside, dropUnmet, dropVerified, dropWanted, forgetAstray],
]

interface Deps {
  store: Store
  clock: Clock
  logger: Logger
  /** Nothing is left of it. */
  forgotten: (groupId: GroupId) => void
}

/** Deletes all that is here of groups that were left, some at a time; what a restart interrupts goes on after it. */
export class Forgetting {
  readonly #deps: Deps
  readonly #running = new Map<GroupId, Promise<void>>()
  readonly #abort = new AbortController()

  constructor(deps: Deps) {
    this.#deps = deps
  }

  start(): void {
    const { store } = this.#deps
    for (const { groupId } of store.groups.list()) if (readEnded(store, groupId)?.kind === 'left') this.begin(groupId)
  }

  /** It is stored already that the group was left. */
  begin(groupId: GroupId): void {
    if (this.#running.has(groupId) || this.#abort.signal.aborted) return
    const run = this.#forget(groupId)
      .catch((thrown: unknown) => {
        const stopping = thrown instanceof AppError && thrown.code === 'stopping'
        if (!stopping) this.#deps.logger.error('forgetting-failed', { group: shortId(groupId), fault: faultName(thrown) })
      })
      .finally(() => this.#running.delete(groupId))
    this.#running.set(groupId, run)
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    await Promise.all(this.#running.values())
  }

  async #forget(groupId: GroupId): Promise<void> {
    const { store } = this.#deps
    for (let more = true; more;) {
      await setImmediate()
      if (this.#abort.signal.aborted) return
      more = store.transaction((tx) => {
        noteLeft(tx, groupId, this.#deps.clock.now())
        // The keys first: who has the file from now on reads nothing more with them.
        tx.mls.deleteGroup(groupId)
        for (const { channelId } of tx.directory.channels(groupId)) dropReadMarks(tx, channelId)
        dropDrafts(tx, groupId)
        dropBefore(tx, groupId)
        dropLetIn(tx, groupId)
        dropStock(tx, groupId)
        // While it is known who was there.
        dropOffers(tx, groupId)
        const rest = tx.groups.forget(groupId, SLICE)
        markSnapshotsStale(tx.settings)
        if (!rest) for (const drop of everything) drop(tx, groupId)
        return rest
      })
    }
    this.#deps.forgotten(groupId)
  }
}
