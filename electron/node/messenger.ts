import type { ChannelId, GroupId, UnmetId } from '../../shared/domain/ids.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import type { GroupEngine } from '../crypto/mls/group-engine.ts'
import type { Clock } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { faultName } from '../kernel/logger.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Random } from '../kernel/random.ts'
import type { Network, NetworkHandlers } from '../ports/network.ts'
import type { ChannelRow, Store } from '../ports/store.ts'
import type { Frontier } from '../ports/wire.ts'
import type { GroupDeps } from '../sync/group/group-deps.ts'
import type { Correspondent } from '../sync/delivery/courier.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import { Membership } from '../sync/group/membership.ts'
import { dismissUnmet } from '../sync/intents/unmet.ts'
import { Listening } from '../sync/members/listening.ts'
import { WEEKLY } from '../sync/updates/pace.ts'
import type { KeyPace } from '../sync/updates/pace.ts'
import type { Identify } from './returning/apart.ts'
import { AstrayWatch, ONLY_STRANGERS } from './returning/astray-watch.ts'
import { connectionView } from './views/connection-view.ts'
import { Calls } from './under/calls.ts'
import { Correspondence } from './meeting/correspondence.ts'
import { Departures } from './leaving/departures.ts'
import { ForkWatch } from './fork-watch.ts'
import { GroupAccess } from './group-access.ts'
import { groupEvents } from './group-events.ts'
import { enterJoined } from './joins/enter-joined.ts'
import { Joins } from './joins/joins.ts'
import { KeyUpdates } from './key-updates.ts'
import { LastWords } from './leaving/last-words.ts'
import { loadGroups } from './load-groups.ts'
import type { Here } from './load-groups.ts'
import { Mailboxes } from './mailbox/mailboxes.ts'
import type { MailboxesDeps } from './mailbox/mailboxes.ts'
import { networkHandlers } from './network-handlers.ts'
import { News } from './views/news.ts'
import { Offers } from './under/offers.ts'
import { PeerBook } from './meeting/peer-book.ts'
import { RecentErrors } from './recent-errors.ts'
import { HistoryFetch } from './history-fetch.ts'
import { Receipts } from './receipts.ts'
import { TWO_COMPUTERS } from './returning/often-back.ts'
import { Returning } from './returning/returning.ts'
import { NOBODY_LEFT } from './returning/standstill.ts'
import { Settled } from './settled.ts'
import { Under } from './under/under.ts'
import { messageView } from './views/views.ts'
import { Whereabouts } from './meeting/whereabouts.ts'

export interface MessengerDeps {
  store: Store
  engine: GroupEngine
  clock: Clock
  random: Random
  logger: Logger
  emit: (event: NodeEvent) => void
  /** Makes the network around what it asks of us; not started yet. `started` is to be called once it is. */
  createNetwork: (handlers: NetworkHandlers) => Promise<{ network: Network; started: () => void }>
  /** How often keys are renewed: about once a week, unless told. */
  keyPace?: KeyPace | undefined
  /** Where what is for members of a group who are away is left, and found; nowhere unless told. Asked again each time. */
  mailboxes?: Pick<MailboxesDeps, 'mailboxesOf' | 'publicKeyOf'>
}

/** An open profile at work: its groups, its network, its joins, and the events that tell of them. */
export class Messenger {
  readonly deps: MessengerDeps
  readonly network: Network
  readonly joins: Joins
  readonly peerBook: PeerBook
  readonly under: Under
  readonly correspondence: Correspondence
  readonly receipts: Receipts
  readonly keyUpdates: KeyUpdates
  readonly mailboxes: Mailboxes
  readonly #history: HistoryFetch
  readonly #whereabouts: Whereabouts
  readonly #returning: Returning
  readonly #forks: ForkWatch
  readonly #settled: Settled
  readonly #astray: AstrayWatch
  readonly #departures: Departures
  readonly #offers: Offers
  readonly #calls: Calls
  readonly groupDeps: GroupDeps
  readonly #groups: Map<GroupId, LiveGroup>
  readonly #listening: Listening
  readonly #lastWords: LastWords
  readonly #damaged = new Set<GroupId>()
  readonly #errors: RecentErrors
  readonly #networkStarted: () => void
  readonly #networkTried = Promise.withResolvers<null>()
  readonly #access: GroupAccess
  readonly #news: News
  #unsubscribe: (() => void)[] = []
  #isStopped = false

