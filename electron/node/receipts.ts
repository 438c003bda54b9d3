import type { ChannelId, GroupId } from '../../shared/domain/ids.ts'
import type { Clock } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { faultName, shortId } from '../kernel/logger.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Store } from '../ports/store.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import { readSettings } from './profile/profile-record.ts'

/** What is read within so long is told at once: each telling is an object that every member stores. */
const COLLECT_MS = 3_000
/** Above that many members nobody tells: a message would make as many objects as there are members. */
const MOST_MEMBERS = 32

interface Deps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  store: Store
  clock: Clock
  logger: Logger
}

/** Tells the members of a space what was read here, where the person allows it. What a crash forgets the next reading tells. */
export class Receipts {
  readonly #deps: Deps
  /** Since when, and what calls off the telling. */
  readonly #waiting = new Map<ChannelId, { after: number; cancel: () => void }>()
  #stopped = false

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** The read mark may have moved; `before` is where it was. */
  moved(channelId: ChannelId, before: number): void {
    const { store, clock } = this.#deps
    // What is read while it is off is never told later.
    if (this.#stopped || store.messages.readSeq(channelId) === before || !readSettings(store).readReceipts) return
    if (this.#waiting.has(channelId)) return
    const cancel = clock.after(COLLECT_MS, () => void this.#tell(channelId))
    this.#waiting.set(channelId, { after: before, cancel })
  }

  /** What was read last is told before all stops. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const { cancel } of this.#waiting.values()) cancel()
    await Promise.all([...this.#waiting.keys()].map((channelId) => this.#tell(channelId)))
  }

  async #tell(channelId: ChannelId): Promise<void> {
    const { groups, store, logger } = this.#deps
    const waiting = this.#waiting.get(channelId)
    this.#waiting.delete(channelId)
    const groupId = store.directory.channel(channelId)?.groupId
    const group = groupId && groups.get(groupId)
    if (!waiting || !group || !readSettings(store).readReceipts || group.members().length > MOST_MEMBERS) return
    try {
      await group.tellRead(channelId, waiting.after)
    } catch (thrown) {
      // Returning, or at its end: nothing is lost but that it was told.
      logger.info('receipt-not-told', { group: shortId(group.groupId), code: thrown instanceof AppError ? thrown.code : faultName(thrown) })
    }
  }
}
