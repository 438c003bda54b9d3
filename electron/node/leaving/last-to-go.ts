import type { GroupId, MemberId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Network, SessionStatus } from '../../ports/network.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { goneFrom } from '../../sync/members/gone.ts'

interface Deps {
  network: Pick<Network, 'sessions' | 'push'>
  groups: ReadonlyMap<GroupId, LiveGroup>
}

/** `away`: somebody who is not connected has to be told. */
type Told = 'all' | 'open' | 'away'

/**
 * Whoever is the last in a group under a space is the only one who can tell those who were removed from it that they were: they would wait
 * there for ever for somebody to get what they write (SPEC.md P10). In the space they meet.
 */
export class LastToGo {
  readonly #deps: Deps
  /** Commits that whoever is out by them has taken, or has nothing of the group. */
  readonly #told = new WeakMap<LiveGroup, Set<ObjectId>>()

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** Tells those of them who are connected. `signal` ends each exchange. */
  async tell(group: LiveGroup, signal: () => AbortSignal): Promise<Told> {
    const space = group.parent === null ? undefined : this.#deps.groups.get(group.parent)
    if (space === undefined) return 'all'
    const inSpace = new Set(space.members().map(({ memberId }) => memberId))
    const told = this.#told.get(group) ?? new Set()
    this.#told.set(group, told)
    let result: Told = 'all'
    for (const { memberId, objectId } of goneFrom(group)) {
      if (!inSpace.has(memberId) || told.has(objectId)) continue
      const sessions = this.#with(space.groupId, memberId)
      const answers = await Promise.all(sessions.map((session) => this.#has(group, session, objectId, signal())))
      if (answers.includes(true)) told.add(objectId)
      else if (answers.length > 0) result = 'open'
      else if (result === 'all') result = 'away'
    }
    return result
  }

  #with(space: GroupId, memberId: MemberId): SessionStatus[] {
    const isWith = ({ state, shared }: SessionStatus) =>
      state === 'ready' && shared.some((each) => each.groupId === space && each.memberId === memberId)
    return this.#deps.network.sessions().filter(isWith)
  }

  /** What leads there comes to them as to everybody who is behind. */
  async #has(group: LiveGroup, { peerId, shared }: SessionStatus, objectId: ObjectId, signal: AbortSignal): Promise<boolean> {
    const { groupId } = group
    if (!shared.some((each) => each.groupId === groupId)) return true
    const row = group.deps.store.objects.get(objectId)
    return row === null || this.#push(peerId, { groupId, objects: [{ eid: row.eid, bytes: row.bytes }] }, signal)
  }

  async #push(peerId: PeerId, push: Parameters<Network['push']>[1], signal: AbortSignal): Promise<boolean> {
    try {
      const acks = await this.#deps.network.push(peerId, push, signal)
      return acks.every((ack) => ack === 'stored' || ack === 'rejected')
    } catch (thrown) {
      if (thrown instanceof AppError) return false
      throw thrown
    }
  }
}
