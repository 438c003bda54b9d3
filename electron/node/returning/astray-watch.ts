import type { GroupId, PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { faultName, shortId } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Frontier } from '../../ports/wire.ts'
import type { Correspondent } from '../../sync/delivery/courier.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { markAstray } from '../../sync/returning/astray.ts'
import { Apart } from './apart.ts'
import type { Identify } from './apart.ts'

/** What a person is told of `Deps.strangers`. */
export const ONLY_STRANGERS =
  'Somebody you reach is in a part of a space that this device cannot follow, and is no member as far as it knows: somebody who joined lately, or who was removed. It waits for a member it knows.'

interface Deps {
  clock: Clock
  logger: Logger
  identify: Identify
  /** A group waits to be let in where the others are, and that is stored. */
  marked: (groupId: GroupId) => void
  /** For long only strangers were met who are where this device cannot come to. */
  strangers: () => void
}

/** Has every group that went astray wait to be let in again: by what the members who are met say, or because somebody wants it so. */
export class AstrayWatch {
  readonly #deps: Deps
  readonly #apart: Apart

  constructor(deps: Deps) {
    this.#deps = deps
    this.#apart = new Apart(deps)
  }

  /** A comparison came to an end. */
  compared(group: LiveGroup, to: Correspondent, theirs: Frontier, apart: boolean): void {
    if (!this.#apart.note(group, to, theirs, apart) || group.tip.row.returning) return
    this.#deps.logger.warn('group-apart', { group: shortId(group.groupId) })
    void this.#bringBack(group)
  }

  /** Peers in epochs of a group that are not known here. */
  elsewhere(groupId: GroupId): ReadonlySet<PeerId> {
    return this.#apart.elsewhere(groupId)
  }

  /** Peers that may have missed what led to where this device is. */
  behind(groupId: GroupId): ReadonlySet<PeerId> {
    return this.#apart.behind(groupId)
  }

  /** Of all that are astray this device stays where it is. */
  stays(groupId: GroupId): void {
    this.#apart.stays(groupId)
  }

  /** A session shares these groups, and no others any more. */
  shares(peerId: PeerId, groups: readonly GroupId[]): void {
    this.#apart.shares(peerId, groups)
  }

  closed(peerId: PeerId): void {
    this.#apart.closed(peerId)
  }

  /** The last resort: this device asks to be let in again with fresh keys, whatever it believes itself. */
  async letIn(group: LiveGroup): Promise<void> {
    await markAstray(group)
    this.#deps.marked(group.groupId)
  }

  async #bringBack(group: LiveGroup): Promise<void> {
    try {
      await this.letIn(group)
    } catch (thrown) {
      this.#deps.logger.error('return-not-begun', { fault: faultName(thrown) })
    }
  }
}
