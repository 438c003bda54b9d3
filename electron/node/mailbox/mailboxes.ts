import type { GroupId, MemberId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import type { MailboxStatus } from '../../../shared/domain/models.ts'
import { faultName } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import { within } from '../../kernel/within.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { messagesOf } from '../../sync/group/messages-of.ts'
import { EpochKeys } from '../../sync/mailbox/epoch-keys.ts'
import { dropReceiptsOver, receiptsOver } from '../../sync/mailbox/put-notes.ts'
import { PATIENCE_MS } from '../../sync/mailbox/which-objects.ts'
import { MailboxLine } from './mailbox-line.ts'
import type { LineDeps } from './mailbox-line.ts'
import { MailboxReader } from './mailbox-reader.ts'
import { putMissing } from './mailbox-writer.ts'
import type { Writing } from './mailbox-writer.ts'
import { keptOnly } from './who-asks.ts'

/** What is written within so long, or reaches those who are connected, needs one put or none. */
const SETTLE_MS = 3_000
/** After a put that failed: soon at first. */
const RETRY_FIRST_MS = 5_000
const RETRY_LAST_MS = 10 * 60_000
/** How often mailboxes are asked, give or take a quarter: all members at one moment would tell that they belong together. */
const FETCH_MS = 4 * 60_000

export interface MailboxesDeps extends LineDeps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  random: Random
  /** The mailboxes of a group; may be others each time. */
  mailboxesOf: (groupId: GroupId) => readonly PeerAddress[]
  online: (groupId: GroupId) => ReadonlySet<MemberId>
  allHave: (groupId: GroupId, members: readonly MemberId[], commit: ObjectId) => boolean
}

/** One kind of work for one thing: at most once at a time, and once more if it was asked for meanwhile. */
interface Work {
  /** What was asked for last: whoever left and came back has another group by then. */
  task: (work: Work) => Promise<boolean>
  running: Promise<void> | null
  again: boolean
  failures: number
  /** Calls off what is to happen next. */
  cancel: () => void
  /** It failed, and is to be tried again after a pause. Not a time: a clock may be put back. */
  waits: boolean
  /** Something of this group is to be put; null for what is fetched, and where all is there. */
  owing: GroupId | null
}

/** Keeps the mailboxes of all groups: gives them what is for those who are away, and takes what others left there. */
export class Mailboxes {
  readonly #deps: MailboxesDeps
  readonly #keys = new EpochKeys()
  readonly #lines = new Map<PeerId, MailboxLine>()
  readonly #readers = new WeakMap<LiveGroup, MailboxReader>()
  readonly #work = new Map<string, Work>()
  readonly #abort = new AbortController()
  readonly #settling = new Map<GroupId, () => void>()
  #started = false
  /** How many times at once it is going off. */
  #parting = 0
  #cancelFetch: () => void = () => undefined

