import type { Eid, MemberId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import { faultName } from '../../kernel/logger.ts'
import type { Network } from '../../ports/network.ts'
import type { ObjectHead, ObjectRow, SizedHead } from '../../ports/store.ts'
import type { Frontier, HandOver, ObjectAck, WireObject } from '../../ports/wire.ts'
import { lacks, lacksNoMessage, readerOf } from '../anti-entropy/frontier.ts'
import { bareGroupFrontier, groupFrontier } from '../anti-entropy/group-frontier.ts'
import { hasAll } from '../anti-entropy/has-all.ts'
import { compareEpochs, isKnown, oldestLacking } from '../anti-entropy/known-epochs.ts'
import type { ComparedEpochs } from '../anti-entropy/known-epochs.ts'
import { oldestCommit } from '../group/carry-commits.ts'
import { isBeside } from '../fork-resolution/read-tree.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { UNPROVEN } from '../group/membership.ts'
import { messagesOf } from '../group/messages-of.ts'
import { batches, BATCH_SIZE } from './batches.ts'
import { Fillings } from './fillings.ts'
import { handOver } from './hand-over.ts'
import { noteHeld } from './held.ts'
import { Refused } from './refused.ts'
import { rehome } from './rehome.ts'
import { Sightings, sinceParting } from './sightings.ts'
import { Stuck } from './stuck.ts'
import type { Turn, Turns } from './turns.ts'

const REQUEST_MS = 30_000
/** After something was left undone compare frontiers again: soon at first, for it is mostly a commit that is still on its way. */
const RETRY_FIRST_MS = 300
/** Later where they are in an epoch that is not known here: it is looked at again when it becomes known (`came`). */
const RETRY_APART_MS = 2_000
const RETRY_LAST_MS = 60_000

/** Commits of which is remembered that the other end has them: somebody may be waiting for the newest few. */
const REMEMBERED = 64

/** Who is at the other end, in one group. */
export interface Correspondent {
  peerId: PeerId
  /**
   * `UNPROVEN` while we lack the commit that added them, or they the one that removed them. They are brought commits, by which
   * either comes to know better, and nothing of what was said.
   */
  memberId: MemberId
}

/** Told of each comparison. `apart`: they are in an epoch that is not known here. */
export type Compared = (theirs: Frontier, apart: boolean) => void

/**
 * Brings one connected member what it lacks of one group: first by comparing frontiers, then object by object as they
 * appear. Anything doubtful falls back to comparing again, so nothing depends on a push having arrived.
 */
export class Courier {
  readonly #group: LiveGroup
  readonly #network: Network
  readonly #to: Correspondent
  readonly #turns: Turns
  readonly #compared: Compared
  readonly #abort = new AbortController()
  /** Null until frontiers were compared; then what appeared since. */
  #queue: ObjectId[] | null = null
  #running: Promise<void> | null = null
  #again = false
  #theirs: Frontier | null = null
  #cancelRetry: () => void = () => undefined
  readonly #refused = new Refused()
  readonly #fillings = new Fillings()
  readonly #has = new Set<ObjectId>()
  #told: (() => void)[] = []
  #failures = 0
  #isBehind = true
  /** Up to which object all that who reads like this may lack was brought, or is there. */
  #examined: { upTo: ObjectId | null; reader: string } | null = null
  /** Whom they were shown to have been seen here, if they were on another branch at the last comparison. */
  #shown: Sightings | null = null
  /** The epoch they were in last, while it is not known here. */
  #unknown: Eid | null = null

  /** `turns` are those of all couriers of this device. */
  constructor(group: LiveGroup, network: Network, to: Correspondent, turns: Turns, compared: Compared = () => undefined) {
    this.#group = group
    this.#network = network
    this.#to = to
    this.#turns = turns
    this.#compared = compared
  }

  get to(): Correspondent {
    return this.#to
  }

  stop(): void {
    this.#abort.abort()
    this.#cancelRetry()
    this.#tell()
  }

  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running
  }

  /** Compares frontiers and sends what is missing. `theirs`, if they just told us, saves asking, unless it is old by the time of the turn. */
  compare(theirs: Frontier | null = null): void {
    this.#cancelRetry()
    this.#queue = null
    this.#theirs = theirs
    this.#wake()
  }

  /** An object appeared here. */
  offer(objectId: ObjectId): void {
    // Before frontiers were compared there is no queue: comparing finds it.
    this.#queue?.push(objectId)
    this.#wake()
  }

  /** Something came from others since frontiers were compared. */
  get isBehind(): boolean {
    return this.#isBehind
  }

  /** Something came from others. What leads to where the other end is ends the waiting for that. */
  came(): void {
    this.#isBehind = true
    if (this.#unknown === null || !isKnown(this.#group.deps.store, this.#group.groupId, this.#unknown)) return
    this.#unknown = null
    this.#failures = 0
    this.compare()
  }

  #wake(): void {
    if (this.#abort.signal.aborted) return
    if (this.#running !== null) {
      this.#again = true
      return
    }
    this.#running = this.#run().finally(() => {
      this.#running = null
      if (this.#again && !this.#abort.signal.aborted) {
        this.#again = false
        this.#wake()
      }
    })
  }

  readonly #handOver = (given: HandOver): Promise<ObjectAck[]> => this.#network.handOver(this.#to.peerId, given, this.#deadline())

  async #run(): Promise<void> {
    try {
      if (this.#queue === null) await this.#catchUp()
      else await this.#flush(this.#queue)
    } catch (thrown) {
      if (this.#abort.signal.aborted) return
      const code = thrown instanceof AppError ? thrown.code : faultName(thrown)
      this.#group.deps.logger.info('courier-paused', { code })
      this.#compareLater()
    }
  }

  #compareLater(firstMs = RETRY_FIRST_MS): void {
    if (this.#abort.signal.aborted) return
    this.#queue = null
    this.#cancelRetry()
    const delay = Math.min(RETRY_LAST_MS, firstMs * 2 ** this.#failures)
    this.#failures += 1
    this.#cancelRetry = this.#group.deps.clock.after(delay, () => this.compare())
  }

  async #catchUp(): Promise<void> {
    const turn = await this.#turns.take(this.#group.groupId, this.#abort.signal)
    try {
      if (this.#abort.signal.aborted) return
      const told = this.#theirs
      this.#theirs = null
      await this.#compareNow(told === null || turn.waited ? await this.#ask(turn, told !== null) : told)
    } finally {
      turn.end()
    }
  }

  async #compareNow(theirs: Frontier): Promise<void> {
    // From here on new objects queue up behind what is sent below.
    const fresh: ObjectId[] = []
    this.#queue = fresh
    this.#isBehind = false
    this.#group.deps.logger.debug('compared', { theirEpoch: theirs.epoch, ourEpoch: this.#group.tip.row.epoch })
    const { store } = this.#group.deps
    this.#refused.theyAreIn(theirs)
    if (this.#isProven && hasAll(this.#group, this.#to.memberId, theirs)) {
      this.#unknown = null
      this.#shown = null
      this.#failures = 0
      this.#compared(theirs, false)
      return this.#flush(fresh)
    }
    const whose = { memberId: this.#isProven ? this.#to.memberId : null, answered: this.#refused }
    const compared = compareEpochs(store, this.#group.groupId, theirs, whose)
    this.#learn(theirs, compared)
    const alone = this.#isProven ? await rehome(this.#group, this.#to.memberId, compared, theirs.eid) : []
    const isGiven = await handOver(this.#group, this.#to.memberId, alone, this.#handOver)
    const stuck = new Stuck()
    await this.#bring(theirs, compared, stuck)
    await this.#close(theirs, compared, stuck)
    const { groupId, tip } = this.#group
    if (theirs.eid === tip.row.tip) this.#refused.noteUnread(stuck.epochs)
    const isUnknown = !isKnown(store, groupId, theirs.eid)
    this.#unknown = isUnknown ? theirs.eid : null
    const apart = isUnknown || isBeside(store, groupId, tip.row.tip, theirs)
    this.#compared(theirs, apart)
    const agreed = apart || (await this.#agree(theirs, compared))
    if (stuck.any || !isGiven) return this.#compareLater()
    if (apart || !agreed) return this.#compareLater(RETRY_APART_MS)
    this.#failures = 0
    await this.#flush(fresh)
  }

  /** The gaps that nothing else will fill for them. */
  async #close(theirs: Frontier, { readable }: ComparedEpochs, stuck: Stuck): Promise<void> {
    const canRead = (eid: Eid) => (stuck.isUnknown(eid) ? undefined : readable?.get(eid))
    if (this.#isProven) await this.#fillings.give(this.#group, { memberId: this.#to.memberId, theirs, canRead }, this.#handOver)
  }

  /** All that they lack, in the order in which it came here. What they were found to have is not gone through again. */
  async #bring(theirs: Frontier, compared: ComparedEpochs, stuck: Stuck): Promise<void> {
    const { store } = this.#group.deps
    const { groupId, tip } = this.#group
    const oldest = oldestLacking(store, compared, oldestCommit(store, groupId))
    const missing = this.#lacks(theirs, compared)
    // Also what is no part of our tree: we may not be able to follow it where they are.
    const others = store.objects.commitsSince(groupId, theirs.epoch).filter((head) => missing(head) && this.#mayGo(head, stuck))
    const lacksCommits = compared.apart || Number.isFinite(oldest) || others.length > 0
    if (!lacksCommits && (!this.#isProven || lacksNoMessage(theirs, tip.row, store.senders.list(groupId)))) return
    const from = Math.min(theirs.epoch, theirs.joinedEpoch, oldest)
    const reader = readerOf(theirs, compared)
    const after = lacksCommits || this.#examined?.reader !== reader ? null : this.#examined.upTo
    const { upTo, isAllTaken } = await this.#pushAll(from, after, missing, stuck)
    this.#examined = isAllTaken && !stuck.any && this.#isProven ? { upTo, reader } : null
  }

  /** What passes, of all from that epoch on and after that object, in the order in which it came here; ends early where the courier is stopped. */
  async #pushAll(
    fromEpoch: number,
    after: ObjectId | null,
    passes: (head: ObjectHead) => boolean,
    stuck: Stuck,
  ): Promise<{ upTo: ObjectId | null; isAllTaken: boolean }> {
    const { objects } = this.#group.deps.store
    let upTo = after
    let isAllTaken = true
    for (;;) {
      const page: SizedHead[] = objects.headsSince(this.#group.groupId, fromEpoch, upTo, BATCH_SIZE)
      for (const batch of batches(page.filter(passes), ({ size }) => size)) {
        const rows = batch.filter((head) => this.#mayGo(head, stuck)).flatMap(({ objectId }) => objects.get(objectId) ?? [])
        isAllTaken = (await this.#push(rows, stuck)) && isAllTaken
      }
      upTo = page.at(-1)?.objectId ?? upTo
      if (page.length < BATCH_SIZE) return { upTo, isAllTaken }
      await this.#group.turn()
      if (this.#abort.signal.aborted) return { upTo, isAllTaken: false }
    }
  }

  /**
   * Who knows our branch and stays on another, though it knows all commits that we know, may have seen others there: it is shown whom we
   * saw (SPEC.md D6). Answers false while the choice may still be under way.
   */
  async #agree({ eid }: Frontier, { readable }: ComparedEpochs): Promise<boolean> {
    const { groupId, tip, deps } = this.#group
    const isElsewhere = this.#isProven && eid !== tip.row.tip
    const fork = isElsewhere ? sinceParting(deps.store.commits.of(groupId), tip.row.tip, eid) : null
    const shown = this.#shown
    if (fork === null || shown?.parting !== fork.parting) {
      this.#shown = fork && new Sightings(fork.parting)
      return fork === null
    }
    if (shown.isOver) return true
    const oldest = deps.store.mls.epoch(groupId, fork.parting)?.epoch ?? 0
    const { after, passes } = shown.next(fork.epochs, (one) => readable?.get(one) !== false)
    const stuck = new Stuck()
    let isTaken = false
    try {
      const { upTo } = await this.#pushAll(oldest, after, (head) => head.sender !== this.#to.memberId && passes(head), stuck)
      isTaken = !stuck.any
      if (isTaken) shown.done(upTo)
    } finally {
      if (!isTaken) shown.again()
    }
    return isTaken || shown.isOver
  }

  /** `inReturn` of being asked: two whose turns come late would ask each other for ever, each because the other did. */
  async #ask(turn: Turn, inReturn: boolean): Promise<Frontier> {
    const ours = this.#isProven ? groupFrontier(this.#group) : bareGroupFrontier(this.#group)
    const theirs = await this.#network.frontier(this.#to.peerId, inReturn ? { ...ours, inReturn } : ours, this.#deadline())
    turn.answered()
    return theirs
  }

  get #isProven(): boolean {
    return this.#to.memberId !== UNPROVEN
  }

  #mayGo(object: ObjectHead, stuck: Stuck): boolean {
    return !stuck.holds(object) && !this.#refused.holds(object.objectId) && !this.#has.has(object.objectId)
  }

  #lacks(theirs: Frontier, ours: ComparedEpochs): (object: ObjectHead) => boolean {
    const missing = lacks(theirs, ours)
    return (object) => (this.#isProven || object.kind === 'commit') && missing(object)
  }

  /** What their frontier says of our messages. */
  #learn(theirs: Frontier, { readable }: ComparedEpochs): void {
    const { store, clock, events } = this.#group.deps
    const { groupId, self } = this.#group
    const ours = theirs.senders.find((s) => s.memberId === self)
    const { memberId } = this.#to
    if (memberId === UNPROVEN || ours === undefined) return
    const whose = { groupId, self, memberId, now: clock.now() }
    const changed = store.transaction((tx) => noteHeld(tx, whose, ours, (eid) => readable?.get(eid) === true))
    if (changed.length > 0) events.deliveryChanged(groupId, messagesOf(store, changed))
  }

  async #flush(queue: ObjectId[]): Promise<void> {
    const { store } = this.#group.deps
    while (queue.length > 0 && this.#queue === queue) {
      const rows = queue.splice(0, BATCH_SIZE).flatMap((objectId) => store.objects.get(objectId) ?? [])
      const stuck = new Stuck()
      await this.#push(
        rows.filter((row) => row.sender !== this.#to.memberId && (this.#isProven || row.kind === 'commit')),
        stuck,
      )
      if (stuck.any) return this.#compareLater()
      // The first goes at once. Of many that are written one after the other as many as possible share what a push costs at either end.
      if (queue.length > 0) await this.#group.turn()
    }
  }

  /** Answers whether nothing of it was refused. */
  async #push(rows: readonly ObjectRow[], stuck: Stuck): Promise<boolean> {
    const { groupId } = this.#group
    let isTaken = true
    for (const batch of batches(rows, ({ bytes }) => bytes.length)) {
      const free = batch.filter((row) => this.#mayGo(row, stuck))
      if (free.length === 0) continue
      const objects = free.map(({ eid, bytes }): WireObject => ({ eid, bytes }))
      const acks = await this.#network.push(this.#to.peerId, { groupId, objects }, this.#deadline())
      this.#acknowledge(free, acks)
      for (const [i, row] of free.entries()) stuck.note(row, acks[i])
      this.#group.deps.logger.debug('pushed', { objects: free.length, stored: acks.filter((ack) => ack === 'stored').length })
      isTaken &&= !acks.includes('rejected')
    }
    return isTaken
  }

  #acknowledge(rows: readonly ObjectRow[], acks: readonly ObjectAck[]): void {
    const { store, clock, events, logger } = this.#group.deps
    const { groupId, self } = this.#group
    this.#noteHeld(rows.filter((row, i) => acks[i] === 'stored' && row.kind === 'commit'))
    const stored = rows.filter((row, i) => acks[i] === 'stored' && row.sender === self && row.kind === 'message')
    const refused = rows.filter((_, i) => acks[i] === 'rejected')
    for (const row of refused) this.#refused.note(row)
    if (refused.length > 0) logger.warn('objects-refused-by-peer', { count: refused.length })
    if (stored.length === 0 || this.#to.memberId === UNPROVEN) return
    const changed = store.transaction((tx) =>
      stored.filter((row) => tx.deliveries.ack(row.objectId, this.#to.memberId, clock.now())).map((row) => row.objectId),
    )
    if (changed.length > 0) events.deliveryChanged(groupId, messagesOf(store, changed))
  }

  /** Whether the other end said that it has this commit. Of the newest few only. */
  has(objectId: ObjectId): boolean {
    return this.#has.has(objectId)
  }

  /** Resolves once the other end said that it has this commit, there is no more hope of that, or nobody waits any more. */
  async whenHeld(objectId: ObjectId, waiting: AbortSignal): Promise<void> {
    const isOver = (): boolean => this.#has.has(objectId) || this.#abort.signal.aborted || waiting.aborted
    while (!isOver()) await new Promise<void>((resolve) => this.#told.push(resolve))
  }

  #noteHeld(commits: readonly ObjectRow[]): void {
    for (const { objectId } of commits) this.#has.add(objectId)
    for (const [oldest] of this.#has.entries()) if (this.#has.size > REMEMBERED) this.#has.delete(oldest)
    this.#tell()
  }

  #tell(): void {
    const told = this.#told
    this.#told = []
    for (const tell of told) tell()
  }

  #deadline(): AbortSignal {
    return AbortSignal.any([this.#abort.signal, AbortSignal.timeout(REQUEST_MS)])
  }
}
