import type { ObjectId } from '../../../shared/domain/ids.ts'
import type { ObjectAck, WireObject } from '../../ports/wire.ts'
import { objectIdOf } from '../../sync/group/object-id.ts'

/** SECURITY.md, "undecryptable objects kept". */
const MOST = 256
const MOST_BYTES = 8 * 1024 * 1024

/** Where an object was found: in which mailbox, under which tag, behind which place, and the mark of that. */
export interface Found {
  mailbox: string
  tag: string
  cursor: number
  mark: Uint8Array | null
}

interface Entry {
  object: WireObject
  found: Found[]
}

/**
 * What mailboxes gave and cannot be taken yet, because what leads to it is still missing. Kept in memory only: the place in the mailbox that is
 * remembered on disk stays before it.
 */
export class Waiting {
  readonly #entries = new Map<ObjectId, Entry>()
  /** The first place of what was let go of for want of room, for each tag of a mailbox. */
  readonly #dropped = new Map<string, Found>()
  #bytes = 0

  add(object: WireObject, found: Found): void {
    const objectId = objectIdOf(object.bytes)
    const known = this.#entries.get(objectId)
    if (known !== undefined) {
      if (!known.found.some((each) => isSame(each, found))) known.found.push(found)
      return
    }
    this.#entries.set(objectId, { object, found: [found] })
    this.#bytes += object.bytes.length
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= MOST && this.#bytes <= MOST_BYTES) break
      this.#remove(oldest, entry)
      for (const each of entry.found) this.#drop(each)
    }
  }

  /** Offers all of it again, and again while anything is taken. */
  async offer(receive: (objects: readonly WireObject[]) => Promise<ObjectAck[]>): Promise<void> {
    for (let progress = true; progress && this.#entries.size > 0;) {
      const entries = [...this.#entries]
      const acks = await receive(entries.map(([, { object }]) => object))
      progress = false
      for (const [i, [objectId, entry]] of entries.entries()) {
        if (isOpen(acks[i])) continue
        this.#remove(objectId, entry)
        progress ||= acks[i] === 'stored'
      }
    }
  }

  /** Before which place to begin again after a restart; null where all behind it was taken. */
  firstIn(mailbox: string, tag: string): Pick<Found, 'cursor' | 'mark'> | null {
    const all = [...this.#dropped.values(), ...[...this.#entries.values()].flatMap(({ found }) => found)]
    const places = all.filter((each) => each.mailbox === mailbox && each.tag === tag)
    return places.toSorted((a, b) => a.cursor - b.cursor)[0] ?? null
  }

  /** Places of a mailbox to read again, because what lies there was let go of. */
  takeDropped(mailbox: string): Found[] {
    const dropped = [...this.#dropped].filter(([, found]) => found.mailbox === mailbox)
    for (const [name] of dropped) this.#dropped.delete(name)
    return dropped.map(([, found]) => found)
  }

  #drop(found: Found): void {
    const name = `${found.mailbox} ${found.tag}`
    const known = this.#dropped.get(name)
    if (known === undefined || found.cursor < known.cursor) this.#dropped.set(name, found)
  }

  /** Once: two may offer it at the same time. */
  #remove(objectId: ObjectId, { object }: Entry): void {
    if (this.#entries.delete(objectId)) this.#bytes -= object.bytes.length
  }
}

const isSame = (a: Found, b: Found): boolean => a.mailbox === b.mailbox && a.tag === b.tag

/** It may be taken another time. */
export const isOpen = (ack: ObjectAck | undefined): boolean => ack === undefined || ack === 'unknown-epoch' || ack === 'later'
