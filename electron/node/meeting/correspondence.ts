import type { GroupId, MemberId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import type { Network } from '../../ports/network.ts'
import type { ObjectRow } from '../../ports/store.ts'
import type { Frontier, SharedGroup } from '../../ports/wire.ts'
import { bareGroupFrontier, groupFrontier } from '../../sync/anti-entropy/group-frontier.ts'
import { missing } from '../../sync/anti-entropy/sender-chain.ts'
import { Courier } from '../../sync/delivery/courier.ts'
import type { Correspondent } from '../../sync/delivery/courier.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { Turns } from '../../sync/delivery/turns.ts'
import { wayOut } from '../../sync/members/way-out.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import { PassingOn } from './passing-on.ts'
import { Reproves } from './reproves.ts'

/** PROTOCOL.md: a commit that nobody contested for so long counts as settled. */
const SETTLE_MS = 1_000
/** What was overtaken by a later one of the same sender mostly comes within this. */
const GAP_MS = 1_500

interface Deps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  network: Network
  clock: Clock
  random: Random
  logger: Logger
  /** A comparison with a peer came to an end. `apart`: nothing either has fits on what the other has. */
  compared: (group: LiveGroup, to: Correspondent, theirs: Frontier, apart: boolean) => void
}

/** One courier for each proven member of each group that is connected now. */
export class Correspondence {
  readonly #deps: Deps
  readonly #couriers = new Map<PeerId, Map<GroupId, Courier>>()
  readonly #turns: Turns
  readonly #passingOn: PassingOn
  /** Whose chain is looked at in a moment, and where it broke off when they were asked last. */
  readonly #looks = new Map<string, () => void>()
  readonly #asked = new Map<string, number>()
  /** Of sessions that are being proven: the groups in which this device has another leaf since, or there are other members. */
  readonly #late = new Map<PeerId, Map<GroupId, 'leaf' | 'members'>>()
  readonly #reproves: Reproves
  readonly #abort = new AbortController()

  constructor(deps: Deps) {
    this.#deps = deps
    this.#turns = new Turns(deps.clock)
    this.#reproves = new Reproves(deps)
    this.#passingOn = new PassingOn(deps.clock, deps.random, () => this.#turns.answerMs)
  }

