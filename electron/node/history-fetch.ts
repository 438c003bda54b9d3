import type { GroupId, MemberId, PeerId } from '../../shared/domain/ids.ts'
import type { Clock } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { faultName, shortId } from '../kernel/logger.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Network } from '../ports/network.ts'
import type { StoredMessage } from '../ports/store.ts'
import type { HistoryAnswer } from '../ports/wire.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import { UNPROVEN } from '../sync/group/membership.ts'
import { dropAsking, putAsking, readAsking } from '../sync/history/asking.ts'
import { takeHistory } from '../sync/history/take-history.ts'
import { Attempts } from './attempts.ts'

/** Longer than an answer may take (`network/protocols/history`). */
const ASK_MS = 20_000
/** PROTOCOL.md: what a newcomer is given has an end, however long the space is. */
const MOST_MESSAGES = 10_000

interface Deps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  network: Network
  clock: Clock
  logger: Logger
  /** New here, and stored. */
  taken: (messages: readonly StoredMessage[]) => void
  /** It begins, or ends: who is giving it is shown. */
  changed: (groupId: GroupId) => void
}

/** What one member came to: it gave something to its end, or nothing, or has to be asked again later. */
type Outcome = 'given' | 'nothing' | { afterMs: number }

/** Gets what was said before this device joined, as far as the space gives it to newcomers: from one member after another, page by page. */
export class HistoryFetch {
  readonly #deps: Deps
  readonly #attempts: Attempts<LiveGroup>

  constructor(deps: Deps) {
    this.#deps = deps
    this.#attempts = new Attempts({
      clock: deps.clock,
      attempt: (group) => this.#attempt(group),
      failed: (groupId, thrown) => {
        deps.logger.warn('history-failed', { group: shortId(groupId), fault: faultName(thrown) })
        return null
      },
      retry: (groupId) => this.kick(groupId),
    })
  }

  stop(): Promise<void> {
    return this.#attempts.stop()
  }

  /** What a member and this device have was compared: from now on they can ask each other. */
  kick(groupId: GroupId): void {
    const group = this.#deps.groups.get(groupId)
    if (group === undefined || this.#attempts.isRunning(groupId) || readAsking(group.deps.store, groupId) === null) return
    this.#attempts.now(group)
  }

  /** Answers when to ask again. */
  async #attempt(group: LiveGroup): Promise<number | null> {
    const { store } = group.deps
    if (group.tip.settings.history.kind === 'none') return this.#end(group)
    for (const { peerId, memberId } of this.#members(group)) {
      const outcome = await this.#from(group, peerId, memberId)
      if (this.#attempts.isOver) return null
      if (outcome === 'given') return this.#end(group)
      this.#pause(group)
      if (outcome !== 'nothing') return outcome.afterMs
    }
    this.#deps.logger.debug('history-waits', { asked: readAsking(store, group.groupId) !== null })
    return null
  }

  #members({ groupId, self, deps: { store } }: LiveGroup): { peerId: PeerId; memberId: MemberId }[] {
    const giver = readAsking(store, groupId)?.giver ?? null
    const members = this.#deps.network.sessions().flatMap(({ peerId, state, shared }) => {
      const memberId = state === 'ready' ? shared.find((s) => s.groupId === groupId)?.memberId : undefined
      return memberId === undefined || memberId === UNPROVEN || memberId === self ? [] : [{ peerId, memberId }]
    })
    // Whoever gave the pages so far goes on with the next.
    return members.sort((a, b) => Number(b.memberId === giver) - Number(a.memberId === giver))
  }

  async #from(group: LiveGroup, peerId: PeerId, memberId: MemberId): Promise<Outcome> {
    const { store } = group.deps
    const { groupId } = group
    for (;;) {
      const asking = readAsking(store, groupId)
      if (asking === null) return 'given'
      const after = asking.giver === memberId ? asking.after : null
      const answer = await this.#ask(peerId, { groupId, after })
      if (this.#attempts.isOver) return 'nothing'
      if (answer?.kind === 'later') return { afterMs: answer.afterMs }
      if (answer?.kind !== 'page') return 'nothing'
      const taken = await group.exclusive(async () => this.#take(group, memberId, answer))
      this.#deps.taken(taken)
      if (asking.from !== memberId && taken.length > 0) this.#deps.changed(groupId)
      const now = readAsking(store, groupId)
      const isStuck = answer.next !== null && answer.messages.length === 0
      if (answer.next === null || isStuck || (now?.taken ?? MOST_MESSAGES) >= MOST_MESSAGES)
        return (now?.taken ?? 0) > 0 ? 'given' : 'nothing'
    }
  }

  #take(group: LiveGroup, memberId: MemberId, { messages, next }: Extract<HistoryAnswer, { kind: 'page' }>): StoredMessage[] {
    const { groupId, tip } = group
    return group.deps.store.transaction((tx) => {
      const asking = readAsking(tx, groupId)
      if (asking === null) return []
      const left = Math.max(0, MOST_MESSAGES - asking.taken)
      const taken = takeHistory(tx, tip, memberId, messages.slice(0, left))
      putAsking(tx, groupId, { from: memberId, giver: memberId, after: next, taken: asking.taken + messages.length })
      return taken
    })
  }

  async #ask(peerId: PeerId, request: Parameters<Network['askHistory']>[1]): Promise<HistoryAnswer | null> {
    const signal = this.#attempts.within(ASK_MS)
    try {
      return await this.#deps.network.askHistory(peerId, request, signal)
    } catch (thrown) {
      if (thrown instanceof AppError) return null
      throw thrown
    }
  }

  #pause({ groupId, deps: { store } }: LiveGroup): void {
    const asking = readAsking(store, groupId)
    if (asking?.from == null) return
    store.transaction((tx) => putAsking(tx, groupId, { ...asking, from: null }))
    this.#deps.changed(groupId)
  }

  #end({ groupId, deps: { store } }: LiveGroup): null {
    store.transaction((tx) => dropAsking(tx, groupId))
    this.#deps.changed(groupId)
    return null
  }
}
