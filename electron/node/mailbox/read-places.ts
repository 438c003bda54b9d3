import type { PeerId } from '../../../shared/domain/ids.ts'
import { dayOfTag } from '../../sync/mailbox/fetch-notes.ts'
import type { TagNote } from '../../sync/mailbox/fetch-notes.ts'

export type Place = Pick<TagNote, 'cursor' | 'mark' | 'seen'>

/** Up to where each tag of each mailbox was read in this run: further than what is noted on disk while something waits. */
export class ReadPlaces {
  readonly #places = new Map<PeerId, Map<string, Place>>()

  get(mailbox: PeerId, tag: string): Place | undefined {
    return this.#places.get(mailbox)?.get(tag)
  }

  set(mailbox: PeerId, tag: string, place: Place): void {
    const tags = this.#places.get(mailbox) ?? new Map<string, Place>()
    this.#places.set(mailbox, tags.set(tag, place))
  }

  /** What is of this tag is read from where it is noted. */
  forget(mailbox: PeerId, tag: string): void {
    this.#places.get(mailbox)?.delete(tag)
  }

  forgetAll(mailbox: PeerId): void {
    this.#places.delete(mailbox)
  }

  /** Nobody looks any more under tags of days before that one. */
  forgetBefore(day: number): void {
    for (const tags of this.#places.values()) for (const tag of tags.keys()) if (dayOfTag(tag) < day) tags.delete(tag)
  }

  get size(): number {
    return [...this.#places.values()].reduce((sum, tags) => sum + tags.size, 0)
  }
}