  static async open(deps: MessengerDeps): Promise<Messenger> {
    const { clock } = deps
    const groups = new Map<GroupId, LiveGroup>()
    const listening = new Listening()
    const membership = new Membership(groups, deps.random, listening)
    const late: { messenger?: Messenger } = {}
    const parts = () => {
      if (late.messenger === undefined) throw new AppError('unreachable', 'The node is still starting.')
      const { messenger: own } = late
      const { correspondence, peerBook, under, network } = own
      return {
        localPeer: network.localPeer,
        correspondence,
        peerBook,
        under,
        now: () => clock.now(),
        settled: own.#settled,
        lastWords: own.#lastWords,
      }
    }
    const made = await deps.createNetwork(networkHandlers({ groups, listening, membership, parts }))
    const messenger = new Messenger(deps, { groups, listening }, made)
    late.messenger = messenger
    return messenger
  }

  private constructor(deps: MessengerDeps, here: Here, made: { network: Network; started: () => void }) {
    const { network } = made
    const { groups, listening } = here
    const { store, engine, clock, random, logger } = deps
    this.deps = deps
    this.network = network
    this.#networkStarted = made.started
    this.#errors = new RecentErrors(clock)
    this.#groups = groups
    this.#listening = listening
    this.#access = new GroupAccess(store, groups, this.#damaged)
    this.#news = new News({
      ...{ store, clock, emit: deps.emit, connection: () => this.connection() },
      online: (groupId) => this.correspondence.online(groupId),
      settled: () => {
        this.#errors.note(this.network.sessions())
        this.#whereabouts.announce()
      },
    })
    this.peerBook = new PeerBook(store, network, (groupId) => this.mailboxes.readersChanged(groupId))
    const compared = (group: LiveGroup, to: Correspondent, theirs: Frontier, apart: boolean) => this.#compared(group, to, theirs, apart)
    this.correspondence = new Correspondence({ groups, network, clock, random, logger, compared })
    this.#whereabouts = new Whereabouts({ groups, network, peerBook: this.peerBook, clock, random, logger })
    const identify: Identify = (group, peerId) => this.peerBook.memberAt(group, peerId)
    this.#astray = new AstrayWatch({
      ...{ clock, logger, identify },
      strangers: () => this.report(ONLY_STRANGERS),
      marked: (groupId) => {
        this.#news.spaces()
        this.#returning.kick(groupId)
      },
    })
    this.#returning = new Returning({
      ...{ groups, network, clock, random, identify, places: this.#astray, logger: logger.child('return') },
      back: (groupId) => {
        this.correspondence.reproveAll(groupId)
        this.joins.entered(groupId)
      },
      uninvited: () => this.#news.spaces(),
      tooOften: () => this.report(TWO_COMPUTERS),
      takenOver: () => {
        this.report(TWO_COMPUTERS)
        this.#news.spaces()
      },
      nobodyLeft: () => this.report(NOBODY_LEFT),
    })
    this.#forks = new ForkWatch({ groups, listening, clock, random, logger: logger.child('forks') })
    this.#lastWords = new LastWords({
      ...{ network, store, clock, peerBook: this.peerBook, logger: logger.child('leave') },
      said: (groupId) => this.#departures.said(groupId),
    })
    this.#settled = new Settled({ groups, correspondence: this.correspondence, forks: this.#forks })
    this.keyUpdates = new KeyUpdates({
      ...{ groups, clock, random, logger: logger.child('keys'), pace: deps.keyPace ?? WEEKLY },
      online: (groupId) => this.correspondence.online(groupId),
      choosing: (groupId) => this.#forks.isOpen(groupId),
    })
    this.receipts = new Receipts({ groups, store, clock, logger: logger.child('receipts') })
    this.mailboxes = new Mailboxes({
      ...{ groups, network, clock, random, logger: logger.child('mailbox') },
      ...(deps.mailboxes ?? { mailboxesOf: () => [], publicKeyOf: () => null }),
      online: (groupId) => this.correspondence.online(groupId),
      allHave: (groupId, members, commit) => this.correspondence.allHave(groupId, members, commit),
      changed: () => this.#news.connection(),
    })
    this.#history = new HistoryFetch({
      ...{ groups, network, clock, logger: logger.child('history') },
      taken: (messages) => {
        for (const row of messages) deps.emit({ event: 'message.added', data: messageView(store, row) })
      },
      changed: () => this.#news.spaces(),
    })
    this.#departures = new Departures({
      ...{ groups, listening, store, network, clock, logger, identify, news: this.#news },
      part: async (group) => {
        const isBrought = await this.correspondence.bringOut(group)
        if (!isBrought) await this.#lastWords.handOver(group)
        this.correspondence.leave(group.groupId)
        this.#lastWords.parted(group, isBrought)
      },
      back: (group) => {
        this.added(group)
        this.correspondence.reproveAll(group.groupId)
        this.#returning.kick(group.groupId)
      },
      stays: (groupId) => {
        this.#epochChanged(groupId)
        this.#returning.kick(groupId)
      },
    })
    const events = groupEvents({
      ...{ store, groups, emit: deps.emit, news: this.#news, correspondence: this.correspondence, mailboxes: this.mailboxes },
      ...{ forks: this.#forks, departures: this.#departures, outdated: () => this.#outdated() },
      epochChanged: (groupId) => this.#epochChanged(groupId),
    })
    this.groupDeps = { engine, store, clock, random, logger: logger.child('sync'), events }
    this.#offers = new Offers({
      ...{ groups, network, clock, random, logger: logger.child('offers') },
      learned: ({ groupId }) => this.#calls.kick(groupId),
    })
    this.#calls = new Calls({
      ...{ groups, network, clock, random, logger: logger.child('calls') },
      settled: (group, grant) => this.#settled.granted(group, grant),
      isOpen: (groupId) => this.#forks.isOpen(groupId),
    })
    this.under = new Under({
      ...{ groups, listening, groupDeps: this.groupDeps, offers: this.#offers, calls: this.#calls },
      added: (group) => this.added(group),
    })
    this.joins = new Joins({
      ...{ store, engine, network, clock, random, logger: logger.child('join') },
      enter: (row, opened) => {
        const cameIn = (group: LiveGroup): void => this.#departures.cameIn(group)
        return enterJoined({ groupDeps: this.groupDeps, peerBook: this.peerBook, network, listening, cameIn }, row, opened)
      },
      changed: (join) => deps.emit({ event: 'join.changed', data: join }),
      letIn: (groupId) => {
        this.#news.spaces()
        this.#returning.invited(groupId)
      },
    })
    loadGroups(this.groupDeps, here, (groupId) => {
      this.#damaged.add(groupId)
      this.#errors.add('The state of a space is damaged. Its messages can be read here, but no new ones come or go.')
    })
  }

  /** Resolves when the network runs, or could not be started, or will not be. */
  get networkTried(): Promise<unknown> {
    return this.#networkTried.promise
  }

  /** Its network runs, or could not be started, or will not be: nobody waits for it any longer. */
  networkIsTried(): void {
    this.#networkTried.resolve(null)
    this.#news.networkKnown()
  }

  async start(): Promise<void> {
    const { network, correspondence } = this
    this.#unsubscribe = [
      network.on('ready', ({ peerId, shared }) => {
        for (const one of shared) this.peerBook.seen(peerId, one, this.deps.clock.now())
        correspondence.ready(peerId, shared)
        this.#whereabouts.ready(peerId, shared)
        const groupIds = shared.map((s) => s.groupId)
        this.#astray.shares(peerId, groupIds)
        for (const groupId of groupIds) for (const what of [this.#returning, this.#departures, this.#calls]) what.kick(groupId)
        this.#offers.meet(peerId, shared)
        this.#news.members(groupIds)
      }),
      network.on('closed', ({ peerId }) => {
        correspondence.closed(peerId)
        this.#whereabouts.closed(peerId)
        this.#astray.closed(peerId)
        for (const groupId of this.#groups.keys()) this.mailboxes.changed(groupId)
        this.#news.members([...this.#groups.keys()])
      }),
      network.on('moved', () => this.mailboxes.moved()),
      network.on('changed', () => this.#news.connection()),
    ]
    this.peerBook.lookForAll()
    try {
      await network.start()
      this.#networkStarted()
    } catch (thrown) {
      // Reading and writing work without a network; what is sent waits.
      this.deps.logger.error('network-start-failed', { fault: faultName(thrown) })
      this.#errors.add('The network could not be started. Messages wait on this device.')
    }
    this.networkIsTried()
    // Nobody waited for it, and all of it was told to end.
    if (this.#isStopped) return
    await this.#departures.start()
    this.joins.resume()
    this.#returning.start()
    this.#forks.start()
    this.keyUpdates.start()
    this.#offers.start()
    this.#calls.start()
    if (this.deps.mailboxes !== undefined) this.mailboxes.start()
  }

  async stop(): Promise<void> {
    const { joins } = this
    this.#isStopped = true
    await this.receipts.stop()
    this.#lastWords.stop()
    this.#whereabouts.stop()
    const parts = [
      ...[joins, this.#history, this.#returning, this.#forks, this.keyUpdates],
      ...[this.#departures, this.#offers, this.#calls, this.under, this.mailboxes],
    ]
    await Promise.all(parts.map((part) => part.stop()))
    await this.correspondence.stop()
    await this.#departures.parted()
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.#news.stop()
    await this.network.stop()
    await Promise.all([...this.#groups.values(), ...this.#listening.all()].map((group) => group.idle()))
  }

  /** A group to take part in. Throws `AppError('not-found' | 'not-member' | 'unreadable')`. */
  group(groupId: GroupId): LiveGroup {
    return this.#access.group(groupId)
  }

  /** A space to take part in. Throws like `group`; what is under a space is none. */
  space(groupId: GroupId): LiveGroup {
    return this.#access.space(groupId)
  }

  groupOfChannel(channelId: ChannelId): LiveGroup {
    return this.group(this.channel(channelId).groupId)
  }

  channel(channelId: ChannelId): ChannelRow {
    return this.#access.channel(channelId)
  }

  /** A group whose history is here, also one that nobody here takes part in any more. */
  known(groupId: GroupId): GroupId {
    return this.#access.known(groupId)
  }

  /** Leaves for good. Throws like `group`. */
  async leave(groupId: GroupId): Promise<void> {
    await this.#departures.leave(this.group(groupId))
  }

  /** Deletes what is left here of a space that this device was removed from. Throws `AppError('not-found' | 'invalid')`. */
  async forget(groupId: GroupId): Promise<void> {
    this.#departures.forget(this.known(groupId))
    await this.joins.forgotten(groupId)
  }

  /** A group that is new here starts to take part. */
  added(group: LiveGroup): void {
    const wasHeard = this.#listening.end(group.groupId) !== undefined
    this.#groups.set(group.groupId, group)
    this.#offers.renew(group.groupId)
    this.#epochChanged(group.groupId)
    this.mailboxes.fetch(group.groupId)
    // By another leaf, perhaps, than while it only listened.
    if (wasHeard) this.correspondence.reproveAll(group.groupId)
  }

  /** Tells of trouble that is not the network's, where the person looks for what is wrong. */
  report(message: string): void {
    this.#errors.add(message)
    this.#news.connection()
  }

  /** Takes from what was asked in vain what the person wants to be told of no more. */
  dismissUnmet(unmetIds: readonly UnmetId[]): void {
    this.deps.store.transaction((tx) => dismissUnmet(tx, unmetIds))
    this.#news.connection()
  }

  connection() {
    return connectionView(this.deps.store, this.network, { mailboxes: this.mailboxes.status(), lastErrors: this.#errors.list() })
  }

  /** Within the step that stored that all groups return: nothing may be sent between the two. */
  #outdated(): void {
    for (const group of [...this.#groups.values(), ...this.#listening.all()]) group.markReturning()
    this.#news.spaces()
    this.report('This profile is an older copy of itself. It gets fresh keys from the members of your spaces; you can write then.')
    this.#returning.start()
  }

  #epochChanged(groupId: GroupId): void {
    this.#news.spaces()
    this.#news.members([groupId])
    this.peerBook.lookForAll()
    this.correspondence.reprove(groupId)
    this.#whereabouts.changed(groupId)
    const group = this.#groups.get(groupId)
    if (group !== undefined) void this.correspondence.partFromGone(group)
    this.#departures.kick(groupId)
    this.#calls.kick(groupId)
    this.#forks.entered(groupId)
    this.keyUpdates.watch(groupId)
  }

  #compared(group: LiveGroup, to: Correspondent, theirs: Frontier, apart: boolean): void {
    this.#history.kick(group.groupId)
    this.keyUpdates.met(group, to.memberId, theirs.eid)
    this.#astray.compared(group, to, theirs, apart)
  }

  /** Has this device ask to be let in again with fresh keys; everywhere, where another computer has its place. Throws like `group`. */
  async repair(groupId: GroupId): Promise<void> {
    await this.#returning.letIn(this.group(groupId))
  }
}
