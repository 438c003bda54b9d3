import type { GroupId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { faultName, shortId } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Network } from '../../ports/network.ts'
import type { Store } from '../../ports/store.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { messagesOf } from '../../sync/group/messages-of.ts'
import { putEnded, readEnded } from '../../sync/members/ended.ts'
import type { Listening } from '../../sync/members/listening.ts'
import { makeLeaveOffer } from '../../sync/members/leave-offer.ts'
import type { Identify } from '../returning/apart.ts'
import { Forgetting } from '../forgetting.ts'
import { leaveUnder, leftWithSomethingUnder } from './leave-under.ts'
import { Leaving } from './leaving.ts'
import { StillIn } from '../returning/still-in.ts'
import type { News } from '../views/news.ts'

interface Deps {
  store: Store
  clock: Clock
  logger: Logger
  network: Network
  /** Those that this device takes part in; one that it is out of is taken from here. */
  groups: Map<GroupId, LiveGroup>
  /** Those that it was removed from and may be in after all. */
  listening: Listening
  news: News
  identify: Identify
  /** Tells those connected that this device is out, and sends nothing more. */
  part: (group: LiveGroup) => Promise<void>
  /** This device takes part in it again. */
  back: (group: LiveGroup) => void
  /** This device had asked to leave, and has to stay after all. */
  stays: (groupId: GroupId) => void
}

/** What somebody is told of at once; there is hardly ever more. */
const MOST_TOLD = 500

/** What nobody has got goes to nobody while this device is out. */
function tellOwed(group: LiveGroup): void {
  const { groupId } = group
  const { store, events } = group.deps
  const owed = group.members().flatMap(({ memberId }) => store.deliveries.owedTo(groupId, memberId, MOST_TOLD))
  events.deliveryChanged(groupId, messagesOf(store, [...new Set(owed)]))
}

/** The ways out of a group, by one's own will or by that of others, until nothing of it is left here. */
export class Departures {
  readonly #deps: Deps
  readonly #leaving: Leaving
  readonly #forgetting: Forgetting
  readonly #stillIn: StillIn
  /** Groups that this device is out of, while those who are connected are told. */
  readonly #parting = new Set<Promise<void>>()

  constructor(deps: Deps) {
    this.#deps = deps
    const { store, clock, logger, network, groups, listening, news, stays, identify } = deps
    this.#leaving = new Leaving({
      ...{ groups, network, clock, stays, identify, logger: logger.child('leave') },
      ended: (groupId) => this.ended(groupId),
    })
    this.#stillIn = new StillIn({
      ...{ listening, network, clock, identify, logger: logger.child('listen') },
      back: (groupId) => this.back(groupId),
    })
    this.#forgetting = new Forgetting({ store, clock, logger: logger.child('forget'), forgotten: () => news.spaces() })
  }

  /** Goes on with what an earlier run left open. */
  async start(): Promise<void> {
    for (const space of leftWithSomethingUnder(this.#deps.store)) await this.#leaveUnder(space)
    this.#leaving.start()
    this.#forgetting.start()
  }

  async stop(): Promise<void> {
    await Promise.all([this.#leaving.stop(), this.#forgetting.stop(), this.#stillIn.stop()])
  }

  /** Resolves once everybody who is to be told has been; correspondence must have stopped, or it may take long. */
  async parted(): Promise<void> {
    await Promise.all(this.#parting)
  }

  /** Somebody is connected: tries to leave a group that this device wants to leave, and asks whether it is still in one that it was removed from. */
  kick(groupId: GroupId): void {
    this.#leaving.kick(groupId)
    // What is under it may wait for somebody who is in the space alone.
    for (const under of this.#under(groupId)) this.#leaving.kick(under.groupId)
    this.#stillIn.kick(groupId)
  }

  /** Leaves for good: at once where nobody else is there, else as soon as somebody could be told. */
  async leave(group: LiveGroup): Promise<void> {
    const under = this.#under(group.groupId)
    await makeLeaveOffer(group)
    await this.#leaveUnder(group.groupId)
    this.#deps.news.spaces()
    for (const each of [...under, group]) this.kick(each.groupId)
  }

  /** Deletes what is left here of a space that this device was removed from. Throws `AppError('invalid')` if it is still in it. */
  forget(groupId: GroupId): void {
    const { store, clock, news } = this.#deps
    if (readEnded(store, groupId) === null)
      throw new AppError('invalid', 'You are in this space. Leave it first; what is here of it is deleted then.')
    const all = [groupId, ...store.directory.under(groupId).map((row) => row.groupId)]
    store.transaction((tx) => {
      for (const each of all) putEnded(tx, each, { kind: 'left', at: clock.now(), by: null })
    })
    for (const each of all) this.#over(each)
    news.spaces()
  }

  /** This device is out of a group, and that is stored. */
  ended(groupId: GroupId): void {
    const { groups, listening, news } = this.#deps
    const group = groups.get(groupId)
    if (group === undefined) return
    groups.delete(groupId)
    listening.begin(group)
    this.#beginParting(group)
    this.#stillIn.kick(groupId)
    tellOwed(group)
    news.spaces()
    news.members([groupId])
    for (const under of this.#under(groupId)) this.kick(under.groupId)
  }

  /** This device is in a group after all that it was removed from, and that is stored. */
  back(groupId: GroupId): void {
    const group = this.#deps.listening.end(groupId)
    if (group !== undefined) this.cameIn(group)
  }

  /** By an invitation: new here, or one that this device was removed from. */
  cameIn(group: LiveGroup): void {
    this.#deps.back(group)
    tellOwed(group)
  }

  /** A member has all that this device, which is out, still had to say: there is nothing to wait for where it wanted to leave. */
  said(groupId: GroupId): void {
    if (readEnded(this.#deps.store, groupId)?.kind === 'left') this.forget(groupId)
  }

  #under(space: GroupId): LiveGroup[] {
    return [...this.#deps.groups.values()].filter(({ parent }) => parent === space)
  }

  async #leaveUnder(space: GroupId): Promise<void> {
    for (const groupId of await leaveUnder(this.#deps, this.#deps.groups, space)) this.#over(groupId)
  }

  /** What is here of a group that was left is deleted; what is under way in it has to end first. */
  #over(groupId: GroupId): void {
    const { groups, listening } = this.#deps
    const heard = listening.end(groupId)
    if (groups.has(groupId)) this.ended(groupId)
    else if (heard !== undefined) this.#beginParting(heard)
    else this.#forgetting.begin(groupId)
  }

  #beginParting(group: LiveGroup): void {
    const parting = this.#part(group)
      .catch((thrown: unknown) => {
        // That this device is out is stored: after a restart what is left of it goes.
        const stopping = thrown instanceof AppError && thrown.code === 'stopping'
        if (!stopping) this.#deps.logger.error('parting-failed', { group: shortId(group.groupId), fault: faultName(thrown) })
      })
      .finally(() => this.#parting.delete(parting))
    this.#parting.add(parting)
  }

  async #part(group: LiveGroup): Promise<void> {
    await this.#deps.part(group)
    // What is under way in it has to end first: it would write into what is being deleted.
    await group.idle()
    if (readEnded(this.#deps.store, group.groupId)?.kind !== 'left') return
    group.close()
    this.#forgetting.begin(group.groupId)
  }
}
