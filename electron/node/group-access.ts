import type { ChannelId, GroupId } from '../../shared/domain/ids.ts'
import { AppError } from '../kernel/errors.ts'
import type { ChannelRow, Store } from '../ports/store.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import { readEnded } from '../sync/members/ended.ts'
import { isLeft } from '../sync/members/leave-offer.ts'

/** Which groups somebody may take part in, read, or no more; says why not. */
export class GroupAccess {
  readonly #store: Store
  readonly #groups: ReadonlyMap<GroupId, LiveGroup>
  readonly #damaged: ReadonlySet<GroupId>

  /** `damaged`: groups whose state cannot be read, though their history can. */
  constructor(store: Store, groups: ReadonlyMap<GroupId, LiveGroup>, damaged: ReadonlySet<GroupId>) {
    this.#store = store
    this.#groups = groups
    this.#damaged = damaged
  }

  /** A group to take part in. Throws `AppError('not-found' | 'not-member' | 'unreadable')`. */
  group(groupId: GroupId): LiveGroup {
    const group = this.#groups.get(groupId)
    const parent = this.#store.directory.space(groupId)?.parent ?? null
    const what = parent === null ? 'space' : 'channel'
    if (isLeft(this.#store, groupId)) throw new AppError('not-member', `You left this ${what}.`)
    // Whoever is out of a space takes part in nothing under it, whether or not anybody has removed them there yet.
    if (parent !== null) this.group(parent)
    if (group !== undefined) return group
    if (readEnded(this.#store, groupId) !== null)
      throw new AppError(
        'not-member',
        `You were removed from this ${what}. What was said before can be read here, and nothing more comes or goes.`,
      )
    if (this.#damaged.has(groupId)) {
      throw new AppError('unreadable', `The state of this ${what} is damaged on this device. Its messages can be read, but not answered.`)
    }
    throw noSpace()
  }

  /** A space to take part in. Throws like `group`; what is under a space is none. */
  space(groupId: GroupId): LiveGroup {
    const group = this.group(groupId)
    if (group.parent !== null) throw noSpace()
    return group
  }

  channel(channelId: ChannelId): ChannelRow {
    const channel = this.#store.directory.channel(channelId)
    if (channel === null) throw new AppError('not-found', 'There is no such channel.')
    return channel
  }

  /** A group whose history is here, also one that nobody here takes part in any more. */
  known(groupId: GroupId): GroupId {
    if (this.#store.groups.get(groupId) === null || readEnded(this.#store, groupId)?.kind === 'left') throw noSpace()
    return groupId
  }
}

const noSpace = (): AppError => new AppError('not-found', 'There is no such space.')
