import type { GroupId, ObjectId } from '../../shared/domain/ids.ts'
import type { LeaveRequest } from '../ports/wire.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import { claimedBy, isStillIn } from '../sync/intents/left-claims.ts'
import { grantedBy } from '../sync/intents/settle-intents.ts'
import type { Correspondence } from './meeting/correspondence.ts'
import type { ForkWatch } from './fork-watch.ts'

interface Deps {
  groups: ReadonlyMap<GroupId, LiveGroup>
  correspondence: Correspondence
  forks: ForkWatch
}

/** SPEC.md I4: whoever hears that something is done relies on it, so that is said only once the commit is known to those connected, and chosen. */
export class Settled {
  readonly #deps: Deps

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** Waits until the Welcome of that name can be given; false if the commit it came with lost, or may lose. */
  async granted(group: LiveGroup, grant: string): Promise<boolean> {
    const { store } = group.deps
    const isChosen = await this.#isChosen(group, grantedBy(store, group.groupId, grant))
    return isChosen && store.invitations.grant(group.groupId, grant) !== null
  }

  /** Waits until somebody who asked to leave can be told that they are out; false if they may be in, or this device be out itself. */
  async seenOff(group: LiveGroup, claim: LeaveRequest): Promise<boolean> {
    const isChosen = await this.#isChosen(group, claimedBy(group, claim))
    return isChosen && this.#deps.groups.get(group.groupId) === group && !isStillIn(group, claim)
  }

  async #isChosen({ groupId }: LiveGroup, objectId: ObjectId | null): Promise<boolean> {
    const { correspondence, forks } = this.#deps
    if (objectId !== null) await correspondence.everyoneHas(groupId, objectId)
    return !forks.isOpen(groupId)
  }
}
