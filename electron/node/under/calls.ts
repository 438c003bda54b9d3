import type { GroupId, MemberId, PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { faultName, shortId } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import type { Network } from '../../ports/network.ts'
import type { WelcomeAnswer, WelcomeCall } from '../../ports/wire.ts'
import { recentCommits } from '../../sync/group/carry-commits.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import { carryOut } from '../../sync/intents/carry-out.ts'
import { returnGrant } from '../../sync/intents/grant-name.ts'
import { goneFrom } from '../../sync/members/gone.ts'
import { hasLeaveOffer } from '../../sync/members/leave-offer.ts'
import { readmit } from '../../sync/returning/readmit.ts'
import { welcomeFor } from '../../sync/under/welcome-for.ts'
import { addWanted } from '../../sync/under/add-wanted.ts'
import { wantedIn } from '../../sync/under/wanted.ts'
import { Attempts } from '../attempts.ts'
import type { Pauses } from '../attempts.ts'

const RETRY: Pauses = { firstMs: 2_000, lastMs: 60_000 }
/** Longer than an answer may take (`network/protocols/welcome`). */
const ASK_MS = 65_000
/** Who made the Welcome calls at once; others only if that one does not, for they have none and must exchange the leaf first. */
const OTHERS_MS = 20_000
/** All members learn at about the same time that somebody is out of the space: they do not all commit it at once. */
const PART_WITHIN_MS = 10_000
/** Who came into the space by a commit that lost is mostly let in again, where somebody who may is there. Counted anew after a restart. */
const BACK_WITHIN_MS = 3_600_000
/** A Welcome, an exchange of a leaf, and its Welcome. */
const EXCHANGES = 3

interface Deps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  network: Network
  clock: Clock
  random: Random
  logger: Logger
  /** Waits until the Welcome of that name can be given; false if the commit it came with lost, or may lose. */
  settled: (group: LiveGroup, grant: string) => Promise<boolean>
  /** Whether a choice among commits is being made. */
  isOpen: (groupId: GroupId) => boolean
}

/**
 * Brings every group under a space to where it should be: adds whom this device was asked to add as soon as their keys are here, calls
 * members who are connected in the space and not in the group, and lets those go who are out of the space. All of it follows from what
 * is stored, so a restart loses nothing.
 */
export class Calls {
  readonly #deps: Deps
  readonly #attempts: Attempts<LiveGroup>
  /** Since when somebody was seen in the space and not in the group; until when to wait before somebody is let go. */
  readonly #times = new Map<string, number>()

