import type { Eid, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import { equalBytes, toHex } from '../../kernel/bytes.ts'
import { Turn } from '../../kernel/turn.ts'
import { PeerRate } from '../../network/protocols/peer-rate.ts'
import type { MailboxGet } from '../../ports/mailbox.ts'
import type { ObjectRow } from '../../ports/store.ts'
import type { ObjectAck, WireObject } from '../../ports/wire.ts'
import { receiveObjects } from '../../sync/group/receive/receive-objects.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { messagesOf } from '../../sync/group/messages-of.ts'
import { objectIdOf } from '../../sync/group/object-id.ts'
import { comparedTags, lackedBy } from '../../sync/mailbox/compare.ts'
import { DAY_MS, dayKeys, dayOf, MAX_APART_MS } from '../../sync/mailbox/day-keys.ts'
import type { DayKeys } from '../../sync/mailbox/day-keys.ts'
import { KEPT_DAYS } from '../../sync/mailbox/epoch-keys.ts'
import type { EpochKeys } from '../../sync/mailbox/epoch-keys.ts'
import {
  dayOfTag,
  encodeFetchNotes,
  keyName,
  keyOfTag,
  namesIn,
  putFetchNotes,
  readFetchNotes,
  SEEN_BYTES,
  tagId,
  unread,
  withSeen,
} from '../../sync/mailbox/fetch-notes.ts'
import type { TagNote } from '../../sync/mailbox/fetch-notes.ts'
import { breakReceipts, receiptsOfDay } from '../../sync/mailbox/put-notes.ts'
import { sealedHash, unseal } from '../../sync/mailbox/seal.ts'
import { makeGet } from '../../sync/mailbox/statements.ts'
import type { MailboxLine } from './mailbox-line.ts'
import { ReadPlaces } from './read-places.ts'
import type { Place } from './read-places.ts'
import { isOpen, Waiting } from './waiting.ts'
import type { Found } from './waiting.ts'

/** So long after a day's end nobody puts under its tag any more: no request of that day is taken (ten minutes), on a slow clock neither. */
const OVER_MS = 30 * 60_000
/** More pages of one tag than its room allows (64 MiB): a mailbox that makes them up. As many bytes as twice that, since it may begin anew. */
const MOST_PAGES = 1_200
const MOST_BYTES = 128 * 1024 * 1024
/** A disk is lost, or an older copy put back, so often a day at most; a mailbox that says so more often has all of it read over and over. */
const LOSSES = 3
/** Where counting what a mailbox withheld ends. */
const MOST_WITHHELD = 10_000
/** As many of one mailbox are remembered; one that is not may be put there again. */
const MOST_COMMITS = 1_024
/** Objects that are stored together. */
const TOGETHER = 64
/** The oldest keys are looked under once in so many rounds: about every half hour. */
const OLDEST_EVERY = 8

interface Tag {
  id: string
  day: number
  presenceKey: Uint8Array
}

/** Reads what the mailboxes of one group have of it, from where it read last, and holds them against each other. */
export class MailboxReader {
  readonly #group: LiveGroup
  readonly #keys: EpochKeys
  readonly #isOver: () => boolean
  readonly #waiting = new Waiting()
  readonly #notes: Map<PeerId, Map<string, TagNote>>
  readonly #places = new ReadPlaces()
  /** Where the group was when each was read. */
  readonly #tips = new Map<PeerId, Eid>()
  readonly #rounds = new Map<PeerId, number>()
  readonly #turn = new Turn()
  readonly #losses: PeerRate
  /** What each lacked in the round before: one put may be under way. */
  readonly #lackedBefore = new Map<PeerId, ReadonlySet<string>>()
  /** Of the tags that all have read to their end, those of which each was judged. */
  readonly #judged = new Map<PeerId, Set<string>>()
  /** What each lacked of days that are over, and what it broke its word about: since the profile was opened. */
  readonly #lackedForGood = new Map<PeerId, Set<string>>()
  /** Commits that were read in each since the profile was opened: what they are named, what they lead out of, and the key they lay under. */
  readonly #commits = new Map<PeerId, Set<string>>()
  #saved: Uint8Array | null = null

  /** `isOver`: nothing may be stored any more. */
  constructor(group: LiveGroup, keys: EpochKeys, isOver: () => boolean) {
    this.#group = group
    this.#keys = keys
    this.#isOver = isOver
    this.#notes = readFetchNotes(group.deps.store, group.groupId)
    this.#losses = new PeerRate(group.deps.clock, { most: LOSSES, windowMs: DAY_MS })
  }

  /**
   * Whether this commit was read there, where those look who lack it. Whoever knows a key may put it elsewhere, or call it another's. Not for
   * good: what was read before a start is not remembered.
   */
  sawIn(mailbox: PeerId, { objectId, eid }: Pick<ObjectRow, 'objectId' | 'eid'>, presenceKey: Uint8Array): boolean {
    return this.#commits.get(mailbox)?.has(`${objectId} ${eid} ${keyName(presenceKey)}`) === true
  }

  /** Reads one mailbox to its end, beside others, and holds it against them (`all`). If it does not answer it is left for the next time. */
  async round(line: MailboxLine, all: readonly PeerId[]): Promise<void> {
    const { clock } = this.#group.deps
    const from = clock.now()
    this.#readDroppedAgain(line.peerId)
    const isRead = await this.#readAll(line)
    if (this.#isOver()) return
    await this.#waiting.offer((objects) => this.#receive(objects))
    if (this.#isOver()) return
    if (isRead) await this.#judge(line, all, from)
    if (!this.#isOver()) this.#save()
  }

  /** What was let go of may be taken now that the group is in another epoch. */
  #readDroppedAgain(mailbox: PeerId): void {
    const { tip } = this.#group.tip.row
    const before = this.#tips.get(mailbox)
    this.#tips.set(mailbox, tip)
    if (before === undefined || before === tip) return
    for (const { tag } of this.#waiting.takeDropped(mailbox)) this.#places.forget(mailbox, tag)
  }

  /** Answers whether it was read to its end. Keys that what was read leads to are looked under as well. */
  async #readAll(line: MailboxLine): Promise<boolean> {
    const done = new Set<string>()
    const rounds = this.#rounds.get(line.peerId) ?? 0
    this.#rounds.set(line.peerId, rounds + 1)
    const withOldest = rounds % OLDEST_EVERY === 0
    for (;;) {
      const next = this.#tags(line.peerId, withOldest).find(({ id }) => !done.has(id))
      if (next === undefined) return true
      done.add(next.id)
      if (!(await this.#readTag(line, next))) return false
    }
  }

  /** Of every day that is not over and read, and of the last that had anything; the oldest first, within a day what leads to a newer key first. */
  #tags(mailbox: PeerId, withOldest: boolean): Tag[] {
    const { deps, groupId } = this.#group
    const now = deps.clock.now()
    const today = dayOf(now)
    // The day of whoever wrote to a newcomer may have been the one before still. What is yet to come was said by a clock that was put back since.
    const createdAt = deps.store.groups.get(groupId)?.createdAt ?? 0
    const joined = createdAt > now ? 0 : dayOf(createdAt) - 1
    const keys = this.#keys.readable(this.#group, { withOldest }).map((presenceKey) => ({ presenceKey, name: keyName(presenceKey) }))
    const tags: Tag[] = []
    for (let day = Math.max(joined, today - KEPT_DAYS); day <= today; day += 1) {
      for (const { presenceKey, name } of keys) {
        tags.push({ id: tagId(name, day), day, presenceKey })
      }
    }
    // What was read last tells whether all that came before it is there still.
    const newest = Math.max(...tags.filter(({ id }) => this.#note(mailbox, id).mark !== null).map(({ day }) => day))
    return tags.filter(({ id, day }) => {
      const { complete, mark } = this.#note(mailbox, id)
      return !complete || (day === newest && mark !== null)
    })
  }

  async #readTag(line: MailboxLine, { id, day, presenceKey }: Tag): Promise<boolean> {
    const { deps } = this.#group
    const { clock } = deps
    const keys = dayKeys(this.#group.groupId, presenceKey, day)
    const from = clock.now()
    let { cursor, mark, seen }: Place = this.#places.get(line.peerId, id) ?? this.#note(line.peerId, id)
    for (let [pages, bytes] = [0, 0]; ; pages += 1) {
      const request: MailboxGet = makeGet(keys, line.peerId, cursor, clock.now())
      const page = await line.get(request)
      if (page === null || this.#isOver()) return false
      bytes += page.objects.reduce((sum, { length }) => sum + length, 0)
      if (pages >= MOST_PAGES || bytes > MOST_BYTES) {
        line.lied()
        return false
      }
      if (mark !== null && this.#isOther(mark, page.mark, day)) {
        if (!this.#losses.admit(line.peerId)) {
          line.lied()
          return false
        }
        // It is not the store it was: its disk was lost, or is an older copy. All that is there is read from the start, and held to its receipts.
        deps.logger.warn('mailbox-store-changed')
        this.#forgetAll(line.peerId)
        ;({ cursor, mark, seen } = unread)
        continue
      }
      const opened = await this.#take(page.objects, keys, { mailbox: line.peerId, tag: id, cursor, mark })
      seen = withSeen({ ...unread, seen }, opened.map(sealedHash))
      mark = page.nextMark ?? mark
      cursor = page.next
      // With what was seen: the next page may never come.
      this.#places.set(line.peerId, id, { cursor, mark, seen })
      if (!page.more) break
    }
    const stuck = this.#waiting.firstIn(line.peerId, id)
    this.#setNote(line.peerId, id, {
      cursor: stuck?.cursor ?? cursor,
      mark: stuck === null ? mark : stuck.mark,
      complete: stuck === null && from >= (day + 1) * DAY_MS + OVER_MS,
      seen,
    })
    return true
  }

  /** Answers those that are what they should be: anything else a mailbox may make up. */
  async #take(sealed: readonly Uint8Array[], keys: DayKeys, found: Found & { mailbox: PeerId }): Promise<Uint8Array[]> {
    const pairs = sealed.flatMap((each) => {
      const object = unseal(keys, each)
      return object === null ? [] : { each, object }
    })
    const objects = pairs.map(({ object }) => object)
    if (objects.length < sealed.length) this.#group.deps.logger.warn('mailbox-objects-malformed', { count: sealed.length - objects.length })
    this.#noteCommits(found, objects)
    for (let at = 0; at < objects.length; at += TOGETHER) {
      const some = objects.slice(at, at + TOGETHER)
      const acks = await this.#receive(some)
      for (const [i, object] of some.entries()) if (isOpen(acks[i])) this.#waiting.add(object, found)
      if (acks.includes('stored')) await this.#waiting.offer((waiting) => this.#receive(waiting))
    }
    return pairs.map(({ each }) => each)
  }

  #noteCommits({ mailbox, tag }: Pick<Found & { mailbox: PeerId }, 'mailbox' | 'tag'>, objects: readonly WireObject[]): void {
    const { engine } = this.#group.deps
    const commits = this.#commits.get(mailbox) ?? new Set<string>()
    this.#commits.set(mailbox, commits)
    for (const { eid, bytes } of objects) {
      const header = engine.inspect(bytes)
      if (header.ok && header.value.kind === 'commit') commits.add(`${objectIdOf(bytes)} ${eid} ${keyOfTag(tag)}`)
    }
    for (const oldest of commits) if (commits.size > MOST_COMMITS) commits.delete(oldest)
  }

  #receive(objects: readonly WireObject[]): Promise<ObjectAck[]> {
    return this.#isOver() ? Promise.resolve(objects.map(() => 'later')) : receiveObjects(this.#group, objects)
  }

  /** What a mailbox lacks: of what it gave receipts for, and of what another has. */
  async #judge(line: MailboxLine, all: readonly PeerId[], from: number): Promise<void> {
    const { peerId } = line
    const others = [...this.#notes].flatMap(([mailbox, tags]) => (mailbox !== peerId && all.includes(mailbox) ? [tags] : []))
    const lacking = await lackedBy(this.#notes.get(peerId) ?? new Map<string, TagNote>(), others, this.#turn)
    if (this.#isOver()) return
    const compared = comparedTags(this.#notes, all)
    const broken = this.#broken(peerId, from)
    const lacks = new Set([...lacking, ...broken])
    const before = this.#lackedBefore.get(peerId)
    const forGood = this.#lackedForGood.get(peerId) ?? new Set<string>()
    this.#lackedForGood.set(peerId, forGood)
    for (const name of lacks) if (broken.has(name) || compared.has(name.slice(0, name.lastIndexOf('/')))) forGood.add(name)
    for (const oldest of forGood) if (forGood.size > MOST_WITHHELD) forGood.delete(oldest)
    const now = [...lacks].filter((name) => before?.has(name) === true)
    this.#lackedBefore.set(peerId, lacks)
    line.fetched(this.#group.groupId, new Set([...forGood, ...now]).size)
    this.#judged.set(peerId, compared)
    this.#letGo([...compared].filter((id) => all.every((mailbox) => this.#judged.get(mailbox)?.has(id) === true)))
  }

  /** Not before each of them was judged: one may read the tag to its end, and come to that only when the others are through. */
  #letGo(compared: readonly string[]): void {
    for (const tags of this.#notes.values())
      for (const id of compared) {
        const note = tags.get(id)
        if (note !== undefined) tags.set(id, { ...note, seen: null })
      }
  }

  /** What it said before `from` that it keeps, and does not give. It is seen to again, and shown as `stored` if nobody else has it. */
  #broken(mailbox: PeerId, from: number): Set<string> {
    const { deps, groupId } = this.#group
    const tags = this.#notes.get(mailbox) ?? new Map<string, TagNote>()
    const byTag = new Map<string, { id: string; seen: Set<string> }>()
    const days = new Set<number>()
    for (const presenceKey of this.#keys.readable(this.#group))
      for (const [id, { seen }] of tags) {
        if (seen === null || !id.startsWith(`${keyName(presenceKey)}/`)) continue
        byTag.set(toHex(dayKeys(groupId, presenceKey, dayOfTag(id)).tag), { id, seen: new Set(namesIn(seen)) })
        days.add(dayOfTag(id))
      }
    const names = new Set<string>()
    const objects: ObjectId[] = []
    for (const { objectId, receipts } of [...days].flatMap((day) => receiptsOfDay(deps.store, groupId, day)))
      for (const receipt of receipts) {
        // It may seem older, and younger, than it is.
        const isDue =
          receipt.mailbox === mailbox && receipt.storedAt < from - MAX_APART_MS && receipt.keptUntil > deps.clock.now() + MAX_APART_MS
        const found = isDue ? byTag.get(toHex(receipt.tag)) : undefined
        const name = toHex(receipt.hash.subarray(0, SEEN_BYTES))
        if (found === undefined || found.seen.has(name)) continue
        names.add(`${found.id}/${name}`)
        objects.push(objectId)
      }
    if (objects.length > 0) {
      deps.logger.warn('mailbox-receipts-broken', { count: objects.length })
      deps.store.transaction((tx) => breakReceipts(tx, groupId, mailbox, objects))
      deps.events.deliveryChanged(groupId, messagesOf(deps.store, objects))
    }
    return names
  }

  /** What is gone of the first day may have been kept for as long as was promised. */
  #isOther(mark: Uint8Array, now: Uint8Array | null, day: number): boolean {
    return now === null ? day > dayOf(this.#group.deps.clock.now()) - KEPT_DAYS : !equalBytes(mark, now)
  }

  /** Also of days that are over: what it held of them it holds no more. */
  #forgetAll(mailbox: PeerId): void {
    this.#notes.delete(mailbox)
    this.#places.forgetAll(mailbox)
    this.#commits.delete(mailbox)
  }

  #note(mailbox: PeerId, id: string): TagNote {
    return this.#notes.get(mailbox)?.get(id) ?? unread
  }

  #setNote(mailbox: PeerId, id: string, note: TagNote): void {
    const tags = this.#notes.get(mailbox) ?? new Map<string, TagNote>()
    this.#notes.set(mailbox, tags.set(id, note))
  }

  #save(): void {
    const { deps, groupId } = this.#group
    const oldest = dayOf(deps.clock.now()) - KEPT_DAYS - 1
    for (const tags of this.#notes.values()) for (const id of tags.keys()) if (dayOfTag(id) < oldest) tags.delete(id)
    this.#places.forgetBefore(oldest)
    const notes = encodeFetchNotes(this.#notes)
    if (this.#saved !== null && equalBytes(this.#saved, notes)) return
    this.#group.note((tx) => putFetchNotes(tx, groupId, notes))
    this.#saved = notes
  }
}