  constructor(deps: MailboxesDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#started = true
    for (const groupId of this.#deps.groups.keys()) this.#settle(groupId)
    this.fetchAll()
  }

  /**
   * This device goes off: what was just written is put now, and what those who are connected have not taken. Resolves when all of that is done or
   * has failed, or after so long; `stop` ends it at any time. It may go on afterwards, if it only slept.
   */
  async part(withinMs: number): Promise<void> {
    if (!this.#started) return
    this.#parting += 1
    try {
      await within(this.#deps.clock, withinMs, this.#putNow())
    } finally {
      this.#parting -= 1
    }
  }

  async #putNow(): Promise<void> {
    const owing = () => [...this.#work.values()].filter((work) => work.owing !== null)
    for (const groupId of new Set([...this.#settling.keys(), ...owing().flatMap((work) => work.owing ?? [])])) this.#putAll(groupId)
    await Promise.all(owing().flatMap(({ running }) => running ?? []))
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    this.#cancelFetch()
    for (const cancel of this.#settling.values()) cancel()
    for (const work of this.#work.values()) work.cancel()
    await Promise.all([...this.#work.values()].flatMap(({ running }) => running ?? []))
  }

  /** Of every mailbox that any group has. */
  status(): MailboxStatus[] {
    const peers = [...this.#deps.groups.keys()].flatMap((groupId) => this.#linesOf(groupId))
    return [...new Set(peers)].map((line) => line.status())
  }

  /** Something of a group is new here, or somebody who could have taken it is gone. */
  changed(groupId: GroupId): void {
    this.#settle(groupId)
  }

  /** A member is known to ask other mailboxes than before: what lies in one counts as `held` for those who ask it (`who-asks.ts`). */
  readersChanged(groupId: GroupId): void {
    const group = this.#deps.groups.get(groupId)
    const messages = group === undefined ? [] : keptOnly(group.deps.store, groupId)
    if (messages.length > 0) group?.deps.events.deliveryChanged(groupId, messages)
  }

  /** The network is another, or the machine woke: what could not be reached may be. */
  moved(): void {
    for (const work of this.#work.values()) work.waits = false
    for (const groupId of this.#deps.groups.keys()) this.#putAll(groupId)
    this.fetchAll()
  }

  /** At the start, when the network is another, and every few minutes. */
  fetchAll(): void {
    if (!this.#started || this.#abort.signal.aborted) return
    this.#cancelFetch()
    const jitter = 0.75 + this.#deps.random.fraction() / 2
    this.#cancelFetch = this.#deps.clock.after(Math.ceil(FETCH_MS * jitter), () => {
      for (const groupId of this.#deps.groups.keys()) this.#putAll(groupId)
      this.fetchAll()
    })
    for (const groupId of this.#deps.groups.keys()) {
      this.#expire(groupId)
      this.fetch(groupId)
    }
  }

  /** What was promised for thirty days counts no longer than that, also where nobody reads that mailbox any more. */
  #expire(groupId: GroupId): void {
    const { groups, clock } = this.#deps
    const group = groups.get(groupId)
    if (group === undefined || this.#isOver(group)) return
    const now = clock.now()
    const over = receiptsOver(group.deps.store, groupId, now)
    if (over.length === 0) return
    group.note((tx) => dropReceiptsOver(tx, groupId, over, now))
    group.deps.events.deliveryChanged(groupId, messagesOf(group.deps.store, over))
  }

  fetch(groupId: GroupId): void {
    const group = this.#deps.groups.get(groupId)
    if (group === undefined || !this.#started) return
    // Each for itself: one may answer as slowly as it likes.
    for (const line of this.#linesOf(groupId))
      this.#run(`get ${groupId} ${line.peerId}`, async () => {
        if (this.#isOver(group)) return true
        const reader = this.#readers.get(group) ?? new MailboxReader(group, this.#keys, () => this.#isOver(group))
        this.#readers.set(group, reader)
        await reader.round(
          line,
          this.#linesOf(groupId).map(({ peerId }) => peerId),
        )
        return true
      })
  }

  #settle(groupId: GroupId): void {
    if (!this.#started || this.#abort.signal.aborted || this.#settling.has(groupId) || this.#linesOf(groupId).length === 0) return
    const cancel = this.#deps.clock.after(SETTLE_MS, () => {
      this.#settling.delete(groupId)
      this.#putAll(groupId)
    })
    this.#settling.set(groupId, cancel)
  }

  #putAll(groupId: GroupId): void {
    for (const line of this.#linesOf(groupId)) this.#put(groupId, line)
  }

  #put(groupId: GroupId, line: MailboxLine): void {
    const { groups, clock, online, allHave } = this.#deps
    const name = `put ${groupId} ${line.peerId}`
    if (this.#work.get(name)?.waits === true) return
    this.#run(name, async (work) => {
      const group = groups.get(groupId)
      work.owing = null
      // A retry may come when its relay was taken off the list.
      if (group === undefined || this.#isOver(group) || !this.#linesOf(groupId).includes(line)) return true
      work.owing = groupId
      const around = () => ({
        // Who is connected and has not taken something will not have it from here any more.
        connected: this.#parting > 0 ? new Set<MemberId>() : online(groupId),
        allHave: (members: readonly MemberId[], commit: ObjectId) => allHave(groupId, members, commit),
      })
      const lies: Writing['lies'] = (commit, key) => this.#readers.get(group)?.sawIn(line.peerId, commit, key) === true
      const written = await putMissing(group, { line, keys: this.#keys, around, lies })
      if (written === 'open' && !this.#abort.signal.aborted) {
        work.cancel()
        work.cancel = clock.after(PATIENCE_MS, () => this.#put(groupId, line))
      }
      if (written === 'all' && !work.again) work.owing = null
      return written !== 'failed'
    })
    const work = this.#work.get(name)
    if (work !== undefined) this.#retry(work, line, () => this.#put(groupId, line))
  }

  /** Once the work is over: tries again what failed, later each time. */
  #retry(work: Work, line: MailboxLine, again: () => void): void {
    const { clock, random } = this.#deps
    void work.running?.then(() => {
      if (work.failures === 0 || this.#abort.signal.aborted) return
      const backoff = Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** (work.failures - 1)) * (0.5 + random.fraction() / 2)
      work.cancel()
      work.waits = true
      work.cancel = clock.after(Math.ceil(Math.max(line.waitMs, backoff)), () => {
        work.waits = false
        again()
      })
    })
  }

  #run(name: string, task: (work: Work) => Promise<boolean>): void {
    if (this.#abort.signal.aborted) return
    const work = this.#work.get(name) ?? {
      task,
      running: null,
      again: false,
      failures: 0,
      cancel: () => undefined,
      waits: false,
      owing: null,
    }
    this.#work.set(name, work)
    work.task = task
    if (work.running !== null) {
      work.again = true
      return
    }
    work.running = this.#repeat(work).finally(() => {
      work.running = null
    })
  }

  async #repeat(work: Work): Promise<void> {
    for (let more = true; more;) {
      work.again = false
      try {
        work.failures = (await work.task(work)) ? 0 : work.failures + 1
      } catch (thrown) {
        work.failures += 1
        this.#deps.logger.warn('mailbox-work-failed', { fault: faultName(thrown) })
      }
      more = isWantedAgain(work) && !this.#abort.signal.aborted
    }
  }

  #linesOf(groupId: GroupId): MailboxLine[] {
    return this.#deps.mailboxesOf(groupId).map((peer) => {
      const line = this.#lines.get(peer.peerId) ?? new MailboxLine(this.#deps, peer, this.#abort.signal)
      line.moved(peer)
      this.#lines.set(peer.peerId, line)
      return line
    })
  }

  #isOver(group: LiveGroup): boolean {
    return this.#abort.signal.aborted || this.#deps.groups.get(group.groupId) !== group
  }
}

/** What failed waits for its pause. */
const isWantedAgain = ({ again, failures }: Work): boolean => again && failures === 0
