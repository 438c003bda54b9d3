import type { Eid, GroupId, MemberId } from '../../shared/domain/ids.ts'
import type { Clock } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { faultName, shortId } from '../kernel/logger.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Random } from '../kernel/random.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import { dueIn } from '../sync/updates/obstacles.ts'
import type { Company } from '../sync/updates/obstacles.ts'
import type { KeyPace } from '../sync/updates/pace.ts'
import { updateLeaf } from '../sync/updates/update-leaf.ts'

/** Timers reach no further than 2³¹ − 1 ms, and a computer that sleeps must not miss the day. */
const LOOK_AT_LEAST_MS = 24 * 3_600_000

interface Deps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  clock: Clock
  random: Random
  logger: Logger
  pace: KeyPace
  online: (groupId: GroupId) => ReadonlySet<MemberId>
  /** Whether a choice among commits is being made. */
  choosing: (groupId: GroupId) => boolean
}

/** Renews this device's keys in every group from time to time, so that keys that were stolen stop being of use. */
export class KeyUpdates {
  readonly #deps: Deps
  readonly #timers = new Map<GroupId, () => void>()
  readonly #running = new Set<Promise<void>>()
  readonly #places = new Map<GroupId, Map<MemberId, Eid>>()
  #stopped = false

  constructor(deps: Deps) {
    this.#deps = deps
  }

  start(): void {
    for (const groupId of this.#deps.groups.keys()) this.watch(groupId)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
    await Promise.all(this.#running)
  }

  /** A group is here; safe any number of times. */
  watch(groupId: GroupId): void {
    if (this.#stopped || this.#timers.has(groupId)) return
    const group = this.#deps.groups.get(groupId)
    if (group !== undefined) this.#lookIn(groupId, this.#nextLook(group))
  }

  /** Where somebody said that it is. */
  met({ groupId }: LiveGroup, memberId: MemberId, eid: Eid): void {
    const places = this.#places.get(groupId) ?? new Map<MemberId, Eid>()
    this.#places.set(groupId, places.set(memberId, eid))
  }

  /** What is due has waited for others, and others for us: not all of them may take the same moment. */
  #nextLook(group: LiveGroup): number {
    const { pace } = this.#deps
    const left = dueIn(group, pace)
    return left > 0 ? left : this.#upTo(pace.againMs)
  }

  /** A tenth of it at least. */
  #upTo(ms: number): number {
    return Math.ceil(ms * (0.1 + 0.9 * this.#deps.random.fraction()))
  }

  #lookIn(groupId: GroupId, ms: number): void {
    if (this.#stopped) return
    this.#timers.set(
      groupId,
      this.#deps.clock.after(Math.min(ms, LOOK_AT_LEAST_MS), () => this.#look(groupId)),
    )
  }

  #look(groupId: GroupId): void {
    const group = this.#deps.groups.get(groupId)
    if (group === undefined) {
      this.#timers.delete(groupId)
      this.#places.delete(groupId)
    } else if (dueIn(group, this.#deps.pace) > 0) {
      this.#lookIn(groupId, this.#nextLook(group))
    } else {
      const run = this.#update(group).then((nextMs) => {
        this.#running.delete(run)
        this.#lookIn(groupId, nextMs)
      })
      this.#running.add(run)
    }
  }

  /** Answers when to look again. */
  async #update(group: LiveGroup): Promise<number> {
    const { pace, logger } = this.#deps
    const name = { group: shortId(group.groupId) }
    try {
      const obstacle = await updateLeaf(group, pace, () => this.#companyIn(group.groupId))
      if (obstacle === null) logger.info('keys-renewed', name)
      else logger.debug('keys-not-renewed', { ...name, obstacle })
      // What ends either of the two is a commit of ours, or the end.
      if (obstacle === 'alone' || obstacle === 'leaving') return LOOK_AT_LEAST_MS
      // Whoever made a commit looks after a while whether it lasted; whom another's kept from it lets others go first.
      return obstacle === null || obstacle === 'quiet' ? this.#afterQuiet(group) : this.#nextLook(group)
    } catch (thrown) {
      // Let in again meanwhile, or without room on the disk: a later look sees to it.
      logger.warn('keys-not-renewed', { ...name, code: thrown instanceof AppError ? thrown.code : faultName(thrown) })
      return LOOK_AT_LEAST_MS
    }
  }

  /** Whoever is late by more than its patience waits for nobody any longer than for a commit to be with all. */
  #afterQuiet(group: LiveGroup): number {
    const { pace } = this.#deps
    const isLate = -dueIn(group, pace) > pace.patienceMs
    return isLate ? pace.settledMs + this.#upTo(pace.againMs) : pace.quietMs + this.#upTo(pace.quietMs)
  }

  #companyIn(groupId: GroupId): Company {
    const { online, choosing } = this.#deps
    return { online: online(groupId), places: this.#places.get(groupId) ?? new Map(), choosing: choosing(groupId) }
  }
}
