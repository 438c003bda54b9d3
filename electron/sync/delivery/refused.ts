import type { Eid, ObjectId } from '../../../shared/domain/ids.ts'
import type { ObjectHead } from '../../ports/store.ts'
import type { Frontier } from '../../ports/wire.ts'

/** As many epochs; of others they say once more that they do not know them. */
const MAX_UNREAD = 1_024

/**
 * What the other end will not have where it is. Commits: who was removed and listens (SPEC.md T8) lacks all that follows from its removal,
 * and would be brought it with each comparison. And epochs of which it said, where both ends are in one, that it does not know them: no
 * commit is on its way that leads there.
 */
export class Refused {
  #eid: Eid | null = null
  readonly #commits = new Set<ObjectId>()
  readonly #unread = new Set<Eid>()

  /** Elsewhere it may want them, and what it knows now it can read. */
  theyAreIn({ eid, known }: Pick<Frontier, 'eid' | 'known'>): void {
    if (this.#eid !== eid) {
      this.#commits.clear()
      this.#unread.clear()
    }
    this.#eid = eid
    for (const each of known) this.#unread.delete(each)
  }

  note({ objectId, kind }: ObjectHead): void {
    if (kind === 'commit') this.#commits.add(objectId)
  }

  /** Where it is, at the end of a comparison in which it lacked nothing that leads there. */
  noteUnread(epochs: Iterable<Eid>): void {
    for (const eid of epochs) if (this.#unread.size < MAX_UNREAD && eid !== this.#eid) this.#unread.add(eid)
  }

  holds(objectId: ObjectId): boolean {
    return this.#commits.has(objectId)
  }

  isUnread(eid: Eid): boolean {
    return this.#unread.has(eid)
  }
}