  /** Members with whom a session is open, by group. */
  online(groupId: GroupId): Set<MemberId> {
    const couriers = [...this.#couriers.values()].flatMap((byGroup) => byGroup.get(groupId) ?? [])
    return new Set(couriers.map((courier) => courier.to.memberId).filter((memberId) => memberId !== UNPROVEN))
  }

  /** A session is ready, or shares other groups than before. */
  ready(peerId: PeerId, shared: readonly SharedGroup[]): void {
    const late = [...(this.#late.get(peerId) ?? [])]
    this.#late.delete(peerId)
    if (late.some(([groupId, what]) => what === 'leaf' || !isProven(shared, groupId))) void this.reproveWith(peerId)
    const byGroup = this.#couriers.get(peerId) ?? new Map<GroupId, Courier>()
    this.#couriers.set(peerId, byGroup)
    const now = new Map(shared.map((s) => [s.groupId, s]))
    for (const [groupId, courier] of byGroup) {
      if (now.get(groupId)?.memberId === courier.to.memberId) continue
      courier.stop()
      byGroup.delete(groupId)
    }
    for (const [groupId, { memberId }] of now) {
      const group = this.#deps.groups.get(groupId)
      if (group === undefined || byGroup.has(groupId)) continue
      const to = { peerId, memberId }
      const compared = (theirs: Frontier, apart: boolean) => this.#deps.compared(group, to, theirs, apart)
      const courier = new Courier(group, this.#deps.network, to, this.#turns, compared)
      byGroup.set(groupId, courier)
      courier.compare()
    }
  }

  closed(peerId: PeerId): void {
    this.#late.delete(peerId)
    this.#reproves.closed(peerId)
    for (const courier of this.#couriers.get(peerId)?.values() ?? []) courier.stop()
    this.#couriers.delete(peerId)
  }

  /** Our own objects go out at once; what came from others is offered again a little later, for those it did not reach. */
  objectStored(group: LiveGroup, { objectId, sender }: Pick<ObjectRow, 'objectId' | 'sender'>): void {
    const own = sender === group.self
    for (const courier of this.#of(group.groupId))
      if (own) courier.offer(objectId)
      else courier.came()
    if (own) return
    this.#passingOn.soon(group.groupId, () => this.#of(group.groupId))
    this.#lookForGaps(group, sender)
  }

  /** What is missing of who is connected is asked of them: they alone can say that nothing of it was for this device (SPEC.md D3). */
  #lookForGaps({ groupId, deps: { store } }: LiveGroup, sender: MemberId): void {
    const name = `${groupId}/${sender}`
    if (this.#looks.has(name) || this.#abort.signal.aborted) return
    const look = (): void => {
      this.#looks.delete(name)
      const chain = store.senders.get(groupId, sender)
      const couriers = this.#of(groupId).filter(({ to }) => to.memberId === sender)
      if (chain === null || missing(chain) === 0 || couriers.length === 0 || this.#asked.get(name) === chain.seq) return
      this.#asked.set(name, chain.seq)
      for (const courier of couriers) courier.compare()
    }
    this.#looks.set(name, this.#deps.clock.after(GAP_MS, look))
  }

  /** Resolves once every connected member has a commit that was offered to them; after a moment in any case: one of them may be slow. */
  async everyoneHas(groupId: GroupId, objectId: ObjectId): Promise<void> {
    await this.#allHave(
      this.#of(groupId).filter((courier) => courier.to.memberId !== UNPROVEN),
      objectId,
    )
  }

  async #allHave(waiting: readonly Courier[], objectId: ObjectId): Promise<void> {
    if (waiting.length === 0) return
    const patience = new AbortController()
    const held = Promise.all(waiting.map((courier) => courier.whenHeld(objectId, patience.signal)))
    await new Promise<void>((resolve) => {
      const cancel = this.#deps.clock.after(SETTLE_MS, resolve)
      void held.then(() => {
        cancel()
        resolve()
      })
    })
    // Else whoever never takes it would be waited for by ever more who asked.
    patience.abort()
  }

  /** Whether each of these members is connected and said that it has a commit. */
  allHave(groupId: GroupId, members: readonly MemberId[], objectId: ObjectId): boolean {
    const having = new Set(this.#of(groupId).flatMap((courier) => (courier.has(objectId) ? courier.to.memberId : [])))
    return members.every((memberId) => having.has(memberId))
  }

  /** Answers a member's frontier with ours and sends what theirs lacks, unless that is being done already. */
  frontier(from: SharedGroup, peerId: PeerId, theirs: Frontier): Frontier {
    const group = this.#deps.groups.get(from.groupId)
    if (group === undefined) throw new AppError('not-found', 'This group is not here.')
    if (theirs.inReturn !== true) this.#couriers.get(peerId)?.get(from.groupId)?.compare(theirs)
    return from.memberId === UNPROVEN ? bareGroupFrontier(group) : groupFrontier(group)
  }

  /** Asks peers that could not prove a group to do so again, now that its members changed. */
  reprove(groupId: GroupId): void {
    this.#proofsOver(groupId, 'members')
    for (const { state, shared, peerId } of this.#deps.network.sessions())
      if (state === 'ready' && !isProven(shared, groupId)) void this.reproveWith(peerId)
  }

  /** Whoever is a member no more gets the commit that says so, if it was under way to them, and is a stranger from then on. */
  async partFromGone(group: LiveGroup): Promise<void> {
    // The commit is offered to them within this step.
    await Promise.resolve()
    const members = new Set(group.members().map((m) => m.memberId))
    for (const [peerId, byGroup] of [...this.#couriers]) {
      const courier = byGroup.get(group.groupId)
      if (courier === undefined || members.has(courier.to.memberId)) continue
      await courier.idle()
      if (!this.#abort.signal.aborted) await this.reproveWith(peerId)
    }
  }

  /**
   * This device is in the group no more: those who are connected are brought the commits that say so, for a moment: whoever made them may be
   * gone before any other hears of it. Also those who are out themselves: it may be by the one who is out by this. Answers whether a member has
   * all of them.
   */
  async bringOut(group: LiveGroup): Promise<boolean> {
    const { groupId } = group
    const way = wayOut(group)
    const last = way.at(-1)
    if (last !== undefined) {
      for (const courier of this.#of(groupId)) for (const objectId of way) courier.offer(objectId)
      await this.#allHave(this.#of(groupId), last)
    }
    return this.#of(groupId).some((courier) => courier.to.memberId !== UNPROVEN && way.every((objectId) => courier.has(objectId)))
  }

  /** Nothing of that group comes or goes any more, and everybody who shared it is shown that. */
  leave(groupId: GroupId): void {
    if (this.#abort.signal.aborted) return
    for (const byGroup of this.#couriers.values()) {
      byGroup.get(groupId)?.stop()
      byGroup.delete(groupId)
    }
    this.#passingOn.forget(groupId)
    this.reproveAll(groupId)
  }

  /** Shows everybody who shares a group that we are in it with another leaf now. */
  reproveAll(groupId: GroupId): void {
    this.#proofsOver(groupId, 'leaf')
    for (const { state, shared, peerId } of this.#deps.network.sessions())
      if (state === 'ready' && shared.some((s) => s.groupId === groupId)) void this.reproveWith(peerId)
  }

  /** What is being proven to each other just now began before that: it is done again when it is over. */
  #proofsOver(groupId: GroupId, what: 'leaf' | 'members'): void {
    for (const { state, peerId } of this.#deps.network.sessions()) {
      if (state !== 'handshaking' && state !== 'proving') continue
      const late = this.#late.get(peerId) ?? new Map<GroupId, 'leaf' | 'members'>()
      this.#late.set(peerId, late)
      if (late.get(groupId) !== 'leaf') late.set(groupId, what)
    }
  }

  reproveWith(peerId: PeerId): Promise<void> {
    return this.#reproves.now(peerId)
  }

  /** Resolves when nothing is under way to anybody. */
  async idle(): Promise<void> {
    await Promise.all([...this.#couriers.values()].flatMap((byGroup) => [...byGroup.values()].map((courier) => courier.idle())))
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    this.#reproves.stop()
    this.#passingOn.stop()
    for (const cancel of this.#looks.values()) cancel()
    this.#looks.clear()
    const couriers = [...this.#couriers.values()].flatMap((byGroup) => [...byGroup.values()])
    for (const courier of couriers) courier.stop()
    await Promise.all(couriers.map((courier) => courier.idle()))
    this.#couriers.clear()
  }

  #of(groupId: GroupId): Courier[] {
    return [...this.#couriers.values()].flatMap((byGroup) => byGroup.get(groupId) ?? [])
  }
}

const isProven = (shared: readonly SharedGroup[], groupId: GroupId): boolean =>
  shared.some((s) => s.groupId === groupId && s.memberId !== UNPROVEN)
