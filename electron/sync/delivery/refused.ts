import type { Eid, ObjectId } from '../../../shared/domain/ids.ts'
import type { ObjectHead } from '../../ports/store.ts'

/**
 * Commits that the other end will not have where it is: who was removed and listens (SPEC.md T8) lacks all that follows from its removal,
 * and would be brought it with each comparison.
 */
export class Refused {
  #eid: Eid | null = null
  readonly #commits = new Set<ObjectId>()

  /** Elsewhere it may want them. */
  theyAreIn(eid: Eid): void {
    if (this.#eid !== eid) this.#commits.clear()
    this.#eid = eid
  }

  note({ objectId, kind }: ObjectHead): void {
    if (kind === 'commit') this.#commits.add(objectId)
  }

  holds(objectId: ObjectId): boolean {
    return this.#commits.has(objectId)
  }
}
