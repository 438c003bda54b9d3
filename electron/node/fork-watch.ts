import type { GroupId } from '../../shared/domain/ids.ts'
import type { Clock } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { faultName, shortId } from '../kernel/logger.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Random } from '../kernel/random.ts'
import { acknowledgeEpoch } from '../sync/fork-resolution/acknowledge.ts'
import { Pass } from '../sync/fork-resolution/pass.ts'
import { reconsider } from '../sync/fork-resolution/reconsider.ts'
import { isContested } from '../sync/group/epoch-store.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import type { Listening } from '../sync/members/listening.ts'
import { forgetJoin } from '../sync/returning/join-again.ts'
import { lostIntents, openIntents, settleIntents, settleUnclear } from '../sync/intents/settle-intents.ts'

/** PROTOCOL.md: whoever follows a commit says so within this long, unless it spoke anyway. */
const ACKNOWLEDGE_WITHIN_MS = 30_000
/** Members whose changes lost do them again one after another rather than at once, or they would meet again. */
const SETTLE_WITHIN_MS = 2_000
/** So long what leads from where a device was to where it came by a fresh leaf may be under way. */
const UNCLEAR_FOR_MS = 60_000
/** SPEC.md I5: longer than whoever is to do it first takes to hear of the branch, to choose it, and to do it there. Not all of the others at once. */
const FOR_OTHERS = { afterMs: 20_000, withinMs: 20_000 } as const

interface Deps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  /** Those in which only the choice is made, and nothing said or done. */
  listening: Listening
  clock: Clock
  random: Random
  logger: Logger
}

/** Sees to it that every group follows the branch that all others follow, and that what was asked here is done there. */
export class ForkWatch {
  readonly #deps: Deps
  readonly #passes = new Map<GroupId, Pass>()
  readonly #timers = new Map<string, () => void>()
  readonly #running = new Set<Promise<unknown>>()
  #stopped = false

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** What a restart interrupted goes on. */
  start(): void {
    for (const group of this.#deps.groups.values()) this.#resume(group)
    for (const { groupId } of this.#deps.listening.all()) this.contested(groupId)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const pass of this.#passes.values()) pass.stop()
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
    await Promise.all(this.#running)
  }

  /** Commits beside each other are known, or more was heard of them. */
  contested(groupId: GroupId): void {
    if (this.#stopped) return
    const decide = (): void =>
      this.#run(this.#deps.groups.get(groupId) ?? this.#deps.listening.get(groupId), (group) => this.#decide(group))
    const pass = this.#passes.get(groupId) ?? new Pass(this.#deps.clock, decide)
    this.#passes.set(groupId, pass)
    pass.input()
  }

  /** Whether a choice among commits is being made. */
  isOpen(groupId: GroupId): boolean {
    return this.#passes.get(groupId)?.isOpen === true
  }

  /** A group is in another epoch. */
  entered(groupId: GroupId): void {
    if (this.#deps.listening.get(groupId) !== undefined) return this.contested(groupId)
    this.#later(`acknowledge/${groupId}`, ACKNOWLEDGE_WITHIN_MS, () => this.#run(this.#deps.groups.get(groupId), acknowledgeEpoch))
    const group = this.#deps.groups.get(groupId)
    // It may have come back with a fresh leaf, where what was asked before is not done.
    if (group === undefined) return
    const { lost, unclear } = openIntents(group)
    if (lost.length > 0) this.#settleSoon(groupId)
    if (unclear.length > 0)
      this.#after(`unclear/${groupId}`, UNCLEAR_FOR_MS, () => this.#run(this.#deps.groups.get(groupId), settleUnclear))
  }

  #resume(group: LiveGroup): void {
    forgetJoin(group)
    if (isContested(group.deps.store, group.groupId, group.tip.row.tip)) this.contested(group.groupId)
    this.entered(group.groupId)
  }

  async #decide(group: LiveGroup): Promise<void> {
    const outcome = await reconsider(group, this.#deps.listening.places(group))
    if (outcome.kind !== 'removed' && lostIntents(group).length > 0) this.#settleSoon(group.groupId)
  }

  #settleSoon(groupId: GroupId): void {
    this.#later(`settle/${groupId}`, SETTLE_WITHIN_MS, () => this.#run(this.#deps.groups.get(groupId), (group) => this.#settle(group)))
  }

  async #settle(group: LiveGroup): Promise<void> {
    const { groupId } = group
    if (!(await settleIntents(group))) return
    const settleForOthers = (): void => this.#run(this.#deps.groups.get(groupId), (then) => settleIntents(then, { forOthers: true }))
    this.#later(`for-others/${groupId}`, FOR_OTHERS.withinMs, settleForOthers, FOR_OTHERS.afterMs)
  }

  #later(name: string, within: number, run: () => void, after = 0): void {
    if (!this.#stopped && !this.#timers.has(name)) this.#after(name, after + Math.floor(this.#deps.random.fraction() * within), run)
  }

  #after(name: string, ms: number, run: () => void): void {
    if (this.#stopped || this.#timers.has(name)) return
    const cancel = this.#deps.clock.after(ms, () => {
      this.#timers.delete(name)
      run()
    })
    this.#timers.set(name, cancel)
  }

  #run(group: LiveGroup | undefined, work: (group: LiveGroup) => Promise<unknown>): void {
    if (group === undefined || this.#stopped) return
    const run = work(group).catch((thrown: unknown) => {
      // Returning or without the right meanwhile: somebody else, or a later look, sees to it.
      const code = thrown instanceof AppError ? thrown.code : faultName(thrown)
      this.#deps.logger.warn('fork-watch-failed', { group: shortId(group.groupId), code })
    })
    this.#running.add(run)
    void run.finally(() => this.#running.delete(run))
  }
}