  constructor(deps: Deps) {
    this.#deps = deps
    this.#attempts = new Attempts({
      clock: deps.clock,
      attempt: (group) => this.#attempt(group),
      failed: (groupId, thrown) => {
        const code = thrown instanceof AppError ? thrown.code : faultName(thrown)
        deps.logger.warn('calls-failed', { group: shortId(groupId), code })
        return this.#attempts.backoff(groupId, RETRY)
      },
      retry: (groupId) => this.kick(groupId),
    })
  }

  start(): void {
    for (const groupId of this.#deps.groups.keys()) this.kick(groupId)
  }

  stop(): Promise<void> {
    return this.#attempts.stop()
  }

  /** Looks now at a group under a space, or at all under a space. */
  kick(groupId: GroupId): void {
    for (const group of this.#deps.groups.values())
      if (group.parent !== null && (group.groupId === groupId || group.parent === groupId)) this.#attempts.now(group, { again: true })
  }

  /** Answers when to look again; null where something will happen first that says so. */
  async #attempt(group: LiveGroup): Promise<number | null> {
    const space = group.parent === null ? undefined : this.#deps.groups.get(group.parent)
    const isHere = this.#deps.groups.get(group.groupId) === group && !group.tip.row.returning
    if (space === undefined || !isHere) return null
    // Whoever leaves adds nobody any more, but calls those who were added, and lets go who is out of the space: else it might wait for ever
    // for somebody to see it off.
    const { store } = group.deps
    const wanted = this.#out(group, space, wantedIn(store, group.groupId))
    if (!hasLeaveOffer(store, group.groupId)) await addWanted(group, space, new Set(wanted.due))
    const waits: (number | null)[] = [...wanted.waits, ...(await this.#part(group, space))]
    for (const [memberId, peerId] of this.#absent(group, space)) {
      if (this.#attempts.isOver) return null
      waits.push(await this.#callIn(group, space, { memberId, peerId }))
    }
    const next = waits.filter((wait) => wait !== null)
    if (next.length === 0) this.#attempts.succeeded(group.groupId)
    return next.length === 0 ? null : Math.min(...next)
  }

  /** Lets go who is known to be out of the space; of whom nothing is known there may be in it. */
  async #part(group: LiveGroup, space: LiveGroup): Promise<number[]> {
    const members = [...new Set(group.members().map((m) => m.memberId))].filter((memberId) => memberId !== group.self)
    const { due, waits } = this.#out(group, space, members)
    for (const memberId of due) await group.exclusive(() => carryOut(group, { kind: 'part', memberId })).catch(toLeaveAlone)
    return waits
  }

  /** Who of these is out of the space for as long as others, or whoever may let them in again, have time for; and how long to wait for the rest. */
  #out(group: LiveGroup, space: LiveGroup, members: readonly MemberId[]): { due: MemberId[]; waits: number[] } {
    const { directory } = group.deps.store
    const out = members.filter((memberId) => directory.member(space.groupId, memberId)?.active === false)
    for (const memberId of members) if (!out.includes(memberId)) this.#times.delete(`lost/${group.groupId}/${memberId}`)
    const gone = new Set(out.length === 0 ? [] : goneFrom(space).map(({ memberId }) => memberId))
    const now = this.#deps.clock.now()
    const times = out.map((memberId) => {
      const [name, patience] = gone.has(memberId) ? ['gone', 0] : ['lost', BACK_WITHIN_MS]
      const due = this.#dueOf(`${name}/${group.groupId}/${memberId}`, patience + this.#deps.random.fraction() * PART_WITHIN_MS)
      return { memberId, wait: now < due || this.#deps.isOpen(space.groupId) ? Math.max(due - now, RETRY.firstMs) : null }
    })
    return { due: times.flatMap(({ memberId, wait }) => (wait === null ? memberId : [])), waits: times.flatMap(({ wait }) => wait ?? []) }
  }

  /** Members who are connected and proved the space and not the group. */
  #absent(group: LiveGroup, space: LiveGroup): Map<MemberId, PeerId> {
    const { groupId, self } = group
    const members = new Set(group.members().map((m) => m.memberId))
    const sessions = this.#deps.network.sessions().filter(({ state }) => state === 'ready')
    const here = new Set(sessions.flatMap(({ shared }) => shared.filter((s) => s.groupId === groupId).map((s) => s.memberId)))
    const absent = new Map<MemberId, PeerId>()
    for (const { peerId, shared } of sessions) {
      const memberId = shared.find((s) => s.groupId === space.groupId)?.memberId
      if (memberId === undefined || memberId === UNPROVEN || memberId === self) continue
      if (members.has(memberId) && !here.has(memberId)) absent.set(memberId, peerId)
    }
    return absent
  }

  /** Answers when to try again; null once they are in it. */
  async #callIn(group: LiveGroup, space: LiveGroup, { memberId, peerId }: { memberId: MemberId; peerId: PeerId }): Promise<number | null> {
    const { engine } = group.deps
    const leaf = group.members().find((m) => m.memberId === memberId)
    let leafKey = leaf === undefined ? null : engine.leafKey(group.tip.state, leaf.leafIndex)
    if (leafKey === null) return null
    let given = welcomeFor(group, leafKey)
    if (given === null) {
      const left = this.#stillPatient(`absent/${group.groupId}/${memberId}`)
      if (left > 0) return left
    }
    for (let exchange = 0; exchange < EXCHANGES; exchange++) {
      if (given !== null && !(await this.#settled(group, given.grant))) return RETRY.firstMs
      const welcome = given?.welcome ?? null
      // By the last one they see where we are, also without a Welcome.
      const commits = recentCommits(group).slice(welcome === null ? -1 : 0)
      const answer = await this.#ask(peerId, space.groupId, { group: group.groupId, leafKey, welcome, commits })
      this.#deps.logger.info('call-answered', { peer: shortId(peerId), answer: answer?.kind ?? 'none' })
      if (answer?.kind === 'done') return null
      if (answer?.kind === 'later') return answer.afterMs
      if (answer?.kind !== 'return') return this.#attempts.backoff(group.groupId, RETRY)
      const { keyPackage, signature } = answer
      const back = await readmit(group, { leafKey, keyPackage, signature })
      const fresh = await engine.readKeyPackage(engine.scope(group.tip.state), keyPackage)
      if (back.kind !== 'welcome' || !fresh.ok) return this.#attempts.backoff(group.groupId, RETRY)
      leafKey = fresh.value.signatureKey
      given = { grant: returnGrant(keyPackage), welcome: back.welcome }
    }
    return this.#attempts.backoff(group.groupId, RETRY)
  }

  /** Not waited for once this stops: no clock tells it then. */
  #settled(group: LiveGroup, grant: string): Promise<boolean> {
    const { signal } = this.#attempts
    const stopped = new Promise<boolean>((resolve) => signal.addEventListener('abort', () => resolve(false), { once: true }))
    return Promise.race([this.#deps.settled(group, grant), stopped])
  }

  async #ask(peerId: PeerId, groupId: GroupId, call: WelcomeCall): Promise<WelcomeAnswer | null> {
    const signal = this.#attempts.within(ASK_MS)
    try {
      return await this.#deps.network.askWelcome(peerId, { kind: 'call', groupId, call }, signal)
    } catch (thrown) {
      if (thrown instanceof AppError) return null
      throw thrown
    }
  }

  #stillPatient(name: string): number {
    const due = this.#dueOf(name, (1 + this.#deps.random.fraction()) * OTHERS_MS)
    return Math.max(0, due - this.#deps.clock.now())
  }

  /** When something is due that was seen now for the first time, or was seen before. */
  #dueOf(name: string, withinMs: number): number {
    const due = this.#times.get(name) ?? this.#deps.clock.now() + Math.floor(withinMs)
    this.#times.set(name, due)
    return due
  }
}

const toLeaveAlone = (thrown: unknown): null => {
  if (thrown instanceof AppError && thrown.code !== 'disk') return null
  throw thrown
}
