import type { Eid, GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { KEPT_EPOCHS } from '../group/group-deps.ts'
import type { LiveGroup } from '../group/live-group.ts'
import type { Ended } from './ended.ts'
import { readEnded } from './ended.ts'

/**
 * SPEC.md T8: by a removal that others made, as far back as commits out of that time can be followed. Where nobody is named all said that
 * this device is no member (P9), and no commit could say otherwise.
 */
export const mayHearMore = (ended: Ended, now: number): boolean =>
  ended.kind === 'removed' && ended.by !== null && now - ended.at < KEPT_EPOCHS.forMs

/**
 * Groups that this device was removed from and listens in: whoever removed it may be found to have been out itself. It shows there that it
 * is there and takes commits; it says nothing, and is told nothing else.
 */
export class Listening {
  readonly #groups = new Map<GroupId, LiveGroup>()
  /** Where members said that they are, since this device runs. */
  readonly #places = new WeakMap<LiveGroup, Map<MemberId, Eid>>()

  /** Does nothing where nothing can be heard any more. */
  begin(group: LiveGroup): void {
    if (isHeard(group)) this.#groups.set(group.groupId, group)
  }

  get(groupId: GroupId): LiveGroup | undefined {
    const group = this.#groups.get(groupId)
    return group !== undefined && isHeard(group) ? group : undefined
  }

  all(): LiveGroup[] {
    return [...this.#groups.keys()].flatMap((groupId) => this.get(groupId) ?? [])
  }

  places(group: LiveGroup): Map<MemberId, Eid> {
    const places = this.#places.get(group) ?? new Map<MemberId, Eid>()
    this.#places.set(group, places)
    return places
  }

  /** Answers the group if it was listened in. */
  end(groupId: GroupId): LiveGroup | undefined {
    const group = this.#groups.get(groupId)
    this.#groups.delete(groupId)
    return group
  }
}

function isHeard({ groupId, deps: { store, clock } }: LiveGroup): boolean {
  const ended = readEnded(store, groupId)
  return ended !== null && mayHearMore(ended, clock.now())
}
